"""Polling feeds: once, or for ever, each at its own pace."""

import hashlib
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable, WirewatchError
from ingest.feed import Feed
from ingest.fetch import MAX_BYTES, Fetcher, HttpStatus, Response
from ingest.intake import Intake, Intaker
from ingest.parse import parse_feed
from ingest.schedule import SHORTEST, Wishes, next_poll
from ingest.state import FeedState, FeedStore
from ingest.timetable import Timetable

events = structlog.get_logger(__name__, stage="poller")

FEEDS_READ_AGAIN = 10.0
"""Seconds until a feed that was added or removed by command is noticed."""

_MOVED_BACK_AFTER = 3  # failures at a new address, until the old one is tried again


@dataclass(frozen=True, slots=True)
class Pace:
    """How polling goes. `interval` holds where a feed names none; `workers` feeds are polled at once; `max_bytes` of a
    feed are read; `shard` (1, 4) takes the first of four parts of the feeds."""

    interval: timedelta = timedelta(minutes=10)
    workers: int = 8
    max_bytes: int = MAX_BYTES
    shard: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll came to. `error` is a line for people; then nothing, or not everything, was taken in.

    `unavailable`: not the feed was at fault but the log or the feed states.
    """

    url: str
    next_poll: datetime
    new: int = 0
    changed: int = 0
    error: str | None = None
    unavailable: bool = False


class PollObserver:
    """Hears how polling goes, from several threads. Each method does nothing until it is given something to do."""

    def looked_for_feeds(self) -> None:
        """Which feeds there are was read, as it is every few seconds."""

    def could_not_look(self, error: Unavailable) -> None:
        """The feed states are away; they are tried again."""

    def polled_feed(self, result: PollResult) -> None:
        """A feed was polled."""


class Poller:
    """Fetches feeds and hands their articles to `intaker`. `feeds` is asked again and again, for feeds come and go."""

    def __init__(
        self,
        feeds: Callable[[], Sequence[Feed]],
        fetcher: Fetcher,
        intaker: Intaker,
        store: FeedStore,
        pace: Pace | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._feeds = feeds
        self._fetcher = fetcher
        self._intaker = intaker
        self._store = store
        self._pace = pace or Pace()
        self._clock = clock

    def poll_all_once(
        self, stop: threading.Event, progress: Callable[[PollResult], None] | None = None
    ) -> list[PollResult]:
        """Poll every feed of the shard now. `progress` hears of each as it is done, from several threads."""

        def poll(feed: Feed) -> PollResult:
            result = self.poll_feed(feed, stop)
            if progress:
                progress(result)
            return result

        with ThreadPoolExecutor(self._pace.workers, thread_name_prefix="poll") as pool:
            return list(pool.map(poll, self._mine()))

    def run(self, stop: threading.Event, observer: PollObserver | None = None) -> None:
        """Poll every feed of the shard when it is due, until `stop` is set; a poll under way is finished."""
        hears = observer or PollObserver()

        def poll(feed: Feed) -> datetime:
            result = self.poll_feed(feed, stop)
            hears.polled_feed(result)
            return result.next_poll

        timetable = Timetable(poll, self._pace.workers)
        try:
            while not stop.is_set():
                try:
                    feeds = {feed.url: feed for feed in self._mine()}
                    timetable.keep(feeds, lambda url: self._store.state(url).next_poll)
                    hears.looked_for_feeds()
                except Unavailable as error:
                    events.warning("could not read which feeds there are", error=str(error))
                    hears.could_not_look(error)
                stop.wait(FEEDS_READ_AGAIN)
        finally:
            timetable.close()

    def poll_feed(self, feed: Feed, stop: threading.Event) -> PollResult:
        """Poll one feed now. Whatever goes wrong is told in the result and in the feed's state, never raised."""
        try:
            return self._poll(feed, self._store.state(feed.url), stop)
        except Unavailable as error:  # the log or the feed states: not the feed's fault, nothing was marked as seen
            events.warning("could not take in a feed", feed=feed.url, error=str(error))
            wait = max(SHORTEST, timedelta(seconds=error.retry_after))
            return PollResult(feed.url, self._clock() + wait, error=str(error), unavailable=True)

    def _poll(self, feed: Feed, state: FeedState, stop: threading.Event) -> PollResult:
        now = self._clock()
        if stop.is_set():
            return PollResult(feed.url, now, error="stopped before it was polled")
        try:
            answer = self._fetcher.get(
                state.address, etag=state.etag, last_modified=state.last_modified, max_bytes=self._pace.max_bytes
            )
            state, intake = self._take(feed, state, answer, stop)
        except Unavailable:
            raise
        except WirewatchError as error:
            return self._failed(feed, state, error, str(error))
        except Exception as error:  # one feed must not stop the others
            events.exception("a poll failed", feed=feed.url)
            return self._failed(feed, state, error, f"unexpected {type(error).__name__}: {error}")
        if not intake.complete:
            return PollResult(feed.url, now, intake.new, intake.changed, "stopped before all was taken in")
        return self._succeeded(feed, state, answer, intake)

    def _take(self, feed: Feed, state: FeedState, answer: Response, stop: threading.Event) -> tuple[FeedState, Intake]:
        """Take in what is in the answer. An answer that is known already is not parsed again."""
        digest = state.body_hash if answer.not_modified else hashlib.sha256(answer.body).hexdigest()
        if digest == state.body_hash:
            return state, Intake()
        parsed = parse_feed(answer.body, answer.content_type, feed, self._clock())
        for note in parsed.notes:
            events.info("a feed is odd", feed=feed.url, note=note)
        intake = self._intaker.take(feed.url, parsed.entries, stop)
        ttl = parsed.ttl.total_seconds() if parsed.ttl else None
        return replace(state, body_hash=digest, ttl=ttl, title=feed.title or parsed.title), intake

    def _succeeded(self, feed: Feed, state: FeedState, answer: Response, intake: Intake) -> PollResult:
        now = self._clock()
        ttl = timedelta(seconds=state.ttl) if state.ttl else None
        due = self._due(feed, Wishes(ttl, answer.max_age, answer.expires, answer.retry_after), 0)
        if answer.moved_to and answer.moved_to != state.address:
            events.info("a feed has moved", feed=feed.url, to=answer.moved_to)
        self._store.save(
            replace(
                state,
                moved_to=answer.moved_to or state.moved_to,
                etag=answer.etag or (state.etag if answer.not_modified else None),
                last_modified=answer.last_modified or (state.last_modified if answer.not_modified else None),
                last_fetched=now,
                last_success=now,
                next_poll=due,
                failures=0,
                error=None,
                articles=state.articles + intake.new,
            )
        )
        events.info("polled", feed=feed.url, new=intake.new, changed=intake.changed)
        return PollResult(feed.url, due, intake.new, intake.changed)

    def _failed(self, feed: Feed, state: FeedState, error: Exception, told: str) -> PollResult:
        failures = state.failures + 1
        retry_after = error.retry_after if isinstance(error, HttpStatus) else None
        due = self._due(feed, Wishes(retry_after=retry_after), failures)
        moved_to = None if failures >= _MOVED_BACK_AFTER else state.moved_to
        self._store.save(
            replace(
                state,
                title=state.title or feed.title,
                moved_to=moved_to,
                last_fetched=self._clock(),
                next_poll=due,
                failures=failures,
                error=told,
            )
        )
        events.info("a feed failed", feed=feed.url, error=told, failures=failures)
        return PollResult(feed.url, due, error=told)

    def _due(self, feed: Feed, wishes: Wishes, failures: int) -> datetime:
        jitter = random.random()  # noqa: S311 - spreads load, no secret
        return next_poll(self._clock(), feed.interval or self._pace.interval, wishes, failures, jitter)

    def _mine(self) -> list[Feed]:
        """The enabled feeds of this shard, each address once."""
        part, parts = self._pace.shard
        feeds = {feed.url: feed for feed in self._feeds() if feed.enabled}
        return [feed for feed in feeds.values() if _part(feed.url, parts) == part]


def _part(url: str, parts: int) -> int:
    """Which of so many parts a feed belongs to, from 1 on. Addresses that are alike are spread out, too."""
    return int.from_bytes(hashlib.sha256(url.encode()).digest()[:8]) % parts + 1
