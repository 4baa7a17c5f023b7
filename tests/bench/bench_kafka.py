"""The Kafka log against bare kafka-python that does the same, with the same settings, on one broker of this machine."""

import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata, TopicPartition

from deploy.stack import kafka
from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import ARTICLES, TAGGED, Message
from tests.bench.report import Row, compared, table

RECORDS = 20_000
BATCH = 500
SIZE = 2000  # bytes of a record, about an article with its summary
ROUNDS = 4

Work = Callable[[], object]


def measure() -> list[Row]:
    """Appends, reads, and consuming with transactions that produce as many, in records per second: the best of four."""
    with tempfile.TemporaryDirectory() as folder:
        address = KafkaAddress.parse(kafka.start(Path(folder)).url)
        try:
            return _measure(address)
        finally:
            kafka.stop(Path(folder))


def _measure(address: KafkaAddress) -> list[Row]:
    best: dict[str, tuple[float, float]] = {}
    for turn in range(ROUNDS):
        name = f"bench-{uuid.uuid4().hex}"
        with closing(KafkaLog(address, name)) as log, closing(_Bare(address, name)) as bare:
            log.append([Message(ARTICLES, "first", b"")])  # makes the topics
            log.progress("bench", ARTICLES)  # makes the connection that the log keeps
            bare.append(_messages()[:1])
            pairs: dict[str, tuple[Work, Work]] = {
                f"appends in batches of {BATCH}": (lambda: _append(log), lambda: bare.append_all(_messages())),
                "reads": (lambda: list(log.read(ARTICLES)), lambda: bare.read()),
                "polls, commits and as many produced": (lambda: _copy(log), lambda: bare.copy()),
            }
            for what, (ours, theirs) in pairs.items():
                first, second = (theirs, ours) if turn % 2 else (ours, theirs)  # the second finds a warmer broker
                rates = (_rate(first), _rate(second))[:: -1 if turn % 2 else 1]
                before = best.get(what, (0.0, 0.0))
                best[what] = max(before[0], rates[0]), max(before[1], rates[1])
    return [compared(f"Kafka log: {what}", ours, "records/s", bare) for what, (ours, bare) in best.items()]


def _messages() -> list[Message]:
    return [Message(ARTICLES, f"{number:032x}", b"%2000d" % number) for number in range(RECORDS)]


def _append(log: KafkaLog) -> None:
    messages = _messages()
    for at in range(0, RECORDS, BATCH):
        log.append(messages[at : at + BATCH])


def _copy(log: KafkaLog) -> None:
    consumer = log.consumer("tagger", ARTICLES)
    left = RECORDS
    while left > 0:
        batch = consumer.poll(BATCH, timeout=1)
        consumer.commit(batch, [Message(TAGGED, record.key, record.value) for record in batch])
        left -= len(batch)
    consumer.close()


class _Bare:
    """kafka-python as its documentation shows it: transactional, read_committed, lz4."""

    def __init__(self, address: KafkaAddress, name: str) -> None:
        self._servers = address.client()["bootstrap_servers"]
        self._name = name
        self._producer = self._transactional()

    def append(self, messages: list[Message]) -> None:
        self._producer.begin_transaction()
        for message in messages:
            self._producer.send(f"{self._name}.{message.topic}", message.value, message.key.encode())
        self._producer.commit_transaction()

    def append_all(self, messages: list[Message]) -> None:
        for at in range(0, len(messages), BATCH):
            self.append(messages[at : at + BATCH])

    def read(self) -> list[Any]:
        consumer = self._consumer(None)
        places = [TopicPartition(f"{self._name}.{ARTICLES}", partition) for partition in range(4)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[Any] = []
        while any(consumer.position(tp) < ends[tp] for tp in places):
            for records in consumer.poll(timeout_ms=20).values():
                found += records
        consumer.close()
        return found

    def copy(self) -> None:
        consumer = self._consumer(f"{self._name}.bare")
        consumer.subscribe([f"{self._name}.{ARTICLES}"])
        producer = self._transactional()
        left = RECORDS
        while left > 0:
            for tp, records in consumer.poll(timeout_ms=1000, max_records=BATCH).items():
                producer.begin_transaction()
                for record in records:
                    producer.send(f"{self._name}.{TAGGED}", record.value, record.key)
                place = {tp: OffsetAndMetadata(records[-1].offset + 1, "", -1)}
                producer.send_offsets_to_transaction(place, consumer.group_metadata())
                producer.commit_transaction()
                left -= len(records)
        consumer.close()
        producer.close()

    def close(self) -> None:
        self._producer.close()

    def _transactional(self) -> KafkaProducer:
        producer = KafkaProducer(
            bootstrap_servers=self._servers,
            transactional_id=uuid.uuid4().hex,
            acks="all",
            compression_type="lz4",
            batch_size=1_000_000,
            retry_backoff_ms=10,
            metrics_enabled=False,
        )
        producer.init_transactions()
        return producer

    def _consumer(self, group: str | None) -> KafkaConsumer:
        return KafkaConsumer(
            bootstrap_servers=self._servers,
            group_id=group,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_bytes=2**24,
            max_partition_fetch_bytes=2**22,
            metrics_enabled=False,
        )


def _rate(work: Work) -> float:
    began = time.perf_counter()
    work()
    return RECORDS / (time.perf_counter() - began)


if __name__ == "__main__":
    print(table(measure()))
