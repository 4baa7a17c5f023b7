"""Tells the shared history what the outbox knows. The outbox keeps the original; what could not be told waits there."""

import threading

import structlog

from index.alerts.database import AlertDatabase
from index.alerts.history import SharedHistory
from index.alerts.local_history import read_mail
from ingest.errors import Unavailable

log = structlog.get_logger(__name__)

_AT_ONCE = 200


class HistoryPublisher:
    """For one thread of the outbox's machine; where several run, one at a time is at work."""

    def __init__(self, database: AlertDatabase, shared: SharedHistory) -> None:
        self._database = database
        self._shared = shared

    def publish(self) -> int:
        """Tell of every mail that changed since it was told of. Returns how many. Raises Unavailable, nothing is lost.

        Nothing is done while another publisher is at work: an older state must not follow a newer one.
        """
        told = 0
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
        """Give back the shared history's connections."""
        self._shared.close()

    def _some(self) -> int:
        with self._database.reading() as connection:
            changes = connection.execute("SELECT mail, n FROM untold ORDER BY mail LIMIT ?", (_AT_ONCE,)).fetchall()
            rows = [(mail, read_mail(connection, mail)) for mail, _ in changes]
        if rows:
            self._shared.put(rows)
            with self._database.transaction() as connection:  # what changed again meanwhile has another number
                connection.executemany("DELETE FROM untold WHERE mail = ? AND n = ?", changes)
        return len(rows)
