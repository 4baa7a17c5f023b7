"""Which feed is polled when: one job of the scheduler for each feed, set anew after each poll."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]

from ingest.feed import Feed

Poll = Callable[[Feed], datetime]
"""Polls a feed and says when it is due again. Never raises."""


class Timetable:
    """Runs `poll` for each feed when it is due, at most `workers` at once and no feed twice at the same time."""

    def __init__(self, poll: Poll, workers: int) -> None:
        self._poll = poll
        self._feeds: Mapping[str, Feed] = {}
        self._known: set[str] = set()  # feeds with a job, waiting or under way
        self._lock = threading.Lock()
        self._closing = False
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(workers)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2},
            timezone="UTC",
        )
        self._scheduler.start()

    def keep(self, feeds: Mapping[str, Feed], due: Callable[[str], datetime | None]) -> None:
        """Poll these feeds by address and no others. A new one is polled when it is `due`, None for now."""
        with self._lock:
            gone = self._known - feeds.keys()
            new = feeds.keys() - self._known
            self._feeds = dict(feeds)
        for url in gone:
            self._drop(url)
        for url in new:
            when = due(url)
            with self._lock:
                self._known.add(url)
            self._set(url, when or datetime.now(UTC))

    def close(self) -> None:
        """Wait for the polls under way; begin no other."""
        with self._lock:
            self._closing = True
        self._scheduler.shutdown(wait=True)

    def _turn(self, url: str) -> None:
        with self._lock:
            feed = self._feeds.get(url)
            if feed is None or self._closing:
                self._known.discard(url)
                return
        self._set(url, self._poll(feed))

    def _set(self, url: str, when: datetime) -> None:
        with self._lock:
            if not self._closing:
                self._scheduler.add_job(self._turn, "date", run_date=when, args=(url,), id=url, replace_existing=True)

    def _drop(self, url: str) -> None:
        try:
            self._scheduler.remove_job(url)
        except JobLookupError:  # under way: its turn ends without another
            return
        with self._lock:
            self._known.discard(url)
