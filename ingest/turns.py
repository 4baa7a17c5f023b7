"""Politeness: one request at a time to each host, and a pause between two."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.fetch_errors import HostBusy

_REMEMBERED = 1000  # hosts whose last visit is kept before the old ones are swept out


class HostTurns:
    """Hands out turns, one per host. Safe to use from several threads."""

    def __init__(self, gap: float, patience: float) -> None:
        """`gap` seconds lie between two requests to a host; nobody waits longer than `patience` seconds for a turn."""
        self._gap = gap
        self._patience = patience
        self._changed = threading.Condition()
        self._busy: set[str] = set()
        self._free_from: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, url: str) -> Iterator[None]:
        """Waits for the turn at `host`, and holds it. Raises HostBusy."""
        self._take(host, url)
        try:
            yield
        finally:
            with self._changed:
                now = time.monotonic()
                self._busy.discard(host)
                if len(self._free_from) > _REMEMBERED:
                    self._free_from = {name: at for name, at in self._free_from.items() if at > now}
                self._free_from[host] = now + self._gap
                self._changed.notify_all()

    def _take(self, host: str, url: str) -> None:
        deadline = time.monotonic() + self._patience
        with self._changed:
            while True:
                now = time.monotonic()
                free_in = self._free_from.get(host, now) - now
                if host not in self._busy and free_in <= 0:
                    self._busy.add(host)
                    return
                if now >= deadline:
                    raise HostBusy(url, f"no turn at {host} within {self._patience:g} s; it will be tried again")
                # Whoever holds the turn wakes us; a pause after it is slept through.
                self._changed.wait(deadline - now if host in self._busy else min(free_in, deadline - now))
