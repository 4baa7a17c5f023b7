"""Who reads which partition: membership in a consumer group, kept in the log's own file.

Each member renews a heartbeat. Partitions are dealt to the living members in the order they joined; a member gives up
what is no longer its share as soon as it holds no uncommitted records of it, and takes what is free. A lease ends when
its member leaves, lets its heartbeat expire or belongs to a process of this machine that is gone. Being the lease's
owner is checked in the transaction that commits, so a late member can never commit over its successor.
"""

import os
import platform
import sqlite3
import uuid
from collections.abc import Collection, Set
from pathlib import Path

from ingest.clock import Clock

_RENEWALS_PER_LEASE = 10


class Membership:
    """One member of one group on one topic. Methods that write want a transaction begun by the caller.

    `held` is what it owned when it last looked.
    """

    def __init__(self, group: str, topic: str, partitions: int, lease: float, clock: Clock) -> None:
        self.held: frozenset[int] = frozenset()
        self._id = uuid.uuid4().hex
        self._where = (group, topic)
        self._partitions = partitions
        self._lease = lease
        self._clock = clock
        self._renew_at = 0.0

    @property
    def joined(self) -> bool:
        """Whether it has joined and not left."""
        return self._renew_at > 0

    def due(self, connection: sqlite3.Connection, busy: Set[int]) -> bool:
        """Whether `renew` has something to do: the heartbeat, a share to take, or something to give up."""
        if not 0 <= self._renew_at - self._now() <= self._lease:
            return True
        members = [member for member, _, _ in self._members(connection)]
        leases = self._leases(connection)
        share = self._share(members)
        mine = {partition for partition, member in leases.items() if member == self._id}
        return mine != self.held or bool(share - leases.keys()) or bool(mine - share - busy)

    def renew(self, connection: sqlite3.Connection, busy: Set[int]) -> frozenset[int]:
        """Join or stay, clear away the dead, give up and take partitions. Returns those held without a break.

        `busy` partitions, of which records are uncommitted, are kept although they may be another's share.
        """
        self.beat(connection)
        self._bury(connection)
        share = self._share([member for member, _, _ in self._members(connection)])
        leases = self._leases(connection)
        mine = {partition for partition, member in leases.items() if member == self._id}
        self._release(connection, mine - share - busy)
        kept = frozenset(mine & (share | busy))
        taken = share - leases.keys()
        connection.executemany("INSERT INTO lease VALUES (?, ?, ?, ?)", [(*self._where, p, self._id) for p in taken])
        unbroken = kept & self.held
        self.held = kept | taken
        return unbroken

    def owns(self, connection: sqlite3.Connection, partitions: Collection[int]) -> bool:
        """Whether all the partitions are still this member's."""
        leases = self._leases(connection)
        return all(leases.get(partition) == self._id for partition in partitions)

    def beat(self, connection: sqlite3.Connection) -> None:
        """Renew the heartbeat, joining again where the member was cleared away."""
        now = self._now()
        connection.execute(
            'INSERT INTO member (id, "group", topic, process, expires) VALUES (?, ?, ?, ?, ?)'
            " ON CONFLICT (id) DO UPDATE SET expires = excluded.expires",
            (self._id, *self._where, f"{_namespace()} {os.getpid()}", now + self._lease),
        )
        self._renew_at = now + self._lease / _RENEWALS_PER_LEASE

    def leave(self, connection: sqlite3.Connection) -> None:
        """Give up the membership and all leases."""
        self._remove(connection, self._id)
        self.held = frozenset()
        self._renew_at = 0.0

    def _now(self) -> float:
        return self._clock().timestamp()

    def _share(self, members: list[str]) -> frozenset[int]:
        if self._id not in members:
            return frozenset()
        return frozenset(range(members.index(self._id), self._partitions, len(members)))

    def _members(self, connection: sqlite3.Connection) -> list[tuple[str, str, float]]:
        return connection.execute(
            'SELECT id, process, expires FROM member WHERE "group" = ? AND topic = ? ORDER BY number', self._where
        ).fetchall()

    def _leases(self, connection: sqlite3.Connection) -> dict[int, str]:
        rows = connection.execute('SELECT partition, member FROM lease WHERE "group" = ? AND topic = ?', self._where)
        return dict(rows.fetchall())

    def _bury(self, connection: sqlite3.Connection) -> None:
        for member, process, expires in self._members(connection):
            # An expiry further ahead than a lease lasts comes from a clock that has since been set back.
            expired = not 0 < expires - self._now() <= self._lease
            if expired or _is_gone(process):
                self._remove(connection, member)

    def _remove(self, connection: sqlite3.Connection, member: str) -> None:
        connection.execute('DELETE FROM lease WHERE "group" = ? AND topic = ? AND member = ?', (*self._where, member))
        connection.execute("DELETE FROM member WHERE id = ?", (member,))

    def _release(self, connection: sqlite3.Connection, partitions: Collection[int]) -> None:
        connection.executemany(
            'DELETE FROM lease WHERE "group" = ? AND topic = ? AND partition = ?',
            [(*self._where, partition) for partition in partitions],
        )


def _namespace() -> str:
    """Where process ids mean the same: this machine, and on Linux this container."""
    link = Path("/proc/self/ns/pid")
    return f"{platform.node()} {link.readlink() if link.is_symlink() else ''}"


def _is_gone(process: str) -> bool:
    """Whether it is a process of this machine that has ended. When in doubt it lives, until its heartbeat expires."""
    namespace, _, number = process.rpartition(" ")
    if os.name != "posix" or namespace != _namespace():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
