"""The log in one SQLite file: for one machine, several processes and threads, no server."""

import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from ingest.clock import Clock, utc_now
from ingest.database import connect, naming, transaction
from ingest.errors import Unavailable, WirewatchError
from ingest.log import records
from ingest.log.member import Shared, SqliteConsumer
from ingest.log.port import Consumer, Message, Progress, Record, RecordTooLarge

_READ_AHEAD = 500
_TRIM_AT_ONCE = 2000
_PAGE_SIZE = 16384  # bytes; articles are some kilobytes, and appends were measured twice as fast as with 4096


class SqliteLog:
    """Keeps `ingest.log.port.Log`. The folder must be on a local disk: WAL does not work over network file systems.

    `partitions` counts when the file is made; afterwards the file's own number holds. `max_record` is in bytes. A
    consumer that is silent for `lease` loses its partitions to the others.
    """

    def __init__(
        self,
        path: Path,
        partitions: int = 4,
        max_record: int = 16 * 2**20,
        lease: timedelta = timedelta(seconds=30),
        clock: Clock = utc_now,
    ) -> None:
        if not 1 <= partitions <= records.MAX_PARTITIONS:
            raise WirewatchError(f"the log cannot have {partitions} partitions; choose 1 to {records.MAX_PARTITIONS}")
        self._path = path
        self._max_record = max_record
        self._clock = clock
        self._writers = threading.RLock()
        self._connection = self._connect()
        try:
            self._partitions = self._settle_partitions(partitions)
        except BaseException:
            self._connection.close()
            raise
        self._shared = Shared(
            path, self._partitions, lease, clock, self._writing, self._insert, appended=threading.Condition()
        )
        self._consumers: list[SqliteConsumer] = []

    def append(self, messages: Sequence[Message]) -> None:
        with self._writing(self._connection):
            self._insert(self._connection, messages)
        with self._shared.appended:
            self._shared.appended.notify_all()

    def consumer(self, group: str, topic: str) -> Consumer:
        consumer = SqliteConsumer(self._shared, self._connect(), group, topic)
        with self._writers:
            self._consumers = [*(one for one in self._consumers if not one.closed), consumer]
        return consumer

    def read(self, topic: str) -> Iterator[Record]:
        connection = self._connect()
        try:
            with naming(self._path):
                kept = records.bounds(connection, topic, self._partitions)
            for partition, (start, end) in enumerate(kept):
                yield from self._read_partition(connection, topic, partition, start, end)
        finally:
            connection.close()

    def progress(self, group: str, topic: str) -> list[Progress]:
        with self._reading():
            kept = records.bounds(self._connection, topic, self._partitions)
            committed = records.committed(self._connection, group, topic)
        return [
            Progress(partition, first, committed.get(partition, first), end)
            for partition, (first, end) in enumerate(kept)
        ]

    def trim(self, topic: str, before: datetime) -> int:
        dropped = 0
        for partition in range(self._partitions):
            while some := self._trim_some(topic, partition, before):
                dropped += some
        return dropped

    def check(self) -> str:
        group = f"check {uuid.uuid4().hex}"
        value = group.encode()
        consumer = self.consumer(group, records.SCRATCH)
        try:
            self.append([Message(records.SCRATCH, group, value)])
            found = False
            while batch := consumer.poll(100, timeout=0):
                found = found or any(record.value == value for record in batch)
                consumer.commit(batch)
        finally:
            consumer.close()
            self._forget_check(group)
        if not found:
            raise Unavailable(f"{self._path}: what was written to the log did not come back; check the disk")
        with self._reading():
            [(kept,)] = self._connection.execute('SELECT coalesce(sum("end" - first), 0) FROM partition').fetchall()
        size = self._path.stat().st_size / 2**20
        return f"SQLite log {self._path}: {self._partitions} partitions, {kept} records, {size:.1f} MB"

    def close(self) -> None:
        with self._writers:
            consumers, self._consumers = self._consumers, []
        for consumer in consumers:
            consumer.close()
        with self._writers:
            self._connection.close()

    def _connect(self) -> sqlite3.Connection:
        return connect(self._path, records.SCHEMA, _PAGE_SIZE)

    @contextmanager
    def _writing(self, connection: sqlite3.Connection) -> Iterator[None]:
        """A write transaction. This process's threads queue here, which is fairer than SQLite's busy timeout."""
        with self._writers, naming(self._path), transaction(connection):
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One consistent view through the log's own connection."""
        with self._writers, naming(self._path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def _insert(self, connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
        for message in messages:
            if (size := len(message.value)) > self._max_record:
                raise RecordTooLarge(
                    f"record {message.key} of {size} bytes for {message.topic} is larger than the log takes"
                    f" ({self._max_record} bytes)"
                )
        records.insert(connection, messages, self._partitions, self._clock())

    def _read_partition(
        self, connection: sqlite3.Connection, topic: str, partition: int, start: int, end: int
    ) -> Iterator[Record]:
        while start < end:
            with naming(self._path):
                some = records.fetch(connection, topic, partition, start, min(_READ_AHEAD, end - start))
            if not some or some[-1].offset >= end:  # trimmed meanwhile
                yield from (record for record in some if record.offset < end)
                return
            yield from some
            start = some[-1].offset + 1

    def _trim_some(self, topic: str, partition: int, before: datetime) -> int:
        """Drop at most `_TRIM_AT_ONCE` records, so that appends need not wait long."""
        with self._writing(self._connection):
            first, end = records.bounds(self._connection, topic, self._partitions)[partition]
            reached = records.passed_by_all(self._connection, topic, partition)
            until = min(first + _TRIM_AT_ONCE, end if reached is None else reached)
            rows = self._connection.execute(
                "SELECT min(id) FROM record WHERE id >= ? AND id < ? AND time >= ?",
                (
                    records.record_id(topic, partition, first),
                    records.record_id(topic, partition, until),
                    records.microseconds(before),
                ),
            ).fetchall()
            if rows[0][0] is not None:
                until = rows[0][0] - records.record_id(topic, partition, 0)
            return records.drop(self._connection, topic, partition, until) if until > first else 0

    def _forget_check(self, group: str) -> None:
        with self._writing(self._connection):
            self._connection.execute('DELETE FROM committed WHERE "group" = ?', (group,))
        self.trim(records.SCRATCH, self._clock() - timedelta(minutes=1))

    def _settle_partitions(self, wanted: int) -> int:
        with self._writing(self._connection):
            self._connection.execute("INSERT OR IGNORE INTO setting VALUES ('partitions', ?)", (wanted,))
            rows = self._connection.execute("SELECT value FROM setting WHERE name = 'partitions'").fetchall()
        return int(rows[0][0])
