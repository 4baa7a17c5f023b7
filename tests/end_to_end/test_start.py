"""`wirewatch start`: each stage a process of its own, on the embedded log and index."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk, item, loopback, rss, taken_in, until
from tests.end_to_end.watching import Started, start, started
from tests.feed_server import FeedServer

NOWHERE = "kafka://127.0.0.1:1"


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with FeedServer("0.0.0.0") as server:
        yield server


def kestrels(web: FeedServer, articles: int, path: str = "/feed.xml") -> str:
    """A feed of articles about kestrels. Returns its address."""
    items = [item(f"{path}-{n}", f"Kestrel {n}", f"Number {n} over the harbour.") for n in range(articles)]
    web.serve(path, rss(items))
    return f"http://{loopback(len(path))}:{web.port}{path}"


def test_six_processes_do_what_one_does(tmp_path: Path, web: FeedServer) -> None:
    desk = Desk(tmp_path, [kestrels(web, 50)], {"Kestrels": "kestrel"}, 'group = "article"')
    with started(desk) as stages:
        until(lambda: len(desk.mails()) == 50, 60)
        until(lambda: desk.json("audit")["indexed"] == 50)
        assert stages["poller"].figure('wirewatch_articles_total{kind="new"}') == 50
        for stage in ("tagger", "indexer", "alerter"):
            assert stages[stage].figure(f'wirewatch_records_total{{stage="{stage}"}}') == 50
            assert stages[stage].ask("/live")[0] == 200
        assert stages["indexer"].figure("wirewatch_fetched_to_indexed_seconds_count") == 50
        assert stages["mailer"].figure("wirewatch_fetched_to_mailed_seconds_count") == 50
        assert stages["mailer"].figure('wirewatch_mails_total{end="sent"}') == 50
        until(lambda: stages["tagger"].figure('wirewatch_lag_records{group="tagger",topic="articles"}') == 0)
        for each in stages.values():
            each.stop()
    assert desk.json("audit")["balanced"]
    lines = [json.loads(line) for line in desk.said().splitlines()]
    ways = {line["article"]: set[str]() for line in lines if "article" in line}
    for line in lines:
        assert line["stage"], line
        if "article" in line:
            ways[line["article"]].add(line["stage"])
    assert len(ways) == 50
    assert all(way == {"poller", "tagger", "indexer", "alerter"} for way in ways.values())


def test_each_shard_polls_feeds_of_its_own(tmp_path: Path, web: FeedServer) -> None:
    desk = Desk(tmp_path, [kestrels(web, 2, f"/{number}.xml") for number in range(16)])
    first, second = start(desk, "poller", "--shard", "1/2"), start(desk, "poller", "--shard", "2/2")
    until(lambda: all(web.hits(f"/{number}.xml") for number in range(16)))
    polls = [shard.figure('wirewatch_feed_polls_total{outcome="ok"}') for shard in (first, second)]
    first.stop()
    second.stop()
    assert len(taken_in(desk)) == 32
    assert all(web.hits(f"/{number}.xml") == 1 for number in range(16))
    assert all(polls)


def test_a_second_indexer_stands_by_and_takes_over(tmp_path: Path, web: FeedServer) -> None:
    desk = Desk(tmp_path, [kestrels(web, 20)])
    with started(desk, ("indexer", "tagger")):
        second = start(desk, "indexer")
        until(lambda: "another process" in second.ask("/ready")[1])
        with started(desk, ("poller",)):
            until(lambda: desk.json("audit")["indexed"] == 20)
    until(lambda: second.ready)
    second.stop()


def test_a_stage_waits_for_a_log_that_is_away_and_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, environment={"WIREWATCH_LOG__URL": NOWHERE})
    waiting = start(desk, "alerter")
    until(lambda: "cannot be reached" in waiting.ask("/ready")[1])
    assert waiting.ask("/ready")[0] == 503
    assert waiting.ask("/live")[0] == 200
    assert waiting.ask("/elsewhere")[0] == 404
    until(lambda: waiting.figure('wirewatch_errors_total{kind="unavailable",stage="alerter"}') > 0)
    waiting.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stage_ends_well_when_it_is_asked_to(tmp_path: Path, web: FeedServer, number: signal.Signals) -> None:
    desk = Desk(tmp_path, [kestrels(web, 200)])
    poller = start(desk, "poller")
    until(lambda: web.hits("/feed.xml") > 0)
    poller.process.send_signal(number)
    assert poller.process.wait(20) == 0
    assert "Traceback" not in desk.said()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tagger", "--shard", "1/2"), "only the poller has shards"),
        (("poller", "--shard", "3/2"), "is not a shard; write 1/4"),
        (("tagger", "--metrics", "nowhere"), "is not HOST:PORT"),
        (("editor",), "is not one of"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    assert told in Desk(tmp_path).run("start", *arguments, code=2).err


def test_a_port_that_is_taken_is_told(tmp_path: Path, web: FeedServer) -> None:
    done = Desk(tmp_path).run("start", "mailer", "--metrics", f"127.0.0.1:{web.port}", code=1)
    assert f"Cannot listen on 127.0.0.1:{web.port}" in done.err


def test_one_process_tells_figures_of_all_its_stages(tmp_path: Path, web: FeedServer) -> None:
    desk = Desk(tmp_path, [kestrels(web, 10)], {"Kestrels": "kestrel"})
    desk.environment = {"WIREWATCH_METRICS__LISTEN": "127.0.0.1:" + str(desk.port + 1 if desk.port < 65535 else 1024)}
    port = int(desk.environment["WIREWATCH_METRICS__LISTEN"].rpartition(":")[2])
    with desk.running() as process:
        whole = Started("run", process, port)
        until(lambda: whole.ready, 120)
        until(lambda: whole.figure('wirewatch_mails_total{end="sent"}') >= 1)
        until(lambda: whole.figure('wirewatch_records_total{stage="indexer"}') == 10)
        assert whole.ask("/live") == (200, "ok\n")
        whole.stop()
