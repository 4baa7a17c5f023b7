"""The file alerts.sqlite: rules added by command, groups of matches, the outbox. One transaction can hold all three."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest import database

_SCHEMA = """
CREATE TABLE rules (name TEXT PRIMARY KEY, rule TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE changes (n INTEGER NOT NULL);
INSERT INTO changes VALUES (0);

-- what was matched already, so that replay changes nothing
CREATE TABLE seen (
    rule TEXT NOT NULL, article TEXT NOT NULL, revision TEXT NOT NULL,
    PRIMARY KEY (rule, article, revision)
) WITHOUT ROWID;

-- state: queued, sending, sent, failed, unknown. `message` is set once, at the first attempt, and dropped when sent.
CREATE TABLE mails (
    id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, rule TEXT NOT NULL, query TEXT NOT NULL,
    digest INTEGER NOT NULL, created TEXT NOT NULL, due TEXT NOT NULL, next_try TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued', attempts INTEGER NOT NULL DEFAULT 0, error TEXT,
    subject TEXT, message BLOB, finished TEXT
);
CREATE INDEX mails_to_send ON mails (next_try) WHERE state = 'queued';
CREATE INDEX mails_under_way ON mails (id) WHERE state = 'sending';
CREATE INDEX mails_of_rule ON mails (rule, id);

-- state: pending, sent, failed, unknown
CREATE TABLE deliveries (
    mail INTEGER NOT NULL REFERENCES mails (id) ON DELETE CASCADE, recipient TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', error TEXT,
    PRIMARY KEY (mail, recipient)
);

CREATE TABLE groups (
    id INTEGER PRIMARY KEY, rule TEXT NOT NULL, opened TEXT NOT NULL, events TEXT NOT NULL,
    mail INTEGER NOT NULL REFERENCES mails (id) ON DELETE CASCADE
);
CREATE INDEX groups_of_rule ON groups (rule, opened);
CREATE INDEX groups_of_mail ON groups (mail);

-- `mailed` is 1 for those that stood in the mail, 0 for those that joined later
CREATE TABLE sources (
    grouped INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE, article TEXT NOT NULL, story TEXT NOT NULL,
    source TEXT NOT NULL, joined TEXT NOT NULL, mailed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (grouped, article)
);
CREATE INDEX sources_of_article ON sources (article);
CREATE INDEX sources_of_story ON sources (story);
"""


def stamp(moment: datetime) -> str:
    """A time as the file keeps it: UTC, to the microsecond, sorting as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(stamp: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(stamp)


class AlertDatabase:
    """One connection to alerts.sqlite, for any thread, one transaction at a time. Other processes have their own."""

    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises Unavailable when it cannot be had, WirewatchError when it is no such file."""
        self.path = path
        self._lock = threading.RLock()
        self._connection = database.connect(path, [_SCHEMA])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing; durable when the block ends. Raises Unavailable."""
        with self._lock, database.naming(self.path), database.transaction(self._connection):
            yield self._connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read one consistent state. Raises Unavailable."""
        with self._lock, database.naming(self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Give back the file."""
        with self._lock:
            self._connection.close()
