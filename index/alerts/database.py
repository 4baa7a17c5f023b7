"""The file alerts.sqlite: groups of matches, the outbox, and what is kept beside them. One transaction can hold all."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest import database
from ingest.errors import Unavailable

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

_SHARING = """
-- mails whose present state the shared history was not told of yet; `n` counts their changes
CREATE TABLE untold (mail INTEGER PRIMARY KEY, n INTEGER NOT NULL);
INSERT INTO untold SELECT id, 1 FROM mails;
CREATE TRIGGER mail_made AFTER INSERT ON mails BEGIN
    INSERT INTO untold VALUES (new.id, 1) ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER mail_changed AFTER UPDATE ON mails BEGIN
    INSERT INTO untold VALUES (new.id, 1) ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER delivery_made AFTER INSERT ON deliveries BEGIN
    INSERT INTO untold VALUES (new.mail, 1) ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER delivery_changed AFTER UPDATE ON deliveries BEGIN
    INSERT INTO untold VALUES (new.mail, 1) ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER source_made AFTER INSERT ON sources BEGIN
    INSERT INTO untold SELECT mail, 1 FROM groups WHERE id = new.grouped ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER source_changed AFTER UPDATE ON sources BEGIN
    INSERT INTO untold SELECT mail, 1 FROM groups WHERE id = new.grouped ON CONFLICT (mail) DO UPDATE SET n = n + 1;
END;

-- the rules that all machines share, as the alerter last saw them; no row before it ever did
CREATE TABLE shared_rules (rules TEXT NOT NULL)
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
        self._connection = database.connect(path, [_SCHEMA, _SHARING])

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

    @contextmanager
    def alone(self, role: str) -> Iterator[bool]:
        """Be the only one in that role over this file; False while another process or thread is.

        The lock dies with its holder. Raises Unavailable.
        """
        path = self.path.with_suffix(f".{role}")
        try:
            lock = path.open("a")
        except OSError as error:
            raise Unavailable(f"{path}: {error.strerror}; check the folder's rights and room") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def close(self) -> None:
        """Give back the file."""
        with self._lock:
            self._connection.close()
