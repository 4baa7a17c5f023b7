"""Processes that append to and consume from Kafka are killed with SIGKILL at random points, again and again.

Afterwards every number that was noted as appended must be in the log, each record must have been copied exactly once,
and no transaction may be there by halves.
"""

import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.log.port import ARTICLES, TAGGED, Log, Message, Record
from process.consumer import Outcome, drain
from tests.crash.kafka_at_work import STEP, open_log
from tests.servers import kafka_url

__all__ = ["kafka_url"]

KILLS = 20


class Copy:
    """What the consumer process does, as a stage."""

    name = "tagger"
    batch = 100

    def handle(self, records: Sequence[Record]) -> Outcome:
        return Outcome([Message(TAGGED, record.key, record.value) for record in records])


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.crash.kafka_at_work", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wait_for_work(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def numbers(log: Log, topic: str) -> list[int]:
    return [int(record.value) for record in log.read(topic)]


def test_kafka_loses_nothing_and_copies_nothing_twice_when_processes_are_killed(kafka_url: str, tmp_path: Path) -> None:
    name, noted = f"kill-{uuid.uuid4().hex}", tmp_path / "noted"
    log = open_log(kafka_url, name)
    first = 0
    consumer = start("consume", kafka_url, name)
    for turn in range(KILLS // 2):
        appender = start("append", kafka_url, name, str(noted), str(first))
        wait_for_work(appender)
        if turn:
            wait_for_work(consumer)
        time.sleep(random.uniform(0.0, 0.3))
        kill(consumer)
        consumer = start("consume", kafka_url, name)
        time.sleep(random.uniform(0.0, 0.3))
        kill(appender)
        first += 100_000 * STEP
    kill(consumer)
    drain(log, Copy(), ARTICLES, threading.Event())
    written = numbers(log, ARTICLES)
    assert set(map(int, noted.read_text().split())) <= set(written)
    assert max(Counter(written).values()) == 1
    assert {number // STEP for number in written} == {number // STEP for number in written if number % STEP == STEP - 1}
    assert len(written) % STEP == 0
    assert Counter(numbers(log, TAGGED)) == Counter(written)
    log.close()
