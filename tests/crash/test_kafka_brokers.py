"""Brokers go away and come back: the log waits, loses nothing, and works again by itself."""

import gc
import logging
import os
import signal
import threading
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from deploy.stack import kafka, server
from ingest.errors import Unavailable
from ingest.log.port import ARTICLES, TAGGED, Consumer, Log, Message, PartitionsLost
from process.consumer import consume, drain
from tests.crash.kafka_at_work import STEP, numbered, open_log
from tests.crash.test_kafka_kill import Copy, numbers
from tests.servers import required

APPENDS_IN_VAIN = 4


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where a test's own brokers live; they are stopped when it ends."""
    yield tmp_path
    kafka.stop(tmp_path)


def append_for_ever(log: Log, noted: list[int], stop: threading.Event) -> None:
    """Append numbered records, again where the log asked to wait."""
    while not stop.is_set():
        try:
            log.append(numbered(range(len(noted) * STEP, (len(noted) + 1) * STEP)))
            noted.append(len(noted))
        except Unavailable as error:
            stop.wait(error.retry_after)


def kill_broker(home: Path) -> None:
    running = server.running(home)
    assert running
    os.kill(running.pid, signal.SIGKILL)
    while server.running(home):
        time.sleep(0.05)


def poll_for_ever(consumer: Consumer) -> None:
    while True:
        consumer.poll(100, timeout=0.5)


def grows(noted: list[int], by: int, seconds: float = 60) -> bool:
    until, from_ = time.monotonic() + seconds, len(noted)
    while len(noted) < from_ + by and time.monotonic() < until:
        time.sleep(0.05)
    return len(noted) >= from_ + by


@contextmanager
def objects_counted() -> Iterator[Callable[[], float]]:
    """Gives the size in MB of what was made within and is still held; what the allocator keeps for later is not."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0] / 2**20
    finally:
        tracemalloc.stop()


def test_any_broker_of_three_may_be_killed_and_come_back_while_work_goes_on(folder: Path) -> None:
    url = required(lambda: kafka.start(folder, brokers=3)).url
    log = open_log(url, "three", replication=3)
    noted: list[int] = []
    stop = threading.Event()
    work = [
        threading.Thread(target=append_for_ever, args=(log, noted, stop)),
        threading.Thread(target=consume, args=(log, Copy(), ARTICLES, stop)),
    ]
    for thread in work:
        thread.start()
    try:
        for number in (1, 2, 3):
            assert grows(noted, 5)
            kill_broker(folder / f"broker-{number}")
            assert grows(noted, 20), f"nothing was appended without broker {number}"
            back = kafka.start_broker(folder / f"broker-{number}")
            server.wait_until(lambda: kafka.answering(url) == 3, folder / f"broker-{number}", back.pid)
    finally:
        stop.set()
        for thread in work:
            thread.join()
    drain(log, Copy(), ARTICLES, threading.Event())
    written = numbers(log, ARTICLES)
    assert set(written) >= set(range(len(noted) * STEP))
    assert Counter(numbers(log, TAGGED)) == Counter(written)
    log.close()


# pytest keeps a warning with the frames it came from, and those would hold what was appended in vain
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_without_any_broker_the_log_says_so_soon_and_works_again_by_itself(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "kafka")  # its lines would keep what they are about in memory
    url = required(lambda: kafka.start(folder)).url
    log = open_log(url, "alone")
    consumer = log.consumer("tagger", ARTICLES)
    log.append(numbered(range(STEP)))
    batch = consumer.poll(100, timeout=5)
    assert len(batch) == STEP
    kafka.stop(folder)
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"cannot be reached: .* does not answer") as caught:
        log.append(numbered(range(STEP, 2 * STEP)))
    assert time.monotonic() - began < 30
    assert 0 < caught.value.retry_after <= 30
    with pytest.raises(Unavailable):
        consumer.commit(batch)
    with pytest.raises(Unavailable):
        poll_for_ever(consumer)
    with pytest.raises(Unavailable):
        log.progress("tagger", ARTICLES)
    threads = threading.active_count()
    with objects_counted() as held:
        for _ in range(APPENDS_IN_VAIN):
            with pytest.raises(Unavailable):
                log.append([Message(ARTICLES, "large", b"x" * 2**19) for _ in range(40)])
        gc.collect()  # clients that were given up are rings of objects
        assert held() < 10, "what could not be appended is kept in memory"
    assert threading.active_count() <= threads, "clients that could not connect have left threads behind"
    kafka.start(folder)
    log.append(numbered(range(STEP, 2 * STEP)))
    committed: list[int] = []
    until = time.monotonic() + 60
    while len(committed) < 2 * STEP and time.monotonic() < until:
        # A broker that is back may have put the member out before it hears from it: then the batch comes again.
        with suppress(PartitionsLost):
            consumer.commit(batch)
            committed += [int(record.value) for record in batch]
        batch = consumer.poll(100, timeout=0.5)
    assert sorted(committed) == list(range(2 * STEP))
    assert sum(row.lag for row in log.progress("tagger", ARTICLES)) == 0
    log.close()
