"""Processes that append to and consume from the SQLite log are killed with SIGKILL at random points, again and again.

Each appender numbers its records and notes a number in its own file once `append` has returned. Each consumer copies
records to TAGGED in the transaction that commits them. Afterwards every noted number must be in the log, each record
must have been copied exactly once, and numbers must be without gaps.
"""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.log.port import ARTICLES, TAGGED, Message, Record
from ingest.log.sqlite import SqliteLog
from process.consumer import Outcome, drain

KILLS = 12

_APPEND = """
import os, sys
from pathlib import Path
from ingest.log.port import Message
from ingest.log.sqlite import SqliteLog
log, noted = SqliteLog(Path(sys.argv[1])), os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
number = int(sys.argv[3])
print("ready", flush=True)
while True:
    batch = range(number, number + 7)
    log.append([Message("articles", f"key-{n % 11}", b"%d" % n) for n in batch])
    os.write(noted, b"%d\\n" % batch[-1])
    number += 7
"""

_CONSUME = """
import sys
from pathlib import Path
from ingest.log.port import Message
from ingest.log.sqlite import SqliteLog
consumer = SqliteLog(Path(sys.argv[1])).consumer("tagger", "articles")
print("ready", flush=True)
while True:
    batch = consumer.poll(20, 1.0)
    consumer.commit(batch, [Message("tagged", record.key, record.value) for record in batch])
"""


def _start(*arguments: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _numbers(log: SqliteLog, topic: str) -> list[int]:
    return [int(record.value) for record in log.read(topic)]


class Copy:
    """What the consumer process does, as a stage."""

    name = "tagger"
    batch = 100

    def handle(self, records: Sequence[Record]) -> Outcome:
        return Outcome([Message(TAGGED, record.key, record.value) for record in records])


def test_nothing_is_lost_and_nothing_committed_twice_when_processes_are_killed(tmp_path: Path) -> None:
    path, noted = tmp_path / "log.sqlite", tmp_path / "noted"
    log = SqliteLog(path)
    for kill in range(KILLS):
        start = max(_numbers(log, ARTICLES), default=-1) + 1
        appender, consumer = _start(_APPEND, str(path), str(noted), str(start)), _start(_CONSUME, str(path))
        time.sleep(random.uniform(0.02, 0.25))
        _kill(appender if kill % 2 else consumer)
        time.sleep(random.uniform(0.0, 0.05))
        _kill(consumer if kill % 2 else appender)
    drain(log, Copy(), ARTICLES, threading.Event())
    written = _numbers(log, ARTICLES)
    assert max(map(int, noted.read_text().split())) > 100
    assert sorted(written) == list(range(len(written)))
    assert set(map(int, noted.read_text().split())) <= set(written)
    assert Counter(_numbers(log, TAGGED)) == Counter(written)
    log.close()
