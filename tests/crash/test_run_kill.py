"""kill -9 of `wirewatch run` twenty times, at any point: nothing is lost, nothing comes twice, no mail goes twice."""

import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.desk import Desk, item, loopback, rss, taken_in, until
from tests.feed_server import RSS, FeedServer, Reply

KILLS = 20
FEEDS = 10
PER_POLL = 4
WORDS = ("harbour", "council", "ferry", "budget", "storm", "museum", "railway", "bridge", "market", "school")


class GrowingFeeds:
    """Feeds with a few new entries at every request; what one has listed once it lists for good.

    Every third entry is about a kestrel, which a rule asks for; every fifth is carried by the next feed as well.
    """

    def __init__(self, web: FeedServer, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._items: list[list[str]] = [[] for _ in range(FEEDS)]
        self.served: set[str] = set()
        self.kestrels: set[str] = set()
        self.asked = threading.Event()
        self.growing = True
        self.web = web

    def addresses(self, edition: int) -> list[str]:
        """Three feeds keep their address for good. The others take a new one, so that they are due at once."""
        paths = [f"/{feed}.xml" if feed < 3 else f"/{feed}.xml?edition={edition}" for feed in range(FEEDS)]
        for feed, path in enumerate(paths):
            self.web.route(path, lambda request, feed=feed: self._answer(feed))  # type: ignore[misc]
        return [f"http://{loopback(feed)}:{self.web.port}{path}" for feed, path in enumerate(paths)]

    def _answer(self, feed: int) -> Reply:
        with self._lock:
            for _ in range(PER_POLL if self.growing else 0):
                self._grow(feed)
            body = rss(self._items[feed], f"Source {feed}").encode()
            self.asked.set()
        return Reply(body, 200, {"Content-Type": RSS})

    def _grow(self, feed: int) -> None:
        number = len(self.served)
        name = f"story-{number}"
        self.served.add(f"https://wire.example/{name}")
        words = " ".join(self._chance.choices(WORDS, k=60))
        if number % 3 == 0:
            self.kestrels.add(f"https://wire.example/{name}")
            words += " A kestrel was seen."
        entry = item(name, f"Report {number}: {words.partition(' ')[0]} news", f"{words} Number {number}.")
        self._items[feed].append(entry)
        if number % 5 == 0:
            self._items[(feed + 1) % FEEDS].append(entry)


@pytest.mark.timeout(900)
def test_nothing_is_lost_or_doubled_by_twenty_kills(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    desk = Desk(tmp_path, rules={"Kestrels": "kestrel"}, rule_options='group = "article"')
    with FeedServer("0.0.0.0") as web:
        feeds = GrowingFeeds(web, seed)
        killed = [_run_and_kill(desk, feeds, edition, chance) for edition in range(KILLS)]
        print(f"killed: {Counter(killed)}")
        desk.feeds = feeds.addresses(KILLS)
        desk.once()
        feeds.growing = False
        last = desk.once()
    assert "articles        0" in last.out
    nothing_lost(desk, feeds)
    no_mail_lost_or_doubled(desk, feeds)


def _run_and_kill(desk: Desk, feeds: GrowingFeeds, edition: int, chance: random.Random) -> str:
    """Start, and kill at a random point while it starts, after the first poll began, or after the first mail went."""
    desk.feeds = feeds.addresses(edition)
    feeds.asked.clear()
    mails = len(desk.mails())
    point = chance.choice(("starting", "polling", "polling", "mailing", "mailing"))
    with desk.running() as process:
        if point == "starting":
            time.sleep(chance.uniform(0.1, 3.0))
            return point
        assert feeds.asked.wait(60), desk.said()
        if point == "mailing":
            until(lambda: len(desk.mails()) > mails or process.poll() is not None)
        time.sleep(chance.choice((0.2, 0.5, 2.0)) * chance.random())
        assert process.poll() is None, desk.said()
        return point


def nothing_lost(desk: Desk, feeds: GrowingFeeds) -> None:
    assert set(taken_in(desk)) == feeds.served
    audit = desk.json("audit")
    assert audit["balanced"]
    assert (audit["dead"], audit["pending"]) == (0, 0)
    assert audit["indexed"] == len(feeds.served) == desk.total("published:[1970-01-01 TO now]")


def no_mail_lost_or_doubled(desk: Desk, feeds: GrowingFeeds) -> None:
    mails = desk.mails()
    ids = Counter(str(mail["Message-ID"]) for mail in mails)
    assert set(ids.values()) == {1}
    alerts = desk.json("alerts", "list", "--limit", "10000")
    assert {alert["state"] for alert in alerts} == {"sent"}
    told = Counter(article["url"] for alert in alerts for article in alert["articles"])
    assert set(told) == feeds.kestrels
    assert set(told.values()) == {1}
    assert set(ids) == {alert["message_id"] for alert in alerts}
