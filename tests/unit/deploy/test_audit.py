"""The ledger, on a real log and a real index."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from deploy.audit import Ledger, audit
from index.indexer import Indexer
from index.local import LocalIndex
from index.stories import Stories
from ingest.article import Article, article_id, revision
from ingest.clock import utc_now
from ingest.log.port import ARTICLES, TAGGED, Message, Record
from ingest.log.sqlite import SqliteLog
from process.consumer import Outcome, drain
from process.deadletter import read_dead, replay
from process.tagged import TaggedArticle


class PlainTagger:
    """Tags nothing, which is enough to move articles along."""

    name = "tagger"
    batch = 100

    def handle(self, records: Sequence[Record]) -> Outcome:
        articles = [Article.model_validate_json(record.value) for record in records]
        tagged = [TaggedArticle(article=a, language="en", entities=(), events=(), tagged=utc_now()) for a in articles]
        return Outcome([Message(TAGGED, one.article.id, one.model_dump_json().encode()) for one in tagged])


@dataclass(frozen=True)
class Desk:
    log: SqliteLog
    index: LocalIndex
    indexer: Indexer

    def fetch(self, *titles: str, text: str = "") -> None:
        articles = [article(title, text) for title in titles]
        self.log.append([Message(ARTICLES, one.id, one.model_dump_json().encode()) for one in articles])

    def tag(self) -> None:
        drain(self.log, PlainTagger(), ARTICLES, Event())

    def put_in_index(self) -> None:
        drain(self.log, self.indexer, TAGGED, Event())

    def ledger(self) -> Ledger:
        return audit(self.log, self.index)


def article(title: str, text: str) -> Article:
    return Article(
        id=article_id(None, title, "Desk", title), revision=revision(title, text), url=None, guid=title, source="Desk",
        feed="https://example.org/feed", title=title, text=text, language="en", published=utc_now(),
        published_by="feed", fetched=utc_now(),
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with (
        closing(SqliteLog(tmp_path / "log.sqlite")) as log,
        closing(LocalIndex(tmp_path / "index")) as index,
        closing(Stories(tmp_path / "stories.sqlite")) as stories,
    ):
        yield Desk(log, index, Indexer(index, stories))


def test_an_empty_house_balances(desk: Desk) -> None:
    assert desk.ledger() == Ledger(0, 0, 0, 0, 0)
    assert desk.ledger().balanced


def test_what_no_stage_has_seen_is_pending(desk: Desk) -> None:
    desk.fetch("a", "b")
    assert desk.ledger() == Ledger(fetched=2, indexed=0, duplicate=0, dead=0, pending=2)
    desk.tag()
    assert desk.ledger() == Ledger(fetched=2, indexed=0, duplicate=0, dead=0, pending=2)


def test_what_search_knows_is_indexed(desk: Desk) -> None:
    desk.fetch("a", "b", "c")
    desk.tag()
    desk.put_in_index()
    assert desk.ledger() == Ledger(fetched=3, indexed=3, duplicate=0, dead=0, pending=0)


def test_a_later_version_of_an_article_is_one_article(desk: Desk) -> None:
    desk.fetch("a")
    desk.fetch("a", text="corrected")
    desk.tag()
    desk.put_in_index()
    assert desk.ledger() == Ledger(fetched=2, indexed=1, duplicate=1, dead=0, pending=0)


def test_a_correction_on_its_way_is_pending(desk: Desk) -> None:
    desk.fetch("a")
    desk.tag()
    desk.put_in_index()
    desk.fetch("a", text="corrected")
    desk.tag()
    assert desk.ledger() == Ledger(fetched=2, indexed=1, duplicate=0, dead=0, pending=1)


def test_what_cannot_be_read_is_dead_and_can_be_replayed(desk: Desk) -> None:
    desk.log.append([Message(ARTICLES, "poison", b'{"format": 9}')])
    desk.fetch("a")
    desk.tag()
    desk.put_in_index()
    assert desk.ledger() == Ledger(fetched=2, indexed=1, duplicate=0, dead=1, pending=0)
    [(_, letter)] = read_dead(desk.log)
    replay(desk.log, letter)
    assert desk.ledger() == Ledger(fetched=3, indexed=1, duplicate=0, dead=1, pending=1)


def test_an_article_that_vanished_from_the_index_is_missing_and_named(desk: Desk, tmp_path: Path) -> None:
    desk.fetch("a")
    desk.tag()
    desk.put_in_index()
    with closing(LocalIndex(tmp_path / "another")) as empty:
        ledger = audit(desk.log, empty)
    assert not ledger.balanced
    assert ledger.missing == (article("a", "").id,)
