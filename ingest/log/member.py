"""One consumer of the SQLite log: polls, commits, and keeps its place in the group."""

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ingest.clock import Clock
from ingest.database import naming
from ingest.errors import Unavailable, WirewatchError
from ingest.log import records
from ingest.log.leases import Membership
from ingest.log.port import Message, PartitionsLost, Record

_LOOK_AGAIN = 0.02
"""Seconds between two looks at whether another process has written."""

Writing = Callable[[sqlite3.Connection], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the consumers of one log share with it. `appended` wakes those that wait in this process."""

    path: Path
    partitions: int
    lease: timedelta
    clock: Clock
    writing: Writing
    insert: Callable[[sqlite3.Connection, Sequence[Message]], None]
    appended: threading.Condition


class SqliteConsumer:
    """Keeps `ingest.log.port.Consumer`. `close` may come from another thread than the one that polls."""

    def __init__(self, shared: Shared, connection: sqlite3.Connection, group: str, topic: str) -> None:
        self._shared = shared
        self._connection = connection
        self._group = group
        self._topic = topic
        self._membership = Membership(group, topic, shared.partitions, shared.lease.total_seconds(), shared.clock)
        self._position: dict[int, int] = {}
        self._polled: dict[int, list[int]] = {}  # offsets given out and not committed, by partition
        self._lost = False  # whether some of those were taken away
        self._turn = 0  # the partition that is read first, so that none waits for ever
        self._mutex = threading.RLock()
        self.closed = False

    def poll(self, limit: int, timeout: float) -> list[Record]:
        deadline = time.monotonic() + timeout
        while True:
            with self._mutex, naming(self._shared.path):
                self._require_open()
                seen = self._data_version()
                self._keep_place()
                found = self._next(limit)
            if found or time.monotonic() >= deadline:
                return found
            self._wait(seen, deadline)

    def joined(self) -> bool:
        return not self.closed and self._membership.joined

    def keep_alive(self) -> None:
        with self._mutex:
            self._require_open()
            with self._shared.writing(self._connection):
                self._require_owned(self._polled)
                self._membership.beat(self._connection)

    def commit(self, done: Sequence[Record], produce: Sequence[Message] = ()) -> None:
        with self._mutex:
            self._require_open()
            offsets = self._ends(done)
            with self._shared.writing(self._connection):
                self._require_owned(offsets)
                self._shared.insert(self._connection, produce)
                records.commit(self._connection, self._group, self._topic, offsets)
                self._membership.beat(self._connection)
            for partition, offset in offsets.items():
                self._polled[partition] = [later for later in self._polled[partition] if later >= offset]
        if produce:
            self.wake()

    def rewind(self) -> None:
        with self._mutex:
            self._forget()

    def close(self) -> None:
        with self._mutex:
            if self.closed:
                return
            self.closed = True
            try:
                with suppress(Unavailable), self._shared.writing(self._connection):  # else the lease will expire
                    self._membership.leave(self._connection)
            finally:
                self._connection.close()
        self.wake()

    def wake(self) -> None:
        """Let the waiting consumers of this process look at once."""
        with self._shared.appended:
            self._shared.appended.notify_all()

    def _keep_place(self) -> None:
        """Join, stay in and rebalance the group where something is due."""
        busy = {partition for partition, offsets in self._polled.items() if offsets}
        if not self._membership.due(self._connection, busy):
            return
        with self._shared.writing(self._connection):
            unbroken = self._membership.renew(self._connection, busy)
        self._lost = self._lost or bool(busy - unbroken)
        self._position = {p: offset for p, offset in self._position.items() if p in unbroken}
        self._polled = {p: offsets for p, offsets in self._polled.items() if p in unbroken}

    def _next(self, limit: int) -> list[Record]:
        """What stands at the positions of the held partitions; the partition that is read first changes each time."""
        held = sorted(self._membership.held)
        self._load_positions(held)
        found: list[Record] = []
        for partition in [p for p in held if p >= self._turn] + [p for p in held if p < self._turn]:
            if len(found) >= limit:
                break
            start = self._position[partition]
            some = records.fetch(self._connection, self._topic, partition, start, limit - len(found))
            if some:
                self._position[partition] = some[-1].offset + 1
                self._polled.setdefault(partition, []).extend(record.offset for record in some)
                self._turn = partition + 1
                found += some
        return found

    def _load_positions(self, held: Sequence[int]) -> None:
        if missing := [partition for partition in held if partition not in self._position]:
            committed = records.committed(self._connection, self._group, self._topic)
            self._position.update({partition: committed.get(partition, 0) for partition in missing})

    def _ends(self, done: Sequence[Record]) -> dict[int, int]:
        """The offset after the last done record of each partition. ValueError when they are not the next ones."""
        if self._lost:
            raise self._partitions_lost()
        offsets: dict[int, list[int]] = {}
        for record in done:
            offsets.setdefault(record.partition, []).append(record.offset)
        for partition, given in offsets.items():
            if given != self._polled.get(partition, [])[: len(given)]:
                raise ValueError(f"records to commit are not the next ones polled from {self._topic}/{partition}")
        return {partition: given[-1] + 1 for partition, given in offsets.items()}

    def _require_owned(self, partitions: dict[int, int] | dict[int, list[int]]) -> None:
        wanted = [partition for partition in partitions if partitions[partition]]
        if self._lost or not self._membership.owns(self._connection, wanted):
            raise self._partitions_lost()

    def _partitions_lost(self) -> PartitionsLost:
        self._forget()
        return PartitionsLost(
            f"group {self._group}: another member has taken over partitions of {self._topic}; nothing was committed"
        )

    def _forget(self) -> None:
        self._position.clear()
        self._polled.clear()
        self._lost = False

    def _require_open(self) -> None:
        if self.closed:
            raise WirewatchError(f"{self._shared.path}: the log was closed; open it again to go on")

    def _data_version(self) -> int:
        """Changes whenever another connection, of this or another process, has committed."""
        [(version,)] = self._connection.execute("PRAGMA data_version").fetchall()
        return int(version)

    def _wait(self, seen: int, deadline: float) -> None:
        """Until something was written, or the deadline, or the time to renew the heartbeat."""
        until = min(deadline, time.monotonic() + self._shared.lease.total_seconds() / 10)
        while (left := until - time.monotonic()) > 0:
            with self._shared.appended:
                self._shared.appended.wait(min(left, _LOOK_AGAIN))
            with self._mutex, naming(self._shared.path):
                if self.closed or self._data_version() != seen:
                    return
