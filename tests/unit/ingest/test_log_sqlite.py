"""What the SQLite log does beyond the contract: leases, retention, sizes, and files that are not as they should be."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import Unavailable, WirewatchError
from ingest.log.port import ARTICLES, DEAD, TAGGED, Message, PartitionsLost, Record, RecordTooLarge
from ingest.log.sqlite import SqliteLog


class HandClock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def log(tmp_path: Path, clock: HandClock) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.sqlite", clock=clock)
    yield log
    log.close()


def some(count: int, topic: str = ARTICLES) -> list[Message]:
    return [Message(topic, f"key-{number}", b"value %d" % number) for number in range(count)]


def count(records: Sequence[Record]) -> int:
    return len({(record.partition, record.offset) for record in records})


def test_a_silent_member_loses_its_partitions_and_can_commit_nothing_over_its_successor(
    log: SqliteLog, clock: HandClock
) -> None:
    log.append(some(20))
    silent, successor = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    batch = silent.poll(100, timeout=0)
    clock.advance(seconds=31)
    taken_over = successor.poll(100, timeout=0)
    assert count(taken_over) == count(batch) == 20
    with pytest.raises(PartitionsLost, match="taken over"):
        silent.commit(batch[:1], [Message(TAGGED, "a", b"too late")])
    assert list(log.read(TAGGED)) == []
    successor.commit(taken_over)
    assert silent.poll(100, timeout=0) == []


def test_a_member_that_keeps_alive_too_late_is_told(log: SqliteLog, clock: HandClock) -> None:
    log.append(some(20))
    late, successor = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    late.poll(100, timeout=0)
    clock.advance(seconds=31)
    successor.poll(100, timeout=0)
    with pytest.raises(PartitionsLost, match="taken over"):
        late.keep_alive()
    assert late.poll(100, timeout=0) == []


def test_a_member_that_polls_on_after_losing_its_partitions_cannot_commit_the_old_batch(
    log: SqliteLog, clock: HandClock
) -> None:
    log.append(some(20))
    silent, successor = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    batch = silent.poll(100, timeout=0)
    clock.advance(seconds=31)
    successor.poll(100, timeout=0)
    successor.close()
    silent.poll(0, timeout=0)
    with pytest.raises(PartitionsLost):
        silent.commit(batch)
    again = silent.poll(100, timeout=0)
    silent.commit(again)
    assert count(again) == 20


def test_a_member_that_keeps_alive_keeps_its_partitions(log: SqliteLog, clock: HandClock) -> None:
    log.append(some(20))
    busy, other = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    batch = busy.poll(100, timeout=0)
    for _ in range(6):
        clock.advance(seconds=10)
        busy.keep_alive()
        assert other.poll(100, timeout=0) == []
    busy.commit(batch)
    assert all(partition.lag == 0 for partition in log.progress("tagger", ARTICLES))


def test_partitions_of_a_member_whose_clock_ran_ahead_are_taken_over(tmp_path: Path, clock: HandClock) -> None:
    ahead = HandClock()
    ahead.advance(days=400)
    first, second = SqliteLog(tmp_path / "log.sqlite", clock=ahead), SqliteLog(tmp_path / "log.sqlite", clock=clock)
    first.append(some(4))
    first.consumer("tagger", ARTICLES).poll(100, timeout=0)
    assert count(second.consumer("tagger", ARTICLES).poll(100, timeout=0)) == 4
    first.close()
    second.close()


def test_a_newcomer_gets_its_share_once_the_others_have_committed(log: SqliteLog) -> None:
    log.append(some(40))
    first, second = log.consumer("tagger", ARTICLES), log.consumer("tagger", ARTICLES)
    batch = first.poll(100, timeout=0)
    assert second.poll(100, timeout=0) == []
    first.commit(batch)
    first.poll(100, timeout=0)
    log.append(some(40))
    mine, theirs = first.poll(100, timeout=0), second.poll(100, timeout=0)
    assert {record.partition for record in mine} == {0, 2}
    assert {record.partition for record in theirs} == {1, 3}
    assert count([*mine, *theirs]) == 40


def test_the_partitions_of_a_killed_process_are_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    program = (
        "import os, signal, sys; from pathlib import Path; from ingest.log.sqlite import SqliteLog\n"
        "log = SqliteLog(Path(sys.argv[1])); log.consumer('tagger', 'articles').poll(10, 0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, path], check=False)
    log = SqliteLog(path)
    log.append(some(12))
    started = time.monotonic()
    assert count(log.consumer("tagger", ARTICLES).poll(100, timeout=20)) == 12
    assert time.monotonic() - started < 5
    log.close()


def test_a_poll_wakes_within_fifty_milliseconds_of_an_append_by_another_log(tmp_path: Path) -> None:
    reader, writer = SqliteLog(tmp_path / "log.sqlite"), SqliteLog(tmp_path / "log.sqlite")
    consumer = reader.consumer("tagger", ARTICLES)
    consumer.poll(1, timeout=0)
    delays: list[float] = []
    for _ in range(5):
        written: list[float] = []

        def later(written: list[float] = written) -> None:
            time.sleep(0.05)
            writer.append(some(1))
            written.append(time.monotonic())

        thread = threading.Thread(target=later)
        thread.start()
        consumer.commit(consumer.poll(1, timeout=5))
        woken = time.monotonic()
        thread.join()
        delays.append(woken - written[0])
    assert min(delays) < 0.05
    reader.close()
    writer.close()


def test_trimming_drops_old_records_that_every_group_has_passed(log: SqliteLog, clock: HandClock) -> None:
    log.append(some(30))
    clock.advance(days=10)
    log.append(some(30))
    fast, slow = log.consumer("indexer", ARTICLES), log.consumer("alerter", ARTICLES)
    fast.commit(fast.poll(100, timeout=0))
    slow.commit(slow.poll(100, timeout=0)[:1])
    before = clock.now - timedelta(days=1)
    assert log.trim(ARTICLES, before) == 1
    slow.commit(slow.poll(100, timeout=0)[:0])
    slow.rewind()
    slow.commit(slow.poll(100, timeout=0))
    assert log.trim(ARTICLES, before) == 29
    kept = list(log.read(ARTICLES))
    assert count(kept) == 30
    assert min(record.time for record in kept) >= before
    assert sum(partition.first for partition in log.progress("indexer", ARTICLES)) == 30
    assert all(partition.lag == 0 for partition in log.progress("indexer", ARTICLES))


def test_a_group_that_comes_after_trimming_begins_at_the_oldest_kept(log: SqliteLog, clock: HandClock) -> None:
    log.append(some(3000, DEAD))
    clock.advance(days=10)
    log.append(some(5, DEAD))
    assert log.trim(DEAD, clock.now - timedelta(days=1)) == 3000
    assert count(log.consumer("late", DEAD).poll(100, timeout=0)) == 5


def test_offsets_go_on_after_everything_was_trimmed(log: SqliteLog, clock: HandClock) -> None:
    log.append([Message(DEAD, "a", b"1")] * 3)
    clock.advance(days=10)
    assert log.trim(DEAD, clock.now) == 3
    log.append([Message(DEAD, "a", b"2")])
    assert [record.offset for record in log.read(DEAD)] == [3]


def test_large_records_come_in_small_batches(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.sqlite", partitions=1)
    log.append([Message(ARTICLES, "big", b"x" * 15 * 2**20)] * 4)
    consumer = log.consumer("tagger", ARTICLES)
    assert [len(consumer.poll(100, timeout=0)) for _ in range(3)] == [3, 1, 0]
    log.close()


def test_the_limit_of_a_record_is_sixteen_megabytes(log: SqliteLog) -> None:
    log.append([Message(ARTICLES, "fits", b"x" * 16 * 2**20)])
    with pytest.raises(RecordTooLarge, match="16777217 bytes"):
        log.append([Message(ARTICLES, "one too many", b"x" * (16 * 2**20 + 1))])


def test_the_number_of_partitions_is_the_files_own(tmp_path: Path) -> None:
    SqliteLog(tmp_path / "log.sqlite", partitions=3).close()
    again = SqliteLog(tmp_path / "log.sqlite", partitions=8)
    assert len(again.progress("tagger", ARTICLES)) == 3
    again.close()


def test_an_impossible_number_of_partitions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WirewatchError, match="choose 1 to 256"):
        SqliteLog(tmp_path / "log.sqlite", partitions=0)


def test_a_file_that_is_no_database_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_text("This is a letter, not a database. " * 100)
    with pytest.raises(WirewatchError, match=r"log\.sqlite: is not a database; move it away"):
        SqliteLog(path)


def test_a_damaged_database_is_named_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    log = SqliteLog(path)
    log.append(some(5000))
    log.close()
    content = bytearray(path.read_bytes())
    content[16384:] = os.urandom(len(content) - 16384)
    path.write_bytes(content)
    with pytest.raises(WirewatchError, match=r"log\.sqlite: the database is damaged; put a backup in its place"):
        SqliteLog(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")
    with pytest.raises(Unavailable, match=r"log\.sqlite: cannot be made .* check the folder"):
        SqliteLog(tmp_path / "var" / "log.sqlite")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "log.sqlite").mkdir()
    with pytest.raises(Unavailable, match=r"log\.sqlite: cannot be opened; check that the folder"):
        SqliteLog(tmp_path / "log.sqlite")


def test_a_log_of_a_newer_wirewatch_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    SqliteLog(path).close()
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA user_version = 99')"
    subprocess.run([sys.executable, "-c", program, path], check=True)
    with pytest.raises(WirewatchError, match="newer Wirewatch"):
        SqliteLog(path)


_FILL = """
import resource, signal, sys
from pathlib import Path
from ingest.errors import Unavailable
from ingest.log.port import Message
from ingest.log.sqlite import SqliteLog
log = SqliteLog(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, resource.RLIM_INFINITY))
taken = 0
try:
    while True:
        log.append([Message("articles", str(taken), b"x" * 50_000)])
        taken += 1
except Unavailable as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
log.append([Message("articles", "afterwards", b"there is space again")])
print(taken + 1, sum(1 for _ in log.read("articles")))
log.close()
"""


def test_when_nothing_more_can_be_written_it_says_so_and_goes_on_when_there_is_space(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    run = subprocess.run(
        [sys.executable, "-c", _FILL, tmp_path / "log.sqlite"], capture_output=True, text=True, check=True
    )
    said, counts = run.stdout.splitlines()
    assert "log.sqlite: reading or writing failed; check the disk, its space" in said
    expected, found = counts.split()
    assert expected == found
