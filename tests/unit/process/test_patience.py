"""How long a stage waits for a backend, and what it does meanwhile."""

import threading

import pytest

from ingest.errors import Unavailable
from process.patience import Patience, StoppedError, wait_for


def test_the_wait_is_never_shorter_than_asked_for() -> None:
    assert wait_for(7.0, failures=0) == 7.0


def test_the_wait_doubles_and_ends_at_thirty_seconds() -> None:
    waits = [wait_for(0.0, failures) for failures in range(20)]
    assert 0.05 < waits[0] < 0.15
    assert waits[4] > 4 * waits[0]
    assert waits[-1] == 30.0
    assert wait_for(3600.0, failures=0) == 30.0


def test_while_it_waits_long_the_stage_stays_in_its_group() -> None:
    calls: list[str] = []
    answers = iter([Unavailable("away", retry_after=6.0)])

    def call() -> str:
        for answer in answers:
            raise answer
        return "there"

    def keep_alive() -> None:
        calls.append("alive")
        raise Unavailable("the log is away as well")

    assert Patience(threading.Event(), keep_alive).persist(call) == "there"
    assert calls == ["alive"]


def test_other_errors_go_through_at_once() -> None:
    def call() -> str:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        Patience(threading.Event(), lambda: None).persist(call)


def test_a_stop_ends_the_waiting() -> None:
    stop = threading.Event()

    def call() -> str:
        stop.set()
        raise Unavailable("away", retry_after=0.0)

    with pytest.raises(StoppedError):
        Patience(stop, lambda: None).persist(call)
