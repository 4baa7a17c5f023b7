"""The SQLite log's appends and reads against plain sqlite3 writing and reading the same rows on the same disk."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ingest.log.port import ARTICLES, Message
from ingest.log.sqlite import SqliteLog
from tests.bench.report import Row, compared, table

RECORDS = 40_000
BATCH = 1000
SIZE = 2000  # bytes of a record, about an article with its summary


def measure() -> list[Row]:
    """Appends, reads and the consuming of a group, in records per second."""
    messages = [Message(ARTICLES, f"{number:032x}", b"%2000d" % number) for number in range(RECORDS)]
    assert len(messages[0].value) == SIZE
    with tempfile.TemporaryDirectory() as folder:
        written, read = _plain(Path(folder) / "plain.sqlite", messages)
        log = SqliteLog(Path(folder) / "log.sqlite")
        with closing(log):
            appends = _rate(lambda: _append(log, messages))
            reads = _rate(lambda: list(log.read(ARTICLES)))
            consumed = _rate(lambda: _consume(log))
            delay = _delay(log)
    return [
        compared(f"log: appends in batches of {BATCH}", appends, "records/s", written),
        compared("log: reads", reads, "records/s", read),
        compared("log: polls and commits of 500", consumed, "records/s", read),
        Row("log: append, poll and commit of one record, median", delay * 1000, "ms"),
    ]


def _plain(path: Path, messages: list[Message]) -> tuple[float, float]:
    """The baseline: executemany of the same rows into one table with the same durability, and one SELECT."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, key TEXT, value BLOB, time INTEGER)")

        def write() -> None:
            for at in range(0, RECORDS, BATCH):
                connection.execute("BEGIN")
                rows = [(at + n, one.key, one.value, 0) for n, one in enumerate(messages[at : at + BATCH])]
                connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)
                connection.execute("COMMIT")

        return _rate(write), _rate(lambda: connection.execute("SELECT * FROM record ORDER BY id").fetchall())


def _append(log: SqliteLog, messages: list[Message]) -> None:
    for at in range(0, RECORDS, BATCH):
        log.append(messages[at : at + BATCH])


def _consume(log: SqliteLog) -> None:
    consumer = log.consumer("bench", ARTICLES)
    while batch := consumer.poll(500, timeout=0):
        consumer.commit(batch)


def _delay(log: SqliteLog) -> float:
    """Seconds that one record takes through the log, the median of twenty."""
    consumer = log.consumer("bench", ARTICLES)
    delays: list[float] = []
    for number in range(20):
        began = time.perf_counter()
        log.append([Message(ARTICLES, str(number), b"{}")])
        consumer.commit(consumer.poll(1, timeout=5))
        delays.append(time.perf_counter() - began)
    consumer.close()
    return sorted(delays)[len(delays) // 2]


def _rate(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return RECORDS / (time.perf_counter() - began)


if __name__ == "__main__":
    print(table(measure()))
