"""Kafka transactions: some records, and how far a group is, written as one.

kafka-python's own calls wait for ever while the brokers are away; these end in time. After a failure the producer is
given up: the next one has the same transactional id, and Kafka settles what the first left open before it may begin.
"""

import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, UnknownError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata, TopicPartition

from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_clients import connected
from ingest.log.kafka_topics import ENVELOPE
from ingest.log.port import Message

_WAIT_SECONDS = 10.0
_ABORT_SECONDS = 3.0
_BATCH_BYTES = 1_000_000  # Kafka's own limit is 2**20. Behind a full batch, each record wakes kafka-python's sender
_RETRY_MS = (
    10  # a transaction that follows another at once is told to wait a few milliseconds (CONCURRENT_TRANSACTIONS)
)

Offsets = Mapping[TopicPartition, int]


class OutcomeUnknownError(KafkaError):  # type: ignore[misc]
    """The transaction was asked to commit, and the answer did not come. Begin anew, then look whether it did."""


class Transactions:
    """One transaction at a time. For one thread. Topics on Kafka begin with `name`.

    `max_record` is in bytes. Kafka ends a transaction whose producer is silent for `lease`; until then readers wait
    for it.
    """

    def __init__(self, address: KafkaAddress, name: str, purpose: str, max_record: int, lease: timedelta) -> None:
        self._address = address
        self._name = name
        self._identity = f"{name}.{purpose}-{uuid.uuid4().hex}"
        self._max_record = max_record
        self._lease = lease
        self._producer: _Producer | None = None

    def begin(self) -> None:
        """Connect, and let Kafka settle what an earlier producer of this identity left open. Raises KafkaError."""
        if self._producer:
            return
        producer = connected(
            _Producer,
            **self._address.client(),
            transactional_id=self._identity,
            transaction_timeout_ms=int(self._lease.total_seconds() * 1000),
            acks="all",
            enable_idempotence=True,
            compression_type="lz4",
            batch_size=min(_BATCH_BYTES, self._max_record),
            max_request_size=self._max_record + ENVELOPE,
            max_block_ms=_WAIT_SECONDS * 1000,
            delivery_timeout_ms=_WAIT_SECONDS * 1000,
            retry_backoff_ms=_RETRY_MS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        try:
            producer.init_transactions()
        except BaseException:
            producer.give_up()
            raise
        self._producer = producer

    def write(self, messages: Sequence[Message], offsets: Offsets, member: ConsumerGroupMetadata | None) -> None:
        """Append the messages, and commit the offsets for the member's group.

        Raises OutcomeUnknownError, and KafkaError when nothing was written.
        """
        self.begin()
        assert self._producer
        until = time.monotonic() + _WAIT_SECONDS
        try:
            self._producer.begin_transaction()
            asked = self._producer.ask_for_offsets(offsets, member) if member else None
            try:
                self._send(messages, until)
            finally:  # a refusal of the offsets makes the records fail as well, and is what to tell then
                if asked:
                    self._producer.wait_for(asked, until)
        except BaseException:
            self._abort()
            raise
        try:
            self._producer.commit_until(until)
        except BaseException as error:
            self.give_up()
            raise OutcomeUnknownError(f"no answer to the end of a transaction: {error}") from error

    def give_up(self) -> None:
        """Drop the producer with all it holds."""
        if self._producer:
            self._producer.give_up()
            self._producer = None

    def close(self) -> None:
        """End in good order."""
        if self._producer:
            self._producer.close(timeout=5)
            self._producer = None

    def _send(self, messages: Sequence[Message], until: float) -> None:
        assert self._producer
        send = self._producer.send
        sent = [send(f"{self._name}.{message.topic}", message.value, message.key.encode()) for message in messages]
        self._producer.flush_until(until)
        for record in sent:  # kafka-python would commit without those that it gave up for want of time
            if not record.succeeded():
                record.get(timeout=max(0.0, until - time.monotonic()))

    def _abort(self) -> None:
        """End the open transaction, so that readers need not wait for it to time out."""
        assert self._producer
        with suppress(Exception):  # what it was aborted for is what to tell
            self._producer.abort_until(time.monotonic() + _ABORT_SECONDS)
        self.give_up()  # where a broker refused a record, kafka-python's sequence numbers are out of order from then on


class _Producer(KafkaProducer):  # type: ignore[misc]
    """kafka-python's producer with deadlines. Times are those of `time.monotonic`."""

    def ask_for_offsets(self, offsets: Offsets, member: ConsumerGroupMetadata) -> Any:
        """Takes some milliseconds, in which records can be sent. Returns what `wait_for` waits for."""
        places = {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in offsets.items()}
        asked = self._transaction_manager.send_offsets_to_transaction(places, member)
        self._sender.wakeup()
        return asked

    def flush_until(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            with suppress(UnknownError):  # a batch that its topic does not take was split: wait for its parts
                self.flush(timeout=left)
                return
        raise KafkaTimeoutError("the brokers did not take the records in time")

    def commit_until(self, until: float) -> None:
        self.wait_for(self._transaction_manager.begin_commit(), until)

    def abort_until(self, until: float) -> None:
        self.wait_for(self._transaction_manager.begin_abort(), until)

    def give_up(self) -> None:
        self._sender.force_close()
        with suppress(KafkaError):
            self.close(timeout=1)

    def wait_for(self, asked: Any, until: float) -> None:
        self._sender.wakeup()
        if not asked.wait(timeout_ms=max(0.0, until - time.monotonic()) * 1000):
            raise KafkaTimeoutError("the transaction coordinator did not answer in time")
