"""Polling real feeds from a real server into a real log."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from ingest.article import Article, article_id
from ingest.errors import Unavailable
from ingest.feed import Feed
from ingest.fetch import Fetcher
from ingest.intake import Intaker, as_it_is
from ingest.log.port import ARTICLES, Message
from ingest.log.sqlite import SqliteLog
from ingest.poller import Pace, Poller, PollResult
from ingest.state import FeedStore
from tests.feed_server import FeedServer, Received, Reply

LOCAL = [ip_network("127.0.0.0/8")]


def rss(*items: tuple[str, str], ttl: int | None = None, date: str = "Tue, 24 Nov 2026 08:00:00 GMT") -> str:
    """A feed of (name, text) items; the name is title and address."""
    told = "".join(
        f"<item><title>{name}</title><link>https://news.example/{name}</link><description>{text}</description>"
        f"<pubDate>{date}</pubDate></item>"
        for name, text in items
    )
    return f'<rss version="2.0"><channel><title>Wire</title>{f"<ttl>{ttl}</ttl>" if ttl else ""}{told}</channel></rss>'


@dataclass
class Desk:
    """A poller with all that it works on."""

    folder: Path
    server: FeedServer
    feeds: list[Feed] = field(default_factory=list)
    enrich: Callable[[Article], Article] = as_it_is
    pace: Pace = field(default_factory=Pace)
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.log = SqliteLog(self.folder / "log.sqlite")
        self.store = FeedStore(self.folder / "feeds.sqlite")
        self.fetcher = Fetcher(allow_private=LOCAL, gap=0)

    def poller(self) -> Poller:
        intaker = Intaker(self.log, self.store, lambda article: self.enrich(article))
        return Poller(lambda: self.feeds, self.fetcher, intaker, self.store, self.pace)

    def add(self, path: str, **options: object) -> Feed:
        self.feeds.append(Feed.model_validate({"url": self.server.url(path), **options}))
        return self.feeds[-1]

    def poll(self, feed: Feed) -> PollResult:
        return self.poller().poll_feed(feed, self.stop)

    def articles(self) -> list[Article]:
        found = [Article.model_validate_json(record.value) for record in self.log.read(ARTICLES)]
        return sorted(found, key=lambda article: article.title)

    def titles(self) -> list[str]:
        return [article.title for article in self.articles()]

    def close(self) -> None:
        self.log.close()
        self.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with FeedServer() as server:
        desk = Desk(tmp_path, server)
        yield desk
        desk.close()


def test_the_entries_of_a_feed_become_articles_keyed_by_their_id(desk: Desk) -> None:
    desk.server.serve("/feed", rss(("one", "First."), ("two", "Second.")))
    result = desk.poll(desk.add("/feed", tags=["asia"]))
    assert (result.new, result.changed, result.error) == (2, 0, None)
    assert desk.titles() == ["one", "two"]
    assert {record.key for record in desk.log.read(ARTICLES)} == {article.id for article in desk.articles()}
    assert desk.articles()[0].tags == ("asia",)
    state = desk.store.state(desk.feeds[0].url)
    assert (state.status, state.title, state.articles, state.next_poll) == ("ok", "Wire", 2, result.next_poll)


def test_a_second_poll_adds_nothing(desk: Desk) -> None:
    desk.server.serve("/feed", rss(("one", "First.")))
    feed = desk.add("/feed")
    desk.poll(feed)
    assert desk.poll(feed).new == 0
    assert "if-none-match" in desk.server.requests("/feed")[1].headers
    assert desk.titles() == ["one"]
    assert desk.store.state(feed.url).articles == 1


def test_an_unchanged_body_is_not_parsed_again_though_the_server_sends_it(desk: Desk) -> None:
    body = rss(("one", "First.")).encode()
    desk.server.route("/feed", lambda request: Reply(body))
    feed = desk.add("/feed")
    desk.poll(feed)
    with closing(sqlite3.connect(desk.folder / "feeds.sqlite", isolation_level=None)) as behind_its_back:
        behind_its_back.execute("DELETE FROM seen")
    assert desk.poll(feed).new == 0
    assert desk.titles() == ["one"]


def test_a_changed_article_is_appended_as_a_new_revision_of_the_same_id(desk: Desk) -> None:
    feed = desk.add("/feed")
    desk.server.serve("/feed", rss(("one", "Three ships."), ("two", "Second.")))
    desk.poll(feed)
    desk.server.serve("/feed", rss(("one", "Correction: four ships."), ("two", "Second.")))
    result = desk.poll(feed)
    assert (result.new, result.changed) == (0, 1)
    versions = [article for article in desk.articles() if article.title == "one"]
    assert len({article.id for article in versions}) == 1
    assert len({article.revision for article in versions}) == 2
    assert desk.store.state(feed.url).articles == 2


def test_a_changed_article_without_a_date_keeps_the_time_it_first_came(desk: Desk) -> None:
    feed = desk.add("/feed")
    desk.server.serve("/feed", rss(("one", "Three ships."), date="soon"))
    desk.poll(feed)
    desk.server.serve("/feed", rss(("one", "Four ships."), date="soon"))
    desk.poll(feed)
    first, second = sorted(desk.articles(), key=lambda article: article.fetched)
    assert first.fetched < second.fetched
    assert first.published == second.published == first.fetched


def test_an_article_in_two_feeds_is_taken_from_the_first_which_then_owns_it(desk: Desk) -> None:
    desk.server.serve("/world", rss(("one", "First.")))
    desk.server.serve("/asia", rss(("one", "First, cut short"), ("two", "Second.")))
    world, asia = desk.add("/world"), desk.add("/asia")
    assert desk.poll(world).new == 1
    assert desk.poll(asia).new == 1
    desk.server.serve("/asia", rss(("one", "First, cut otherwise"), ("two", "Second.")))
    assert desk.poll(asia).changed == 0
    desk.server.serve("/world", rss(("one", "First, corrected.")))
    assert desk.poll(world).changed == 1


def test_two_feeds_polled_at_once_append_a_shared_article_once(desk: Desk) -> None:
    items = [(f"article-{number}", "Text.") for number in range(60)]
    for number in range(8):
        desk.server.serve(f"/feed-{number}", rss(*items))
        desk.add(f"/feed-{number}")
    results = desk.poller().poll_all_once(desk.stop)
    assert sum(result.new for result in results) == 60
    assert len(desk.titles()) == 60


def test_a_permanent_redirect_updates_the_feeds_address(desk: Desk) -> None:
    desk.server.redirect("/old", "/new", 301)
    desk.server.serve("/new", rss(("one", "First.")))
    feed = desk.add("/old")
    desk.poll(feed)
    desk.poll(feed)
    assert desk.store.state(feed.url).moved_to == desk.server.url("/new")
    assert desk.server.hits("/old") == 1
    assert desk.titles() == ["one"]


def test_a_temporary_redirect_does_not(desk: Desk) -> None:
    desk.server.redirect("/old", "/new", 302)
    desk.server.serve("/new", rss(("one", "First.")))
    feed = desk.add("/old")
    desk.poll(feed)
    desk.poll(feed)
    assert desk.store.state(feed.url).moved_to is None
    assert desk.server.hits("/old") == 2


def test_a_feed_whose_new_address_fails_is_asked_for_at_the_old_one_again(desk: Desk) -> None:
    desk.server.redirect("/old", "/new", 301)
    desk.server.serve("/new", rss(("one", "First.")))
    feed = desk.add("/old")
    desk.poll(feed)
    desk.server.serve("/new", "gone", status=404)
    for _ in range(3):
        desk.poll(feed)
    desk.server.serve("/old", rss(("one", "First."), ("two", "Second.")))
    assert desk.poll(feed).new == 1


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [("down", 503, "answered 503"), ("", 200, ""), ("<html><body>Hello</body></html>", 200, "")],
)
def test_a_failure_is_a_line_in_the_feeds_state_and_the_others_go_on(
    desk: Desk, body: str, status: int, said: str
) -> None:
    desk.server.serve("/bad", body, status=status)
    desk.server.serve("/good", rss(("one", "First.")))
    bad, good = desk.add("/bad"), desk.add("/good")
    results = {result.url: result for result in desk.poller().poll_all_once(desk.stop)}
    assert results[good.url].new == 1
    state = desk.store.state(bad.url)
    assert state.status == "failing"
    assert state.error is not None
    assert bad.url in state.error
    assert said in state.error
    assert state.failures == 1


def test_failures_lengthen_the_wait_and_a_success_ends_them(desk: Desk) -> None:
    feed = desk.add("/feed", interval="10m")
    waits = [desk.poll(feed).next_poll - datetime.now(UTC) for _ in range(4)]
    assert waits[3] > timedelta(minutes=79)
    assert waits[0] < timedelta(minutes=16)
    desk.server.serve("/feed", rss(("one", "First.")))
    assert desk.poll(feed).next_poll - datetime.now(UTC) < timedelta(minutes=12)
    state = desk.store.state(feed.url)
    assert (state.failures, state.error, state.status) == (0, None, "ok")


def test_retry_after_and_ttl_are_honoured_also_when_nothing_has_changed(desk: Desk) -> None:
    feed = desk.add("/feed", interval="1m")
    desk.server.serve("/feed", "busy", status=429, headers={"Retry-After": "7200"})
    assert desk.poll(feed).next_poll - datetime.now(UTC) > timedelta(minutes=119)
    desk.server.serve("/feed", rss(("one", "First."), ttl=180))
    for _ in range(2):
        assert desk.poll(feed).next_poll - datetime.now(UTC) > timedelta(minutes=179)


def test_when_the_log_is_away_nothing_is_marked_as_seen(desk: Desk) -> None:
    class FullDisk:
        """The log's disk is full for the first append."""

        def __init__(self) -> None:
            self.failures = 1

        def append(self, messages: Sequence[Message]) -> None:
            if self.failures:
                self.failures -= 1
                raise Unavailable("log.sqlite: the disk is full")
            desk.log.append(messages)

        def __getattr__(self, name: str) -> object:
            return getattr(desk.log, name)

    desk.server.serve("/feed", rss(("one", "First.")))
    feed = desk.add("/feed")
    intaker = Intaker(FullDisk(), desk.store)  # type: ignore[arg-type]
    poller = Poller(lambda: desk.feeds, desk.fetcher, intaker, desk.store)
    first = poller.poll_feed(feed, desk.stop)
    assert (first.error, first.unavailable) == ("log.sqlite: the disk is full", True)
    assert first.next_poll - datetime.now(UTC) < timedelta(minutes=2)
    assert desk.store.state(feed.url).failures == 0
    assert poller.poll_feed(feed, desk.stop).new == 1
    assert desk.titles() == ["one"]


def test_full_text_is_asked_for_new_and_changed_articles_only(desk: Desk) -> None:
    asked: list[str] = []

    def enrich(article: Article) -> Article:
        asked.append(article.title)
        return article.model_copy(update={"text": "The whole story.", "revision": "f" * 16, "full_text": True})

    desk.enrich = enrich
    feed = desk.add("/feed")
    desk.server.serve("/feed", rss(("one", "First.")))
    desk.poll(feed)
    desk.server.serve("/feed", rss(("one", "First."), ("two", "Second.")))
    assert desk.poll(feed).new == 1
    assert asked == ["one", "two"]
    assert all(article.full_text for article in desk.articles())


def test_an_article_whose_page_names_another_address_is_taken_once_under_that(desk: Desk) -> None:
    def enrich(article: Article) -> Article:
        url = "https://news.example/canonical"
        return article.model_copy(update={"id": article_id(url, None, "", ""), "url": url})

    desk.enrich = enrich
    feed, other = desk.add("/feed"), desk.add("/other")
    desk.server.serve("/feed", rss(("m-one", "First.")))
    desk.server.serve("/other", rss(("amp-one", "First.")))
    assert [desk.poll(feed).new, desk.poll(other).new, desk.poll(feed).new] == [1, 0, 0]
    desk.server.serve("/other", rss(("amp-one", "First."), date="Tue, 24 Nov 2026 09:00:00 GMT"))
    assert desk.poll(other).new == 0
    assert [article.url for article in desk.articles()] == ["https://news.example/canonical"]


def test_a_poll_that_is_stopped_half_way_is_finished_by_the_next(desk: Desk) -> None:
    def enrich(article: Article) -> Article:
        if article.title == "article-25":
            desk.stop.set()
        return article

    desk.enrich = enrich
    feed = desk.add("/feed")
    desk.server.serve("/feed", rss(*[(f"article-{number}", "Text.") for number in range(50)]))
    stopped = desk.poll(feed)
    assert stopped.new == 26
    assert stopped.error == "stopped before all was taken in"
    desk.stop.clear()
    desk.enrich = as_it_is
    assert desk.poll(feed).new == 24
    assert len(desk.titles()) == 50


def test_shards_divide_the_feeds_among_them(desk: Desk) -> None:
    for number in range(20):
        desk.server.serve(f"/feed-{number}", rss((f"article-{number}", "Text.")))
        desk.add(f"/feed-{number}")
    desk.add("/off", enabled=False)
    polled: list[str] = []
    for part in (1, 2, 3):
        desk.pace = Pace(shard=(part, 3))
        polled += [result.url for result in desk.poller().poll_all_once(desk.stop)]
    assert sorted(polled) == sorted(feed.url for feed in desk.feeds if feed.enabled)


def test_shards_share_addresses_that_differ_in_a_digit(desk: Desk) -> None:
    desk.feeds = [Feed(url=f"http://127.0.0.1:1/{number}.xml") for number in range(10)]
    desk.pace = Pace(shard=(1, 2))
    assert 2 < len(desk.poller().poll_all_once(desk.stop)) < 8


def test_progress_hears_of_every_feed(desk: Desk) -> None:
    for number in range(5):
        desk.add(f"/feed-{number}")
    heard: list[PollResult] = []
    desk.poller().poll_all_once(desk.stop, heard.append)
    assert {result.url for result in heard} == {feed.url for feed in desk.feeds}


def test_running_polls_what_is_due_and_what_is_added_meanwhile_and_stops(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.poller.FEEDS_READ_AGAIN", 0.05)
    desk.server.serve("/first", rss(("one", "First.")))
    desk.server.serve("/later", rss(("two", "Second.")))
    desk.server.serve("/not-due", rss(("three", "Third.")))
    desk.add("/first")
    not_due = desk.add("/not-due")
    state = desk.store.state(not_due.url)
    desk.store.save(type(state)(not_due.url, next_poll=datetime.now(UTC) + timedelta(hours=1)))
    thread = threading.Thread(target=desk.poller().run, args=(desk.stop,))
    thread.start()
    _until(lambda: desk.titles() == ["one"])
    desk.add("/later")
    _until(lambda: desk.titles() == ["one", "two"])
    desk.stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert desk.titles() == ["one", "two"]
    assert desk.server.hits("/not-due") == 0


def test_running_polls_a_feed_again_when_its_time_has_come(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.schedule.SHORTEST", timedelta(seconds=0.1))
    desk.pace = Pace(interval=timedelta(seconds=0.1))
    served: list[int] = []

    def growing(request: Received) -> Reply:
        served.append(len(served))
        return Reply(rss(*[(f"article-{number}", "Text.") for number in served]).encode())

    desk.server.route("/feed", growing)
    desk.add("/feed")
    thread = threading.Thread(target=desk.poller().run, args=(desk.stop,))
    thread.start()
    _until(lambda: len(desk.titles()) >= 3)
    desk.stop.set()
    thread.join(timeout=10)
    assert len(set(desk.titles())) == len(desk.titles()) >= 3


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    assert true()
