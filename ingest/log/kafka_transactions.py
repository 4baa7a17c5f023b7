"""Kafka transactions: some records, and how far a group is, written as one.

kafka-python's own calls wait for ever while the brokers are away; these end in time. After a failure the producer is
given up: the next one has the same transactional id, and Kafka settles what the first left open before it may begin.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata, TopicPartition

from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_clients import connected
from ingest.log.port import Message

_WAIT_SECONDS = 10.0
_ABORT_SECONDS = 3.0
_BATCH_BYTES = 2**18
_LINGER_MS = 500  # nothing waits so long: all that is written together is sent together, at the flush
_RETRY_MS = (
    10  # a transaction that follows another at once is told to wait a few milliseconds (CONCURRENT_TRANSACTIONS)
)

Offsets = Mapping[TopicPartition, int]


class OutcomeUnknownError(KafkaError):  # type: ignore[misc]
    """The transaction was asked to commit, and the answer did not come. Begin anew, then look whether it did."""


class Transactions:
    """One transaction at a time. For one thread. `max_request` is in bytes, the largest record with what is around it.

    Kafka ends a transaction whose producer is silent for `lease`; until then readers wait for it.
    """

    def __init__(self, address: KafkaAddress, identity: str, max_request: int, lease: timedelta) -> None:
        self._address = address
        self._identity = identity
        self._max_request = max_request
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
            batch_size=_BATCH_BYTES,
            linger_ms=_LINGER_MS,
            max_request_size=self._max_request,
            max_block_ms=_WAIT_SECONDS * 1000,
            delivery_timeout_ms=_WAIT_SECONDS * 1000 + _LINGER_MS,
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
        """Append the messages, whose topics are Kafka's, and commit the offsets for the member's group.

        Raises OutcomeUnknownError, and KafkaError when nothing was written.
        """
        self.begin()
        assert self._producer
        until = time.monotonic() + _WAIT_SECONDS
        try:
            self._producer.begin_transaction()
            sent = [self._producer.send(message.topic, message.value, message.key.encode()) for message in messages]
            if member:
                self._producer.add_offsets(offsets, member, until)
            self._producer.flush(timeout=max(0.0, until - time.monotonic()))
            for record in sent:  # kafka-python would commit without those that it gave up for want of time
                if not record.succeeded():
                    record.get(timeout=max(0.0, until - time.monotonic()))
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

    def _abort(self) -> None:
        """End the open transaction, so that readers need not wait for it to time out."""
        assert self._producer
        with suppress(Exception):  # what it was aborted for is what to tell
            self._producer.abort_until(time.monotonic() + _ABORT_SECONDS)
        self.give_up()  # where a broker refused a record, kafka-python's sequence numbers are out of order from then on


class _Producer(KafkaProducer):  # type: ignore[misc]
    """kafka-python's producer with deadlines. Times are those of `time.monotonic`."""

    def add_offsets(self, offsets: Offsets, member: ConsumerGroupMetadata, until: float) -> None:
        places = {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in offsets.items()}
        self._await(self._transaction_manager.send_offsets_to_transaction(places, member), until)

    def commit_until(self, until: float) -> None:
        self._await(self._transaction_manager.begin_commit(), until)

    def abort_until(self, until: float) -> None:
        self._await(self._transaction_manager.begin_abort(), until)

    def give_up(self) -> None:
        self._sender.force_close()
        with suppress(KafkaError):
            self.close(timeout=1)

    def _await(self, result: Any, until: float) -> None:
        self._sender.wakeup()
        if not result.wait(timeout_ms=max(0.0, until - time.monotonic()) * 1000):
            raise KafkaTimeoutError("the transaction coordinator did not answer in time")
