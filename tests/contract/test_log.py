"""What every log promises (ingest/log/port.py), clause by clause."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ingest.log.port import ARTICLES, DEAD, TAGGED, Consumer, Log, Message, PartitionsLost, Record, RecordTooLarge
from tests.contract.conftest import LogFactory

WAIT = 5.0


def messages(count: int, topic: str = ARTICLES, start: int = 0) -> list[Message]:
    return [
        Message(topic, f"key-{number % 50}", f'{{"n": {number}}}'.encode()) for number in range(start, start + count)
    ]


def values(records: Sequence[Record]) -> list[bytes]:
    return sorted(record.value for record in records)


def all_of(consumer: Consumer, commit: bool = True) -> list[Record]:
    """Everything that is there now. A member that is new to its group may take a second to have its first records."""
    found: list[Record] = []
    while batch := consumer.poll(7, timeout=0.2 if found else 2):
        found += batch
        if commit:
            consumer.commit(batch)
    return found


def test_a_record_comes_back_as_it_was_written(log: Log) -> None:
    before = datetime.now(UTC)
    log.append([Message(ARTICLES, "Fähre", b'{"title": "\xc3\x89lys\xc3\xa9e"}')])
    [record] = log.read(ARTICLES)
    assert (record.topic, record.key, record.value) == (ARTICLES, "Fähre", b'{"title": "\xc3\x89lys\xc3\xa9e"}')
    assert record.offset == 0
    assert before - timedelta(seconds=1) <= record.time <= datetime.now(UTC) + timedelta(seconds=1)
    assert record.time.utcoffset() == timedelta(0)


def test_topics_are_kept_apart(log: Log) -> None:
    log.append([Message(ARTICLES, "a", b"1"), Message(TAGGED, "a", b"2"), Message(DEAD, "a", b"3")])
    assert [record.value for topic in (ARTICLES, TAGGED, DEAD) for record in log.read(topic)] == [b"1", b"2", b"3"]


def test_offsets_grow_and_keys_keep_their_partition_and_order(log: Log) -> None:
    for start in range(0, 300, 100):
        log.append(messages(100, start=start))
    offsets: dict[int, list[int]] = defaultdict(list)
    places: dict[str, set[int]] = defaultdict(set)
    order: dict[str, list[int]] = defaultdict(list)
    for record in log.read(ARTICLES):
        offsets[record.partition].append(record.offset)
        places[record.key].add(record.partition)
        order[record.key].append(int(record.value[6:-1]))
    assert all(found[0] == 0 and found == sorted(set(found)) for found in offsets.values())
    assert all(len(found) == 1 for found in places.values())
    assert all(found == sorted(found) for found in order.values())
    assert len(offsets) > 1


def test_appending_nothing_is_allowed(log: Log) -> None:
    log.append([])
    assert list(log.read(ARTICLES)) == []


def test_a_new_group_begins_at_the_oldest_record(log: Log) -> None:
    log.append(messages(30))
    assert values(all_of(log.consumer("tagger", ARTICLES))) == values(list(log.read(ARTICLES)))


def test_groups_do_not_disturb_each_other(log: Log) -> None:
    log.append(messages(20))
    assert len(all_of(log.consumer("indexer", ARTICLES))) == 20
    assert len(all_of(log.consumer("alerter", ARTICLES))) == 20


def test_a_batch_is_never_larger_than_the_limit_and_in_order_within_a_partition(log: Log) -> None:
    log.append(messages(100))
    consumer = log.consumer("tagger", ARTICLES)
    seen: dict[int, int] = defaultdict(lambda: -1)
    total = 0
    while batch := consumer.poll(9, timeout=0.2 if total else 2):
        assert len(batch) <= 9
        for record in batch:
            assert record.offset > seen[record.partition]
            seen[record.partition] = record.offset
        total += len(batch)
    assert total == 100


def test_poll_waits_as_long_as_asked_and_no_longer(log: Log) -> None:
    consumer = log.consumer("tagger", ARTICLES)
    consumer.poll(1, timeout=0)
    started = time.monotonic()
    assert consumer.poll(1, timeout=0.3) == []
    assert 0.25 <= time.monotonic() - started < 2


@pytest.mark.parametrize("same_process", [True, False])
def test_poll_wakes_soon_after_an_append(log_factory: LogFactory, same_process: bool) -> None:
    reader = log_factory()
    writer = reader if same_process else log_factory()
    consumer = reader.consumer("tagger", ARTICLES)
    consumer.poll(1, timeout=0)
    appended: list[float] = []

    def later() -> None:
        time.sleep(0.2)
        writer.append(messages(1))
        appended.append(time.monotonic())

    thread = threading.Thread(target=later)
    thread.start()
    found = consumer.poll(1, timeout=WAIT)
    woken = time.monotonic()
    thread.join()
    assert len(found) == 1
    assert woken - appended[0] < 0.5


def test_what_was_committed_is_not_given_again_after_reopening(log_factory: LogFactory) -> None:
    first = log_factory()
    first.append(messages(10))
    consumer = first.consumer("tagger", ARTICLES)
    batch = consumer.poll(4, timeout=WAIT)
    consumer.commit(batch)
    first.close()
    rest = all_of(log_factory().consumer("tagger", ARTICLES))
    assert len(batch) + len(rest) == 10
    assert not set(values(batch)) & set(values(rest))


def test_what_was_polled_but_not_committed_is_given_again(log: Log) -> None:
    log.append(messages(10))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    consumer.close()
    assert len(batch) == 10
    assert values(all_of(log.consumer("tagger", ARTICLES))) == values(batch)


def test_polling_on_without_committing_moves_forward(log: Log) -> None:
    log.append(messages(10))
    consumer = log.consumer("tagger", ARTICLES)
    first = consumer.poll(5, timeout=WAIT)
    second = consumer.poll(5, timeout=WAIT)
    assert not set(values(first)) & set(values(second))


def test_part_of_a_batch_can_be_committed(log: Log) -> None:
    log.append(messages(10))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    consumer.commit(batch[:3])
    consumer.rewind()
    again = all_of(consumer)
    assert values([*batch[:3], *again]) == values(batch)


def test_rewind_gives_the_same_records_again(log: Log) -> None:
    log.append(messages(10))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    consumer.rewind()
    assert values(all_of(consumer)) == values(batch)


def test_committing_out_of_order_is_refused_as_a_mistake(log: Log) -> None:
    log.append([Message(ARTICLES, "one", b"1"), Message(ARTICLES, "one", b"2")])
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    with pytest.raises(ValueError, match="not the next ones"):
        consumer.commit(batch[1:])
    consumer.commit(batch)


def test_commit_and_produce_are_one(log: Log) -> None:
    log.append(messages(5))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    consumer.commit(batch, [Message(TAGGED, record.key, b"tagged " + record.value) for record in batch])
    assert values(list(log.read(TAGGED))) == [b"tagged " + value for value in values(batch)]
    assert all(partition.lag == 0 for partition in log.progress("tagger", ARTICLES))


def test_nothing_is_committed_when_what_is_produced_is_too_large(log_factory: LogFactory) -> None:
    log = log_factory(max_record=1000)
    log.append(messages(2))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    with pytest.raises(RecordTooLarge, match="larger than the log takes"):
        consumer.commit(batch, [Message(TAGGED, "a", b"small"), Message(TAGGED, "b", b"x" * 2000)])
    assert list(log.read(TAGGED)) == []
    assert sum(partition.lag for partition in log.progress("tagger", ARTICLES)) >= 2
    consumer.commit(batch)


def test_a_record_that_is_too_large_is_refused_with_all_that_were_appended_with_it(log_factory: LogFactory) -> None:
    log = log_factory(max_record=1000)
    with pytest.raises(RecordTooLarge, match="big-one"):
        log.append([Message(ARTICLES, "small", b"x"), Message(ARTICLES, "big-one", b"x" * 2000)])
    assert list(log.read(ARTICLES)) == []


def test_two_members_share_the_partitions_and_no_record_goes_to_both(log_factory: LogFactory) -> None:
    log = log_factory()
    taken: list[list[Record]] = [[], []]
    stop = threading.Event()

    def take(consumer: Consumer, mine: list[Record]) -> None:
        while not stop.is_set():
            try:
                batch = consumer.poll(20, timeout=0.05)
                consumer.commit(batch)
            except PartitionsLost:
                continue
            mine += batch

    with ThreadPoolExecutor(2) as pool:
        members = [pool.submit(take, log_factory().consumer("tagger", ARTICLES), mine) for mine in taken]
        appended = 0
        until = time.monotonic() + 4 * WAIT
        while not all(taken) and time.monotonic() < until:
            log.append(messages(100, start=appended))
            appended += 100
            time.sleep(0.2)
        while sum(map(len, taken)) < appended and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()
    assert [member.result() for member in members] == [None, None]
    assert values([*taken[0], *taken[1]]) == values(list(log.read(ARTICLES)))
    assert taken[0]
    assert taken[1]
    assert all(partition.lag == 0 for partition in log.progress("tagger", ARTICLES))


def test_when_a_member_leaves_the_other_gets_what_it_had_not_committed(log_factory: LogFactory) -> None:
    log = log_factory()
    log.append(messages(40))
    leaver, stayer = log.consumer("tagger", ARTICLES), log_factory().consumer("tagger", ARTICLES)
    assert leaver.poll(10, timeout=WAIT)
    stayer.poll(1, timeout=0)
    leaver.close()
    stayer.rewind()
    taken: list[Record] = []
    until = time.monotonic() + 2 * WAIT
    while len(taken) < 40 and time.monotonic() < until:
        batch = stayer.poll(50, timeout=0.1)
        stayer.commit(batch)
        taken += batch
    assert values(taken) == values(list(log.read(ARTICLES)))


def test_a_consumer_tells_whether_it_is_in_its_group(log: Log) -> None:
    log.append(messages(3))
    consumer = log.consumer("tagger", ARTICLES)
    assert not consumer.joined()
    assert len(all_of(consumer, commit=False)) == 3
    assert consumer.joined()
    consumer.close()
    assert not consumer.joined()


def test_keep_alive_is_quiet_while_all_is_well(log: Log) -> None:
    log.append(messages(3))
    consumer = log.consumer("tagger", ARTICLES)
    batch = all_of(consumer, commit=False)
    consumer.keep_alive()
    consumer.commit(batch)
    assert all(partition.lag == 0 for partition in log.progress("tagger", ARTICLES))


def test_progress_tells_where_a_group_stands(log: Log) -> None:
    log.append(messages(50))
    fresh = log.progress("tagger", ARTICLES)
    assert [partition.partition for partition in fresh] == list(range(len(fresh)))
    assert all(partition.committed == partition.first == 0 for partition in fresh)
    assert 50 <= sum(partition.lag for partition in fresh) == sum(partition.end for partition in fresh) < 60
    all_of(log.consumer("tagger", ARTICLES))
    assert all(partition.committed == partition.end for partition in log.progress("tagger", ARTICLES))


def test_reading_ends_although_records_keep_coming(log: Log) -> None:
    log.append(messages(10))
    read = 0
    for _ in log.read(ARTICLES):
        log.append(messages(1))
        read += 1
    assert read == 10


def test_threads_may_append_at_once(log: Log) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda start: log.append(messages(25, start=start)), range(0, 500, 25)))
    assert values(list(log.read(ARTICLES))) == sorted(message.value for message in messages(500))


def test_check_uses_the_log_and_leaves_the_topics_alone(log: Log) -> None:
    assert "log" in log.check()
    assert "partitions" in log.check()
    assert [record for topic in (ARTICLES, TAGGED, DEAD) for record in log.read(topic)] == []


def test_closing_twice_does_no_harm(log: Log) -> None:
    consumer = log.consumer("tagger", ARTICLES)
    consumer.poll(1, timeout=0)
    consumer.close()
    consumer.close()
    log.close()
    log.close()
    assert consumer is not None
