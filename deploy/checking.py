"""Trying feeds out: fetch and read each, take nothing in."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ingest.clock import utc_now
from ingest.errors import WirewatchError
from ingest.feed import Feed
from ingest.fetch import Fetcher
from ingest.parse import parse_feed


@dataclass(frozen=True, slots=True)
class Check:
    """How a feed answered: with how many entries, or why not."""

    url: str
    well: bool
    entries: int
    told: str


def check_feeds(feeds: Sequence[Feed], fetcher: Fetcher, workers: int) -> Iterator[Check]:
    """One answer per feed, in order."""

    def check(feed: Feed) -> Check:
        try:
            answer = fetcher.get(feed.url)
            parsed = parse_feed(answer.body, answer.content_type, feed, utc_now())
        except WirewatchError as error:
            return Check(feed.url, False, 0, str(error))
        moved = f"; it has moved to {answer.moved_to}" if answer.moved_to else ""
        return Check(
            feed.url,
            True,
            len(parsed.entries),
            f"{parsed.title or 'no title'}{moved}{''.join(f'; {n}' for n in parsed.notes)}",
        )

    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(check, feeds)
