"""Several machines with one Elasticsearch: rules, articles and the history of alerts are the same for all."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.elastic import a_name
from tests.end_to_end.desk import Desk, item, rss, until
from tests.feed_server import FeedServer

CALL = item("call", "Putin calls Xi", "Russian President Vladimir Putin phoned Chinese President Xi Jinping on Monday.")
QUAKE = item("quake", "Earthquake shakes Tokyo", "A strong earthquake shook Tokyo on Monday, officials said.")


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def machines(elastic_url: str, tmp_path: Path) -> Iterator[tuple[Desk, Desk, Desk]]:
    """Three machines: each has a data folder of its own, and all have the same Elasticsearch."""
    with a_name(elastic_url) as name:
        shared = {"WIREWATCH_SEARCH__URL": elastic_url, "WIREWATCH_NAME": name}
        yield tuple(Desk(tmp_path / each, environment=shared) for each in ("works", "edits", "reads"))  # type: ignore[misc]


def test_a_rule_made_on_one_machine_alerts_on_another_and_a_third_reads_of_it(
    machines: tuple[Desk, Desk, Desk], web: FeedServer
) -> None:
    works, edits, reads = machines
    web.serve("/feed", rss([CALL, QUAKE]))
    works.feeds = [web.url("/feed")]
    edits.run("rules", "add", "Calls", "event:phone_call")
    edits.run("rules", "add", "Quakes", "earthquake")
    reads.run("rules", "remove", "Quakes")
    assert "already" in reads.run("rules", "add", "Calls", "else", code=1).err
    works.once()
    assert len(works.mails()) == 1

    assert reads.total("putin") == 1
    [alert] = reads.json("alerts", "list")
    assert (alert["rule"], alert["state"]) == ("Calls", "sent")
    assert [article["title"] for article in alert["articles"]] == ["Putin calls Xi"]
    assert alert == works.json("alerts", "list")[0]

    works.once()
    assert (len(works.mails()), len(edits.json("alerts", "list"))) == (1, 1)
    with reads.running("start", "web"):
        until(lambda: "Calls" in page(reads, "/rules"))
        assert "Putin calls Xi" in page(reads, "/alerts")


def test_rules_and_alerts_of_a_machine_come_along_when_it_is_given_an_elasticsearch(
    machines: tuple[Desk, Desk, Desk], web: FeedServer
) -> None:
    works, _, reads = machines
    shared, works.environment = works.environment, {}
    web.serve("/feed", rss([CALL]))
    works.feeds = [web.url("/feed")]
    works.run("rules", "add", "Calls", "event:phone_call")
    works.once()
    [before] = works.json("alerts", "list")
    works.environment = shared
    works.run("reindex")
    works.once()
    assert [rule["name"] for rule in reads.json("rules", "list")] == ["Calls"]
    assert reads.json("alerts", "list") == [before]
    assert reads.total("putin") == 1
    assert len(works.mails()) == 1


def page(desk: Desk, path: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{desk.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""
