"""Tells all machines what alerts.sqlite knows: the history of alerts, and rules from before there was anyone to tell.

The outbox keeps the original; what could not be told waits there.
"""

import threading

import structlog

from index.alerts.database import AlertDatabase
from index.alerts.history import SharedHistory
from index.alerts.local_history import read_mail
from index.alerts.local_rules import LocalRules, hand_over
from index.alerts.rule_store import AddedRules
from ingest.errors import Unavailable

log = structlog.get_logger(__name__)

_AT_ONCE = 200


class Publisher:
    """For one thread of the outbox's machine; where several run, one at a time is at work."""

    def __init__(self, database: AlertDatabase, history: SharedHistory, rules: AddedRules) -> None:
        self._database = database
        self._history = history
        self._own_rules = LocalRules(database)
        self._rules = rules

    def publish(self) -> int:
        """Tell of every mail that changed since it was told of. Returns how many.

        Nothing is done while another publisher is at work: an older state must not follow a newer one. Raises
        Unavailable; then the rest is told next time.
        """
        told = 0
        hand_over(self._own_rules, self._rules)
        with self._database.alone("history") as alone:
            while alone and (some := self._some()):
                told += some
        return told

    def run(self, stop: threading.Event, pause: float = 1.0) -> None:
        """Publish until `stop` is set, looking every `pause` seconds, and once more then."""
        while not stop.wait(max(pause, self.publish_or_say())):
            pass
        self.publish_or_say()

    def publish_or_say(self) -> float:
        """As `publish`; when it cannot be, the log says so. Returns how many seconds to wait at least."""
        try:
            self.publish()
        except Unavailable as error:
            log.warning("the history of alerts is told later", error=str(error), seconds=error.retry_after)
            return error.retry_after
        return 0.0

    def close(self) -> None:
        """Give back the connections to what is shared."""
        self._history.close()
        self._rules.close()

    def _some(self) -> int:
        with self._database.reading() as connection:
            changes = connection.execute("SELECT mail, n FROM untold ORDER BY mail LIMIT ?", (_AT_ONCE,)).fetchall()
            rows = [(mail, read_mail(connection, mail)) for mail, _ in changes]
        if rows:
            self._history.put(rows)
            with self._database.transaction() as connection:  # what changed again meanwhile has another number
                connection.executemany("DELETE FROM untold WHERE mail = ? AND n = ?", changes)
        return len(rows)
