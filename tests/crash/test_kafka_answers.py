"""A broker that stops for seconds, with requests in its hands: what was committed then is committed exactly once."""

import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from deploy.stack import kafka
from ingest.errors import Unavailable
from ingest.log.kafka import KafkaLog
from ingest.log.port import ARTICLES, TAGGED, Consumer, Message, PartitionsLost, Record
from process.consumer import drain
from tests.crash.kafka_at_work import numbered, open_log
from tests.crash.test_kafka_kill import Copy, numbers
from tests.servers import required

PAUSES = 3
PER_COMMIT = 20


def commit_with_patience(consumer: Consumer, batch: list[Record]) -> int:
    """Commit copies of the batch, again while the log asks to wait. Returns how often it had to be tried."""
    copies = [Message(TAGGED, record.key, record.value) for record in batch]
    tries = 0
    while True:
        tries += 1
        try:
            consumer.commit(batch, copies)
        except Unavailable as error:
            time.sleep(error.retry_after)
        except PartitionsLost:
            return tries
        else:
            return tries


def append_with_patience(log: KafkaLog, messages: list[Message]) -> None:
    """Append, again while the log asks to wait: a broker that has just started on a busy machine may refuse."""
    while True:
        try:
            return log.append(messages)
        except Unavailable as error:
            time.sleep(error.retry_after)


@pytest.mark.timeout(600)
def test_a_commit_whose_answer_is_lost_is_made_exactly_once(tmp_path: Path) -> None:
    server = required(lambda: kafka.start(tmp_path))
    try:
        log = open_log(server.url, "answers")
        append_with_patience(log, numbered(range(PER_COMMIT * 400)))
        consumer = log.consumer("tagger", ARTICLES)
        stop = threading.Event()
        tries: list[int] = []

        def work() -> None:
            while not stop.is_set():
                try:
                    batch = consumer.poll(PER_COMMIT, timeout=0.5)
                except Unavailable:
                    continue
                if batch:
                    tries.append(commit_with_patience(consumer, batch))

        worker = threading.Thread(target=work)
        worker.start()
        while not tries:
            time.sleep(0.05)
        for _ in range(PAUSES):
            time.sleep(random.uniform(0.3, 0.5))
            os.kill(server.pid, signal.SIGSTOP)
            time.sleep(11)
            os.kill(server.pid, signal.SIGCONT)
        stop.set()
        worker.join()
        consumer.close()
        drain(log, Copy(), ARTICLES, threading.Event())
        assert max(tries) > 1
        assert Counter(numbers(log, TAGGED)) == Counter(range(PER_COMMIT * 400))
        log.close()
    finally:
        os.kill(server.pid, signal.SIGCONT)
        kafka.stop(tmp_path)
