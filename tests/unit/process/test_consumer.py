"""The consume loop on a real log: what is handled, tried again, refused, dropped and handed back."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.errors import Unavailable, WirewatchError
from ingest.log.port import ARTICLES, DEAD, TAGGED, Message, Record
from ingest.log.sqlite import SqliteLog
from process.consumer import Observer, Outcome, Refused, Work, consume, drain, each
from process.deadletter import DeadLetter, read_dead


@dataclass
class Stage:
    """A handler that does what the test says and remembers what it was given."""

    work: Callable[[Sequence[Record]], Outcome]
    name: str = "tagger"
    batch: int = 100
    given: list[list[bytes]] = field(default_factory=list)

    def handle(self, records: Sequence[Record]) -> Outcome:
        self.given.append([record.value for record in records])
        return self.work(records)


class Seen(Observer):
    """Remembers what it heard."""

    def __init__(self) -> None:
        self.works: list[Work] = []
        self.polls: list[tuple[str, bool]] = []
        self.failures: list[tuple[str, str]] = []

    def worked(self, work: Work) -> None:
        self.works.append(work)

    def polled(self, stage: str, joined: bool) -> None:
        self.polls.append((stage, joined))

    def failed(self, stage: str, error: WirewatchError) -> None:
        self.failures.append((stage, type(error).__name__))


def tag(records: Sequence[Record]) -> Outcome:
    """Copy every record to TAGGED; one that says "bad" fails."""
    for record in records:
        if record.value == b"bad":
            raise ValueError("no such\nlanguage")
    return Outcome([Message(TAGGED, record.key, b"tagged " + record.value) for record in records])


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.sqlite", max_record=1000)
    yield log
    log.close()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


def fill(log: SqliteLog, *values: bytes) -> None:
    log.append([Message(ARTICLES, f"key-{number}", value) for number, value in enumerate(values)])


def tagged(log: SqliteLog) -> list[bytes]:
    return sorted(record.value for record in log.read(TAGGED))


def dead(log: SqliteLog) -> list[DeadLetter]:
    return [letter for _, letter in read_dead(log)]


def lag(log: SqliteLog) -> int:
    return sum(partition.lag for partition in log.progress("tagger", ARTICLES))


def test_draining_handles_everything_once_and_ends(log: SqliteLog, stop: threading.Event) -> None:
    values = [b"%d" % number for number in range(250)]
    fill(log, *values)
    seen = Seen()
    assert drain(log, Stage(tag), ARTICLES, stop, observer=seen) == 250
    assert tagged(log) == sorted(b"tagged " + value for value in values)
    assert lag(log) == 0
    assert sum(work.records for work in seen.works) == 250
    assert {(work.stage, work.refused) for work in seen.works} == {("tagger", 0)}
    assert drain(log, Stage(tag), ARTICLES, stop) == 0


def test_a_stage_is_given_no_more_at_once_than_it_wants(log: SqliteLog, stop: threading.Event) -> None:
    fill(log, *(b"%d" % number for number in range(250)))
    stage = Stage(tag, batch=40)
    assert drain(log, stage, ARTICLES, stop) == 250
    assert max(map(len, stage.given)) == 40


def test_a_record_that_fails_becomes_a_dead_letter_and_the_others_pass(log: SqliteLog, stop: threading.Event) -> None:
    fill(log, b"one", b"bad", b"three")
    seen = Seen()
    assert drain(log, Stage(tag), ARTICLES, stop, observer=seen) == 3
    assert tagged(log) == [b"tagged one", b"tagged three"]
    [letter] = dead(log)
    assert (letter.topic, letter.key, letter.value, letter.stage) == (ARTICLES, "key-1", b"bad", "tagger")
    assert letter.error == "ValueError: no such language"
    assert letter.attempts == 2
    assert lag(log) == 0
    assert sum(work.refused for work in seen.works) == 1


def test_a_refused_record_becomes_a_dead_letter_without_disturbing_its_batch(
    log: SqliteLog, stop: threading.Event
) -> None:
    def picky(records: Sequence[Record]) -> Outcome:
        return Outcome(refused=[Refused(record, "not for us") for record in records if record.value == b"two"])

    fill(log, b"one", b"two", b"three")
    stage = Stage(picky)
    drain(log, stage, ARTICLES, stop)
    assert len(stage.given) == 1
    assert [(letter.value, letter.error, letter.attempts) for letter in dead(log)] == [(b"two", "not for us", 1)]


def test_a_backend_that_is_away_is_waited_for_with_the_same_batch(log: SqliteLog, stop: threading.Event) -> None:
    failures = iter([Unavailable("the index is away", retry_after=0.05)] * 2)

    def flaky(records: Sequence[Record]) -> Outcome:
        for failure in failures:
            raise failure
        return tag(records)

    fill(log, b"one", b"two")
    stage, seen = Stage(flaky), Seen()
    drain(log, stage, ARTICLES, stop, seen)
    assert len(stage.given) == 3
    assert seen.failures == [("tagger", "Unavailable")] * 2
    assert set(seen.polls) == {("tagger", True)}
    assert stage.given[0] == stage.given[1] == stage.given[2]
    assert tagged(log) == [b"tagged one", b"tagged two"]
    assert dead(log) == []


def test_draining_gives_up_on_a_backend_that_stays_away(log: SqliteLog, stop: threading.Event) -> None:
    def away(records: Sequence[Record]) -> Outcome:
        raise Unavailable("the index is away", retry_after=0.1)

    fill(log, b"one")
    with pytest.raises(Unavailable, match="the index is away"):
        drain(log, Stage(away), ARTICLES, stop, longest=0.3)
    assert lag(log) == 1
    assert dead(log) == []


def test_what_is_too_large_to_produce_becomes_a_dead_letter_alone(log: SqliteLog, stop: threading.Event) -> None:
    def swell(records: Sequence[Record]) -> Outcome:
        return Outcome([Message(TAGGED, record.key, record.value * 400) for record in records])

    fill(log, b"a", b"three", b"b")
    drain(log, Stage(swell), ARTICLES, stop)
    assert tagged(log) == [b"a" * 400, b"b" * 400]
    [letter] = dead(log)
    assert letter.value == b"three"
    assert "2000 bytes for tagged is larger than the log takes" in letter.error


def test_a_record_too_large_for_its_dead_letter_is_told_of_without_its_text(
    log: SqliteLog, stop: threading.Event
) -> None:
    def refuse(records: Sequence[Record]) -> Outcome:
        return Outcome(refused=[Refused(record, "nonsense") for record in records])

    fill(log, b"x" * 990, b"short")
    drain(log, Stage(refuse), ARTICLES, stop)
    assert {letter.value for letter in dead(log)} == {None, b"short"}
    assert {letter.error for letter in dead(log)} == {"nonsense"}


def test_a_batch_taken_over_by_another_member_is_dropped(tmp_path: Path, stop: threading.Event) -> None:
    log = SqliteLog(tmp_path / "short.sqlite", lease=timedelta(seconds=0.3))
    fill(log, b"one", b"two")
    other = log.consumer("tagger", ARTICLES)

    def dawdle(records: Sequence[Record]) -> Outcome:
        time.sleep(0.5)
        other.commit(other.poll(10, timeout=5))
        other.close()
        return tag(records)

    assert drain(log, Stage(dawdle), ARTICLES, stop) == 0
    assert tagged(log) == []
    assert lag(log) == 0
    log.close()


def test_consuming_goes_on_until_it_is_stopped(log: SqliteLog, stop: threading.Event) -> None:
    thread = threading.Thread(target=consume, args=(log, Stage(tag), ARTICLES, stop))
    thread.start()
    fill(log, b"one")
    fill(log, b"two")
    until = time.monotonic() + 10
    while len(tagged(log)) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
    assert tagged(log) == [b"tagged one", b"tagged two"]


def test_a_stage_that_is_stopped_while_it_waits_hands_its_batch_back(log: SqliteLog, stop: threading.Event) -> None:
    def away(records: Sequence[Record]) -> Outcome:
        stop.set()
        raise Unavailable("the index is away", retry_after=30)

    fill(log, b"one", b"two")
    started = time.monotonic()
    consume(log, Stage(away), ARTICLES, stop)
    assert time.monotonic() - started < 5
    assert lag(log) == 2
    assert drain(log, Stage(tag), ARTICLES, threading.Event()) == 2


def test_each_isolates_the_record_that_fails(log: SqliteLog) -> None:
    fill(log, b"one", b"bad", b"ours")

    def work(record: Record) -> list[Message]:
        if record.value == b"ours":
            raise WirewatchError("the article has no title")
        return list(tag([record]).produce)

    outcome = each(list(log.read(ARTICLES)), work)
    assert [message.value for message in outcome.produce] == [b"tagged one"]
    assert {refused.record.value: refused.error for refused in outcome.refused} == {
        b"bad": "ValueError: no such language",
        b"ours": "the article has no title",
    }


def test_each_lets_an_absent_backend_through(log: SqliteLog) -> None:
    fill(log, b"one")

    def away(record: Record) -> list[Message]:
        raise Unavailable("the index is away")

    with pytest.raises(Unavailable):
        each(list(log.read(ARTICLES)), away)
    assert list(log.read(DEAD)) == []
