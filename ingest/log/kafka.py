"""The log on Kafka: for several machines. Topics, groups and transactional ids begin with the settings' `name`.

Everything connects when it is first used. While the brokers are away, calls raise Unavailable after some seconds, and
work again once they are back; no call holds more than the batch it was given.
"""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime, timedelta

from kafka import KafkaConsumer
from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition

from ingest.errors import Unavailable
from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_clients import connected
from ingest.log.kafka_errors import require_reachable, told
from ingest.log.kafka_member import READING, KafkaMember, Membership, to_record
from ingest.log.kafka_topics import SCRATCH, TopicSettings, ensure_topics
from ingest.log.kafka_transactions import Transactions
from ingest.log.port import ARTICLES, Consumer, Message, Progress, Record, RecordTooLarge

_STEP_MS = 20  # a poll returns at once with records, but waits in vain where only markers are left
_AT_ONCE = 2000
_PEEK_SECONDS = 2.0
_COMMITTED_MS = 5000
_CHECK_SECONDS = 20.0


class KafkaLog:
    """Keeps `ingest.log.port.Log`. `max_record` is in bytes; topics are made with it and with `topics`.

    A consumer that is silent for `lease` loses its partitions to the others, and Kafka ends its open transaction.
    Transactions leave markers, which take an offset each: offsets have gaps, and a lag above zero counts them.
    """

    def __init__(
        self,
        address: KafkaAddress,
        name: str,
        topics: TopicSettings | None = None,
        max_record: int = 16 * 2**20,
        lease: timedelta = timedelta(seconds=15),
    ) -> None:
        self._address = address
        self._name = name
        self._topics = topics or TopicSettings()
        self._max_record = max_record
        self._lease = lease
        self._partitions: Mapping[str, int] = {}
        self._appends = self._transactions("append")
        self._mutex = threading.Lock()
        self._looker: KafkaConsumer | None = None  # kept, since connecting costs more than a question
        self._looking = threading.Lock()
        self._consumers: list[KafkaMember] = []

    def append(self, messages: Sequence[Message]) -> None:
        self._check_sizes(messages)
        if messages:
            with self._mutex, self._told():
                self._prepare()
                self._appends.write(messages, {}, None)

    def consumer(self, group: str, topic: str) -> Consumer:
        membership = Membership(
            group=f"{self._name}.{group}",
            topic=topic,
            kafka_topic=self._kafka_name(topic),
            lease=self._lease,
            client=self._address.client,
            prepare=self._prepare,
            check_sizes=self._check_sizes,
            told=self._told,
        )
        consumer = KafkaMember(membership, self._transactions(group))
        self._consumers = [*(one for one in self._consumers if not one.closed), consumer]
        return consumer

    def read(self, topic: str) -> Iterator[Record]:
        with self._told():
            bounds = self._bounds(topic)
            places = [TopicPartition(self._kafka_name(topic), partition) for partition in range(len(bounds))]
            with closing(self._client(None)) as consumer:
                consumer.assign(places)
                for place, (first, _) in zip(places, bounds, strict=True):
                    consumer.seek(place, first)
                yield from _read_until(consumer, topic, {p: end for p, (_, end) in zip(places, bounds, strict=True)})

    def progress(self, group: str, topic: str) -> list[Progress]:
        with self._told():
            bounds = self._bounds(topic)
            with closing(self._client(f"{self._name}.{group}")) as consumer:
                rows = []
                for partition, (first, end) in enumerate(bounds):
                    tp = TopicPartition(self._kafka_name(topic), partition)
                    committed = consumer.committed(tp, timeout_ms=_COMMITTED_MS)
                    rows.append(Progress(partition, first, first if committed is None else committed, end))
                return [self._past_markers(consumer, topic, row) for row in rows]

    def trim(self, topic: str, before: datetime) -> int:  # noqa: ARG002 - the port's
        """Kafka drops old records by itself, by the topics' retention."""
        return 0

    def check(self) -> str:
        group = f"check-{uuid.uuid4().hex}"
        value = group.encode()
        consumer = self.consumer(group, SCRATCH)
        with closing(consumer):
            self.append([Message(SCRATCH, group, value)])
            found = False
            while batch := consumer.poll(100, timeout=_CHECK_SECONDS if not found else 0):
                found = found or any(record.value == value for record in batch)
                consumer.commit(batch)
        with self._told(), closing(connected(KafkaAdminClient, **self._address.client())) as admin:
            admin.delete_groups([f"{self._name}.{group}"])
            [topic] = admin.describe_topics([self._kafka_name(ARTICLES)])
            brokers = len(admin.describe_cluster()["brokers"])
        if not found:
            raise Unavailable(f"Kafka at {self._address}: what was written did not come back; look at its own log")
        partitions = topic["partitions"]
        copies = min(len(partition["replica_nodes"]) for partition in partitions)
        return (
            f"Kafka log {self._name}.* at {self._address}: brokers {brokers}, partitions {len(partitions)},"
            f" copies of each record {copies}"
        )

    def close(self) -> None:
        consumers, self._consumers = self._consumers, []
        for consumer in consumers:
            consumer.close()
        with self._mutex:
            self._appends.close()
        with self._looking:
            looker, self._looker = self._looker, None
            if looker is not None:
                looker.close()

    def _kafka_name(self, topic: str) -> str:
        return f"{self._name}.{topic}"

    def _check_sizes(self, messages: Sequence[Message]) -> None:
        """Raises RecordTooLarge."""
        for message in messages:
            if (size := len(message.value)) > self._max_record:
                raise RecordTooLarge(
                    f"record {message.key} of {size} bytes for {message.topic} is larger than the log takes"
                    f" ({self._max_record} bytes)"
                )

    def _prepare(self) -> Mapping[str, int]:
        """The partitions of each topic, which are made where they are missing. Raises KafkaError."""
        if not self._partitions:
            require_reachable(self._address)  # tells what is wrong at once; kafka-python tries until time runs out
            self._partitions = ensure_topics(self._address, self._name, self._topics, self._max_record)
        return self._partitions

    def _transactions(self, purpose: str) -> Transactions:
        return Transactions(self._address, self._name, purpose, self._max_record, self._lease)

    def _client(self, group: str | None) -> KafkaConsumer:
        """For looking through partitions one after another: a broker must not hold a request at the end of one."""
        return connected(KafkaConsumer, **self._address.client(), group_id=group, fetch_max_wait_ms=_STEP_MS, **READING)

    def _bounds(self, topic: str) -> list[tuple[int, int]]:
        """The first offset kept and the next to be written, per partition; what is not committed yet counts."""
        places = [TopicPartition(self._kafka_name(topic), partition) for partition in range(self._prepare()[topic])]
        with self._looking:
            if self._looker is None:
                uncommitted = READING | {"isolation_level": "read_uncommitted"}
                self._looker = connected(KafkaConsumer, **self._address.client(), **uncommitted)
            first, end = self._looker.beginning_offsets(places), self._looker.end_offsets(places)
        return [(first[tp], end[tp]) for tp in places]

    def _past_markers(self, consumer: KafkaConsumer, topic: str, row: Progress) -> Progress:
        """The same row; where nothing but transaction markers is left to read, all of it counts as committed."""
        if not row.lag:
            return row
        tp = TopicPartition(self._kafka_name(topic), row.partition)
        consumer.assign([tp])
        consumer.seek(tp, max(row.committed, row.first))
        until = time.monotonic() + _PEEK_SECONDS
        while not consumer.poll(timeout_ms=_STEP_MS, max_records=1) and time.monotonic() < until:
            if consumer.position(tp) >= row.end:
                return replace(row, committed=row.end)
        return row

    def _told(self) -> AbstractContextManager[None]:
        return told(self._address)


def _read_until(consumer: KafkaConsumer, topic: str, ends: Mapping[TopicPartition, int]) -> Iterator[Record]:
    """The records before those offsets, of all partitions side by side. Transactions that are open are waited for."""
    left = set(ends)
    while left:
        for place in list(left):
            if (position := consumer.position(place)) is not None and position >= ends[place]:
                left.remove(place)
                consumer.pause(place)
        for place, found in consumer.poll(timeout_ms=_STEP_MS, max_records=_AT_ONCE).items() if left else ():
            end = ends[place]
            yield from [to_record(topic, record) for record in found if record.offset < end]
