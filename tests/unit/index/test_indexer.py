"""The stage between the tagged articles and the search index."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.indexer import Indexer
from index.local import LocalIndex
from index.stories import Stories
from ingest.article import Article
from ingest.errors import Unavailable
from ingest.log.port import TAGGED, Record
from tests.search_documents import NOW, a_tagged_article, an_article


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LocalIndex]:
    opened = LocalIndex(tmp_path / "index")
    yield opened
    opened.close()


@pytest.fixture
def indexer(index: LocalIndex, tmp_path: Path) -> Iterator[Indexer]:
    stories = Stories(tmp_path / "stories.sqlite")
    yield Indexer(index, stories, lambda: NOW)
    stories.close()


def a_record(article: Article, offset: int = 0) -> Record:
    return raw(a_tagged_article(article).model_dump_json().encode(), article.id, offset)


def raw(value: bytes, key: str = "k", offset: int = 0) -> Record:
    return Record(TAGGED, 0, offset, key, value, NOW)


def test_a_tagged_article_becomes_searchable(indexer: Indexer, index: LocalIndex) -> None:
    outcome = indexer.handle([a_record(an_article("a", "Title", "Text"))])
    stored = index.get("a")
    assert (list(outcome.produce), list(outcome.refused)) == ([], [])
    assert stored is not None
    assert (stored.title, stored.story, stored.indexed) == ("Title", "a", NOW)


def test_near_duplicates_share_a_story(indexer: Indexer, index: LocalIndex) -> None:
    text = "The ministers of both countries met on the island to talk about the fish in the strait. " * 3
    indexer.handle([a_record(an_article("a", "One", text)), a_record(an_article("b", "Two", text), 1)])
    second = index.get("b")
    assert second is not None
    assert second.story == "a"


@pytest.mark.parametrize(
    "value",
    [b"", b"{", b"null", b"\xff\xfe", b'{"format": 2}', b'{"format": 1}', b"[" * 10_000],
)
def test_what_is_not_a_tagged_article_is_refused_and_the_others_are_indexed(
    indexer: Indexer, index: LocalIndex, value: bytes
) -> None:
    bad = raw(value)
    outcome = indexer.handle([bad, a_record(an_article("good"), 1)])
    assert [(refused.record, "tagged article of format 1" in refused.error) for refused in outcome.refused] == [
        (bad, True)
    ]
    assert index.known(["good"]) == {"good"}


def test_an_unknown_format_is_not_guessed(indexer: Indexer, index: LocalIndex) -> None:
    value = json.loads(a_record(an_article("a")).value) | {"format": 2}
    [refused] = indexer.handle([raw(json.dumps(value).encode())]).refused
    assert "format" in refused.error
    assert index.count() == 0


def test_what_the_index_refuses_becomes_a_refused_record(indexer: Indexer, index: LocalIndex) -> None:
    long_id = a_record(an_article("x" * 2000))
    outcome = indexer.handle([long_id, a_record(an_article("good"), 1)])
    assert [(refused.record, "1000 characters" in refused.error) for refused in outcome.refused] == [(long_id, True)]
    assert index.count() == 1


def test_a_replay_leaves_one_document_the_last_revision(indexer: Indexer, index: LocalIndex) -> None:
    batch = [a_record(an_article("a", "Old")), a_record(an_article("a", "New"), 1)]
    indexer.handle(batch)
    indexer.handle(batch)
    stored = index.get("a")
    assert stored is not None
    assert (index.count(), stored.title) == (1, "New")


def test_an_index_that_is_held_by_another_is_waited_for(indexer: Indexer, index: LocalIndex, tmp_path: Path) -> None:
    other = LocalIndex(tmp_path / "index")
    other.write([])
    with pytest.raises(Unavailable, match="another process"):
        indexer.handle([a_record(an_article("a"))])
    other.close()
    indexer.handle([a_record(an_article("a"))])
    assert index.count() == 1
