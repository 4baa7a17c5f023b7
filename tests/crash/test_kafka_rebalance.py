"""Members come and go while records flow: each record is copied exactly once, whoever has its partition."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import closing

from kafka.admin import KafkaAdminClient, MemberToRemove

from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import ARTICLES, DEAD, TAGGED, Consumer, Message, PartitionsLost, Record
from process.consumer import Outcome, consume, drain
from process.deadletter import read_dead
from tests.crash.kafka_at_work import STEP, numbered, open_log
from tests.crash.test_kafka_kill import Copy, numbers
from tests.servers import kafka_url

__all__ = ["kafka_url"]

SECONDS = 60.0
PAUSE = 0.02  # between two appends, so that records come steadily and the machine has time for others


def test_a_rebalance_every_few_seconds_for_a_minute_loses_and_repeats_nothing(kafka_url: str) -> None:
    log = open_log(kafka_url, f"rebalance-{uuid.uuid4().hex}")
    steady, stop = threading.Event(), threading.Event()
    threads = [threading.Thread(target=consume, args=(log, Copy(), ARTICLES, steady))]

    def come_and_go() -> None:
        while not stop.is_set():
            leave = threading.Event()
            guest = threading.Thread(target=consume, args=(log, Copy(), ARTICLES, leave))
            guest.start()
            time.sleep(2)
            leave.set()
            guest.join()
            time.sleep(1)

    threads.append(threading.Thread(target=come_and_go))
    for thread in threads:
        thread.start()
    appended = 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        log.append(numbered(range(appended, appended + STEP)))
        appended += STEP
        time.sleep(PAUSE)
    stop.set()
    threads[1].join()
    steady.set()
    threads[0].join()
    drain(log, Copy(), ARTICLES, threading.Event())
    assert appended > 500
    assert Counter(numbers(log, TAGGED)) == Counter(range(appended))
    log.close()


def test_a_partition_that_moves_in_the_middle_of_a_batch_is_not_committed_by_the_one_who_lost_it(
    kafka_url: str,
) -> None:
    log = open_log(kafka_url, f"moves-{uuid.uuid4().hex}")
    log.append(numbered(range(100)))
    slow, quick = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    batch = poll_until(slow, 100)
    taken: list[Record] = []
    done = threading.Event()

    def work(consumer: Consumer) -> None:
        while not done.is_set():
            taken.extend(take(consumer))

    threads = [threading.Thread(target=work, args=(consumer,)) for consumer in (quick, slow)]
    threads[0].start()
    lost = keep_alive_until_lost(slow)
    threads[1].start()
    until = time.monotonic() + 20
    while len(taken) < len(batch) and time.monotonic() < until:
        time.sleep(0.05)
    done.set()
    for thread in threads:
        thread.join()
    assert lost
    assert sorted(record.value for record in taken) == sorted(record.value for record in batch)
    assert sum(row.lag for row in log.progress("tagger", ARTICLES)) == 0
    log.close()


def test_a_member_that_keeps_alive_stays_in_its_group_longer_than_its_lease(kafka_url: str) -> None:
    log = open_log(kafka_url, f"alive-{uuid.uuid4().hex}")
    log.append(numbered(range(50)))
    consumer = log.consumer("tagger", ARTICLES)
    batch = poll_until(consumer, 50)
    for _ in range(4):
        time.sleep(1)
        consumer.keep_alive()
    consumer.commit(batch, [Message(TAGGED, record.key, record.value) for record in batch])
    assert sorted(numbers(log, TAGGED)) == list(range(50))
    log.close()


class Poisoned(Copy):
    """Copies, and fails at every record whose number ends in 13."""

    def handle(self, records: Sequence[Record]) -> Outcome:
        if any(record.value.endswith(b"13") for record in records):
            raise ValueError("poison")
        return super().handle(records)


def test_a_poison_record_goes_to_the_dead_letters_and_the_others_go_on(kafka_url: str) -> None:
    log = open_log(kafka_url, f"poison-{uuid.uuid4().hex}")
    log.append(numbered(range(300)))
    drain(log, Poisoned(), ARTICLES, threading.Event())
    letters = [letter for _, letter in read_dead(log)]
    assert sorted(letter.value or b"" for letter in letters) == [b"113", b"13", b"213"]
    assert {letter.error for letter in letters} == {"ValueError: poison"}
    assert sorted(numbers(log, TAGGED)) == sorted(set(range(300)) - {13, 113, 213})
    assert len(list(log.read(DEAD))) == 3
    log.close()


def poll_until(consumer: Consumer, count: int) -> list[Record]:
    found: list[Record] = []
    until = time.monotonic() + 20
    while len(found) < count and time.monotonic() < until:
        found += consumer.poll(count - len(found), timeout=0.2)
    return found


def keep_alive_until_lost(consumer: Consumer) -> bool:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            consumer.keep_alive()
        except PartitionsLost:
            return True
    return False


def take(consumer: Consumer) -> list[Record]:
    try:
        batch = consumer.poll(100, timeout=0.3)
        consumer.commit(batch)
    except PartitionsLost:
        return []
    return batch


def test_a_member_thrown_out_while_it_has_nothing_loses_nothing_when_it_polls_again(kafka_url: str) -> None:
    name = f"thrown-out-{uuid.uuid4().hex}"
    log = open_log(kafka_url, name)
    consumer = log.consumer("tagger", ARTICLES)
    assert consumer.poll(10, timeout=5) == []
    with closing(KafkaAdminClient(**KafkaAddress.parse(kafka_url).client())) as admin:
        [group] = admin.describe_groups([f"{name}.tagger"]).values()
        members = [MemberToRemove(member["member_id"]) for member in group["members"]]
        admin.remove_group_members(f"{name}.tagger", members)
    log.append(numbered(range(100)))
    found: list[Record] = []
    while some := consumer.poll(1000, timeout=5):
        found += some
    # Twice what it read before it knew; nothing of that could be committed.
    assert {int(record.value) for record in found} == set(range(100))
    log.close()
