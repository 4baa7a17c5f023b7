"""Trying again: what a stage does while a backend is away."""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import structlog

from ingest.errors import Unavailable

events = structlog.get_logger(__name__)

_FIRST_WAIT = 0.1
_LONGEST_WAIT = 30.0
_KEEP_ALIVE_SECONDS = 5.0

T = TypeVar("T")


class StoppedError(Exception):
    """The stage was asked to stop while it waited."""


class Patience:
    """Repeats calls that raise Unavailable, waiting as long as they ask, longer each time, at most 30 s.

    `keep_alive` is called every five seconds meanwhile. Gives up after `longest` seconds.
    """

    def __init__(self, stop: threading.Event, keep_alive: Callable[[], None], longest: float = float("inf")) -> None:
        self._stop = stop
        self._keep_alive = keep_alive
        self._longest = longest

    def persist(self, call: Callable[[], T], heard: Callable[[Unavailable], None] | None = None) -> T:
        """The call's result. `heard` is told each time that the call has to be repeated.

        Raises StoppedError, Unavailable when patience ends, and whatever else the call raises.
        """
        give_up = time.monotonic() + self._longest
        failures = 0
        while True:
            try:
                return call()
            except Unavailable as error:
                wait = wait_for(error.retry_after, failures)
                failures += 1
                if time.monotonic() + wait > give_up:
                    raise
                events.warning("waiting", error=str(error), seconds=round(wait, 1), attempt=failures)
                if heard:
                    heard(error)
            self._wait(wait)

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stop.wait(min(left, _KEEP_ALIVE_SECONDS)):
                raise StoppedError
            if left > _KEEP_ALIVE_SECONDS:
                self._stay()
        if self._stop.is_set():
            raise StoppedError

    def _stay(self) -> None:
        try:
            self._keep_alive()
        except Unavailable as error:  # the call that is repeated will tell
            events.debug("could not stay in the group", error=str(error))


def wait_for(retry_after: float, failures: int) -> float:
    """Seconds to wait after so many failures: what was asked for, or doubling from 0.1 s with jitter; at most 30."""
    doubled: float = _FIRST_WAIT * 2 ** min(failures, 12) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, no secret
    return min(_LONGEST_WAIT, max(retry_after, doubled))
