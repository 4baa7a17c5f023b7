"""Rules added by command, in alerts.sqlite."""

import threading
from collections.abc import Sequence

import structlog

from index.alerts.database import AlertDatabase, stamp
from index.alerts.rule import Rule, stored_rule
from index.alerts.rule_store import AddedRules
from ingest.clock import Clock, utc_now

log = structlog.get_logger(__name__)


class LocalRules:
    """An `AddedRules` for the processes of one machine."""

    def __init__(self, database: AlertDatabase, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._cached: tuple[int, Sequence[Rule]] = (-1, ())

    def all(self) -> Sequence[Rule]:
        """All of them, in the order in which they were added. Raises Unavailable."""
        with self._lock, self._database.reading() as connection:
            (changes,) = connection.execute("SELECT n FROM changes").fetchone()
            if changes != self._cached[0]:
                rows = connection.execute("SELECT name, rule FROM rules ORDER BY added, name")
                read = [stored_rule(name, text) for name, text in rows]
                self._cached = (changes, tuple(rule for rule in read if rule))
            return self._cached[1]

    def add(self, rule: Rule) -> bool:
        """Keep a rule. False when there is one of that name. Raises Unavailable."""
        row = (rule.name, rule.model_dump_json(), stamp(self._clock()))
        with self._database.transaction() as connection:
            new = connection.execute("INSERT OR IGNORE INTO rules VALUES (?, ?, ?)", row).rowcount == 1
            connection.execute("UPDATE changes SET n = n + ?", (new,))
        return new

    def remove(self, name: str) -> bool:
        """Drop a rule. False when there is none of that name. Raises Unavailable."""
        with self._database.transaction() as connection:
            gone = connection.execute("DELETE FROM rules WHERE name = ?", (name,)).rowcount == 1
            connection.execute("UPDATE changes SET n = n + ?", (gone,))
        return gone

    def close(self) -> None:
        """Give back the file."""
        self._database.close()


def hand_over(own: LocalRules, shared: AddedRules) -> None:
    """Give the rules of a machine that had nobody to share with to all machines. Raises Unavailable; do it again then.

    Where another of that name is shared already, that one holds.
    """
    for rule in own.all():
        new = shared.add(rule)
        own.remove(rule.name)
        log.info("shared a rule" if new else "dropped a rule: another of that name is shared", rule=rule.name)
