"""What `wirewatch run` says of its work now and then: one line, when something has changed."""

import threading
from collections.abc import Callable

from deploy import wiring
from deploy.settings import Settings
from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable
from process.consumer import Observer, Work

FIRST_SECONDS = 5.0
SECONDS = 60.0


class Tally(Observer):
    """Counts what the stages do. Safe from any thread."""

    def __init__(self, pipeline: wiring.Pipeline, settings: Settings, clock: Clock = utc_now) -> None:
        self._pipeline = pipeline
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._indexed = self._dead = 0
        self._mails_before = pipeline.history.sent()

    def worked(self, work: Work) -> None:
        """Count a batch that a stage has committed."""
        with self._lock:
            self._dead += work.refused
            if work.stage == "indexer":
                self._indexed += work.records - work.refused

    def run(self, stop: threading.Event, say: Callable[[str], None]) -> None:
        """Say what has changed, soon at first and then every minute, until `stop` is set."""
        said, wait = "", FIRST_SECONDS
        while not stop.wait(wait):
            try:
                line = self._line()
            except Unavailable:
                continue  # the stage that needs it says so
            if line != said:
                say(f"{self._clock():%H:%M} UTC  {line}")
                said, wait = line, min(SECONDS, 2 * wait)

    def _line(self) -> str:
        store = self._pipeline.feeds
        states = [store.state(feed.url) for feed in wiring.all_feeds(self._settings, store) if feed.enabled]
        failing = sum(state.status == "failing" for state in states)
        polled = sum(state.status != "new" for state in states)
        with self._lock:
            indexed, dead = self._indexed, self._dead
        mails = self._pipeline.history.sent() - self._mails_before
        parts = [
            f"{polled:,} of {len(states):,} feeds polled",
            f"{indexed:,} articles indexed",
            f"{mails:,} mails sent",
        ]
        if failing:
            parts.insert(1, f"{failing:,} failing (`wirewatch feeds list` says why)")
        if dead:
            parts.append(f"{dead:,} dead letters (`wirewatch dead list`)")
        return ", ".join(parts)
