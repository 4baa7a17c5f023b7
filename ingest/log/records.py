"""The tables of the SQLite log, and how records are laid out in them.

A record's row id is its place: topic, partition and offset packed into one integer, so that a partition is one run of
the table in order and reading it needs no index.
"""

import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from ingest.log.port import TOPICS, Message, Record

SCRATCH = "check"
"""The topic on which `check` tries the log out."""

MAX_PARTITIONS = 256

_NUMBERS = {name: number for number, name in enumerate((SCRATCH, *TOPICS))}
_OFFSET_BITS = 40
_READ_BYTES = 32 * 2**20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

SCHEMA = (
    """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE record (id INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL, time INTEGER NOT NULL);
    CREATE TABLE partition (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, "end" INTEGER NOT NULL);
    CREATE TABLE committed (
        "group" TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
        PRIMARY KEY ("group", topic, partition)
    ) WITHOUT ROWID;
    CREATE TABLE member (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, "group" TEXT NOT NULL, topic TEXT NOT NULL,
        process TEXT NOT NULL, expires REAL NOT NULL
    );
    CREATE TABLE lease (
        "group" TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, member TEXT NOT NULL,
        PRIMARY KEY ("group", topic, partition)
    ) WITHOUT ROWID
    """,
)


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, the same for ever and in every process."""
    return zlib.crc32(key.encode()) % partitions


def partition_id(topic: str, partition: int) -> int:
    """The partition's row in `partition`."""
    return _NUMBERS[topic] * MAX_PARTITIONS + partition


def record_id(topic: str, partition: int, offset: int) -> int:
    """The record's row in `record`."""
    return (partition_id(topic, partition) << _OFFSET_BITS) + offset


def microseconds(time: datetime) -> int:
    """A time as the tables keep it."""
    return (time - _EPOCH) // _MICROSECOND


def insert(connection: sqlite3.Connection, messages: Iterable[Message], partitions: int, now: datetime) -> None:
    """Append the messages, in a transaction that the caller has begun."""
    places: dict[tuple[str, int], list[Message]] = defaultdict(list)
    for message in messages:
        places[message.topic, partition_of(message.key, partitions)].append(message)
    time = microseconds(now)
    for (topic, partition), group in places.items():
        rows = connection.execute(
            'INSERT INTO partition VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET "end" = "end" + excluded."end"'
            ' RETURNING "end"',
            (partition_id(topic, partition), len(group)),
        ).fetchall()
        start = record_id(topic, partition, rows[0][0] - len(group))
        connection.executemany(
            "INSERT INTO record VALUES (?, ?, ?, ?)",
            [(start + index, message.key, message.value, time) for index, message in enumerate(group)],
        )


def bounds(connection: sqlite3.Connection, topic: str, partitions: int) -> list[tuple[int, int]]:
    """(first, end) of every partition of the topic, in order."""
    low, high = partition_id(topic, 0), partition_id(topic, partitions)
    rows = connection.execute('SELECT id, first, "end" FROM partition WHERE id >= ? AND id < ?', (low, high))
    found = {number - low: (first, end) for number, first, end in rows}
    return [found.get(partition, (0, 0)) for partition in range(partitions)]


def fetch(connection: sqlite3.Connection, topic: str, partition: int, start: int, limit: int) -> list[Record]:
    """Up to `limit` records from offset `start` on; fewer when they are large, so that a batch fits into memory."""
    base = record_id(topic, partition, 0)
    cursor = connection.execute(
        "SELECT id, key, value, time FROM record WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
        (base + start, base + (1 << _OFFSET_BITS), limit),
    )
    records: list[Record] = []
    size = 0
    for number, key, value, time in cursor:
        records.append(Record(topic, partition, number - base, key, value, _EPOCH + timedelta(microseconds=time)))
        size += len(value)
        if size >= _READ_BYTES:
            break
    cursor.close()
    return records


def committed(connection: sqlite3.Connection, group: str, topic: str) -> dict[int, int]:
    """The committed offset of every partition on which the group ever committed."""
    rows = connection.execute(
        'SELECT partition, "offset" FROM committed WHERE "group" = ? AND topic = ?', (group, topic)
    )
    return dict(rows.fetchall())


def commit(connection: sqlite3.Connection, group: str, topic: str, offsets: dict[int, int]) -> None:
    """Move the group to these offsets, in a transaction that the caller has begun."""
    connection.executemany(
        "INSERT INTO committed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset",
        [(group, topic, partition, offset) for partition, offset in offsets.items()],
    )


def passed_by_all(connection: sqlite3.Connection, topic: str, partition: int) -> int | None:
    """The offset that every group which ever committed on the topic has reached here; None when there is no group."""
    rows = connection.execute(
        'SELECT min(coalesce((SELECT "offset" FROM committed AS here WHERE here."group" = any."group"'
        " AND here.topic = any.topic AND here.partition = ?), 0)) FROM committed AS any WHERE topic = ?",
        (partition, topic),
    ).fetchall()
    reached: int | None = rows[0][0]
    return reached


def drop(connection: sqlite3.Connection, topic: str, partition: int, until: int) -> int:
    """Delete the records before that offset, in a transaction that the caller has begun. Returns how many."""
    start = record_id(topic, partition, 0)
    deleted = connection.execute("DELETE FROM record WHERE id >= ? AND id < ?", (start, start + until)).rowcount
    connection.execute(
        "UPDATE partition SET first = max(first, ?) WHERE id = ?", (until, partition_id(topic, partition))
    )
    return deleted
