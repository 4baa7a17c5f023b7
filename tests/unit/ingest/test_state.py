"""What is remembered of feeds outlives the process."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.article import Article, article_id, revision
from ingest.errors import Unavailable
from ingest.feed import Feed
from ingest.state import FeedState, FeedStore

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
URL = "https://news.example/feed.xml"


def article(name: str, text: str = "text") -> Article:
    url = f"https://news.example/{name}"
    return Article(
        id=article_id(url, None, "News", name), revision=revision(name, text), url=url, guid=None, source="News",
        feed=URL, title=name, text=text, language=None, published=NOW, published_by="feed", fetched=NOW,
    )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FeedStore]:
    store = FeedStore(tmp_path / "feeds.sqlite")
    yield store
    store.close()


def test_a_feed_that_was_never_polled_is_new(store: FeedStore) -> None:
    assert store.state(URL) == FeedState(URL)
    assert store.state(URL).status == "new"
    assert store.states() == []


def test_a_state_comes_back_as_it_was_saved_after_reopening(tmp_path: Path) -> None:
    state = FeedState(
        URL, "Nachrichten", "https://new.example/feed", '"etag"', "Tue, 24 Nov 2026 12:00:00 GMT", "ab" * 32, NOW,
        NOW - timedelta(hours=1), NOW + timedelta(minutes=10), 3, "the server answered 503", 42, 3600.0,
    )  # fmt: skip
    store = FeedStore(tmp_path / "feeds.sqlite")
    store.save(FeedState(URL))
    store.save(state)
    store.close()
    again = FeedStore(tmp_path / "feeds.sqlite")
    assert again.states() == [state]
    assert again.state(URL) == state
    assert (state.status, state.address) == ("failing", "https://new.example/feed")
    again.close()


def test_seen_articles_are_known_by_feed_revision_and_first_time(store: FeedStore) -> None:
    first, later = article("one"), article("one", "corrected").model_copy(update={"fetched": NOW + timedelta(hours=1)})
    store.mark_seen(URL, [first])
    store.mark_seen(URL, [later])
    known = store.seen([first.id, "another"])
    assert list(known) == [first.id]
    assert (known[first.id].feed, known[first.id].revision) == (URL, later.revision)
    assert known[first.id].first_fetched == NOW


def test_many_ids_can_be_asked_for_at_once(store: FeedStore) -> None:
    articles = [article(f"article-{number}") for number in range(1700)]
    store.mark_seen(URL, articles)
    assert len(store.seen([article.id for article in articles])) == 1700


def test_feeds_are_added_changed_and_removed_by_command(store: FeedStore) -> None:
    feed = Feed(url=URL, interval=timedelta(minutes=5), tags=("asia",))
    assert store.add(feed)
    assert not store.add(feed.model_copy(update={"title": "News"}))
    assert [(known.title, known.interval, known.tags) for known in store.added()] == [
        ("News", timedelta(minutes=5), ("asia",))
    ]
    store.save(FeedState(URL))
    assert store.remove(URL)
    assert not store.remove(URL)
    assert store.added() == []
    assert store.states() == []


def test_the_articles_of_a_removed_feed_are_nobodys(store: FeedStore) -> None:
    store.add(Feed(url=URL))
    store.mark_seen(URL, [article("one")])
    store.remove(URL)
    assert store.seen([article("one").id])[article("one").id].feed == ""


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "feeds.sqlite").write_text("my feeds: none. " * 100)
    with pytest.raises(Unavailable, match=r"feeds\.sqlite: is not a database; move it away"):
        FeedStore(tmp_path / "feeds.sqlite")
