"""Ctrl-C and SIGTERM end `wirewatch run` within seconds, with a word; the next start goes on from there."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk, ask_to_stop, item, loopback, rss, until
from tests.feed_server import FeedServer


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with FeedServer("0.0.0.0") as server:
        yield server


def _desk(folder: Path, web: FeedServer, articles: int) -> Desk:
    items = [item(f"a{n}", f"Kestrel {n}", f"Number {n} over the harbour.") for n in range(articles)]
    web.serve("/feed.xml", rss(items))
    return Desk(folder, [f"http://{loopback(1)}:{web.port}/feed.xml"], {"Kestrels": "kestrel"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_ends_well_and_the_next_goes_on(
    tmp_path: Path, web: FeedServer, number: signal.Signals
) -> None:
    desk = _desk(tmp_path, web, 300)
    with desk.running() as process:
        until(lambda: web.hits("/feed.xml") > 0)
        asked = time.monotonic()
        assert ask_to_stop(process, number) == 0, desk.said()
        assert time.monotonic() - asked < 15
    assert "Stopped. What was taken in is safe" in desk.said()
    assert "Traceback" not in desk.said()
    desk.once()
    audit = desk.json("audit")
    assert audit["balanced"]
    assert (audit["indexed"], audit["pending"]) == (300, 0)


def test_a_server_that_never_ends_its_answer_does_not_hold_up_ctrl_c(tmp_path: Path, web: FeedServer) -> None:
    desk = _desk(tmp_path, web, 1)
    web.drip("/drip.xml")
    desk.feeds.append(f"http://{loopback(2)}:{web.port}/drip.xml")
    with desk.running() as process:
        until(lambda: web.hits("/drip.xml") > 0)
        asked = time.monotonic()
        assert ask_to_stop(process) == 0, desk.said()
        assert time.monotonic() - asked < 20
    assert "Stopped." in desk.said()


def test_a_second_ctrl_c_ends_at_once(tmp_path: Path, web: FeedServer) -> None:
    desk = _desk(tmp_path, web, 1)
    web.drip("/drip.xml")
    desk.feeds.append(f"http://{loopback(2)}:{web.port}/drip.xml")
    with desk.running() as process:
        until(lambda: web.hits("/drip.xml") > 0)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert ask_to_stop(process, within=5) == 130


def test_a_run_says_little_and_tells_of_its_progress(tmp_path: Path, web: FeedServer) -> None:
    desk = _desk(tmp_path, web, 5)
    desk.feeds.append(f"http://{loopback(2)}:{web.port}/gone.xml")
    with desk.running() as process:
        until(lambda: "1 mails sent" in desk.said() or "5 articles indexed" in desk.said())
        ask_to_stop(process)
    said = desk.said().splitlines()
    assert any(f"http://127.0.0.1:{desk.port}" in line for line in said)
    assert any("2 of 2 feeds polled, 1 failing (`wirewatch feeds list` says why)" in line for line in said)
    assert len(said) < 12
