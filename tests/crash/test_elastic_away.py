"""Elasticsearch goes away under the whole pipeline: mails go out all the same, and nothing is lost or mailed twice."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.stack import elasticsearch
from ingest.clock import utc_now
from ingest.log.port import ARTICLES, TAGGED, Message
from ingest.log.sqlite import SqliteLog
from tests.elastic import QUICK, own_server
from tests.end_to_end.desk import Desk, ask_to_stop, until
from tests.search_documents import an_article

SHIPS = ("Corvette", "Frigate", "Destroyer", "Cruiser", "Minesweeper", "Tanker")
AWAY = 30.0
"""Seconds without Elasticsearch. Two minutes gave the same."""


@pytest.fixture
def server() -> Iterator[tuple[Path, str]]:
    """Folder and URL of an Elasticsearch of the test's own."""
    with own_server() as started:
        yield started


def report(desk: Desk, ship: str) -> None:
    """Put an article on the log, as the poller would."""
    words = " ".join(f"{ship.casefold()}{number}" for number in range(60))
    article = an_article(ship, f"{ship} leaves harbour", f"The {ship} of the fleet sails. {words}", utc_now())
    with closing(SqliteLog(desk.data / "log.sqlite")) as log:
        log.append([Message(ARTICLES, article.id, article.model_dump_json().encode())])


def indexed(desk: Desk) -> int:
    with closing(SqliteLog(desk.data / "log.sqlite")) as log:
        return sum(partition.committed for partition in log.progress("indexer", TAGGED))


def test_mails_go_out_while_the_index_is_away_and_it_is_filled_when_it_comes_back(
    server: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = server
    desk = Desk(tmp_path, environment={"WIREWATCH_SEARCH__URL": url})
    desk.run("rules", "add", "Fleet", "fleet", "--group", "article")
    with desk.running() as process:
        report(desk, SHIPS[0])
        until(lambda: len(desk.mails()) == 1 and indexed(desk) == 1)
        elasticsearch.stop_node(folder, 0, 1)
        began = time.monotonic()
        for number in (1, 2):
            report(desk, SHIPS[number])
            until(lambda: len(desk.mails()) == number + 1)  # noqa: B023
        process.send_signal(signal.SIGKILL)
        process.wait()
    with desk.running() as process:  # what it knows of rules must outlive it
        for number in (3, 4):
            report(desk, SHIPS[number])
            until(lambda: len(desk.mails()) == number + 1)  # noqa: B023
        assert "cannot be reached" in desk.run("search", "fleet", code=3).err
        assert "cannot be reached" in desk.run("alerts", "list", code=3).err
        time.sleep(max(0.0, AWAY - (time.monotonic() - began)))
        assert indexed(desk) == 1
        elasticsearch.start_node(folder, 0, 1, QUICK)
        until(lambda: indexed(desk) == 5)
        report(desk, SHIPS[5])
        until(lambda: len(desk.mails()) == 6 and indexed(desk) == 6)
        until(lambda: [alert["state"] for alert in desk.json("alerts", "list")] == ["sent"] * 6)
        assert ask_to_stop(process) == 0
    ledger = desk.json("audit")
    assert ledger == ledger | {"fetched": 6, "indexed": 6, "duplicate": 0, "dead": 0, "pending": 0, "balanced": True}
    assert desk.total("fleet") == 6
    assert len(desk.mails()) == 6
