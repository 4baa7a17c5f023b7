"""What is remembered of each feed: how its last polls went, which articles it gave, and feeds added by command.

One SQLite file, written by the poller and by `wirewatch feeds add`.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.article import Article
from ingest.database import connect, naming, transaction
from ingest.feed import Feed

_IDS_AT_ONCE = 500  # SQLite's limit of variables is 999 in old builds

_SCHEMA = (
    """
    CREATE TABLE feed (
        url TEXT PRIMARY KEY, title TEXT, moved_to TEXT, etag TEXT, last_modified TEXT, body_hash TEXT,
        last_fetched TEXT, last_success TEXT, next_poll TEXT, failures INTEGER NOT NULL, error TEXT,
        articles INTEGER NOT NULL, ttl REAL
    );
    CREATE TABLE seen (
        id TEXT PRIMARY KEY, feed TEXT NOT NULL, revision TEXT NOT NULL, first_fetched TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE added (url TEXT PRIMARY KEY, feed TEXT NOT NULL)
    """,
)


@dataclass(frozen=True, slots=True)
class FeedState:
    """How one feed is doing. Times are UTC, None for never.

    `url`        as settings or command gave it; `moved_to` is where it has permanently moved
    `body_hash`  of the last body that was taken in whole
    `failures`   in a row; `error` is the last one's line, None when the last poll went well
    `articles`   how many it has given
    `ttl`        seconds it asked to be left alone when it was last read
    """

    url: str
    title: str | None = None
    moved_to: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_fetched: datetime | None = None
    last_success: datetime | None = None
    next_poll: datetime | None = None
    failures: int = 0
    error: str | None = None
    articles: int = 0
    ttl: float | None = None

    @property
    def status(self) -> str:
        """One word: "new" before the first poll, then "ok" or "failing"."""
        if self.error:
            return "failing"
        return "ok" if self.last_fetched else "new"

    @property
    def address(self) -> str:
        """Where to fetch it."""
        return self.moved_to or self.url


@dataclass(frozen=True, slots=True)
class Seen:
    """An article that was taken in: the feed that owns it, the revision of the feed's entry, when it first came."""

    feed: str
    revision: str
    first_fetched: datetime


class FeedStore:
    """The file of feed states. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection = connect(path, _SCHEMA)

    def state(self, url: str) -> FeedState:
        """How the feed is doing; a fresh state when it was never polled."""
        rows = self._select("SELECT * FROM feed WHERE url = ?", (url,))
        return _state(rows[0]) if rows else FeedState(url)

    def states(self) -> list[FeedState]:
        """Every feed that was ever polled, by address."""
        return [_state(row) for row in self._select("SELECT * FROM feed ORDER BY url")]

    def save(self, state: FeedState) -> None:
        """Keep the state, in place of the former one."""
        values = [_stored(getattr(state, name)) for name in FeedState.__dataclass_fields__]
        with self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )

    def seen(self, ids: Sequence[str]) -> dict[str, Seen]:
        """Those of the article ids that were taken in."""
        found: dict[str, Seen] = {}
        for start in range(0, len(ids), _IDS_AT_ONCE):
            some = ids[start : start + _IDS_AT_ONCE]
            marks = ",".join("?" * len(some))
            rows = self._select(f"SELECT * FROM seen WHERE id IN ({marks})", tuple(some))  # noqa: S608 - only marks
            found.update({row[0]: Seen(row[1], row[2], datetime.fromisoformat(row[3])) for row in rows})
        return found

    def mark_seen(self, feed_url: str, articles: Sequence[Article]) -> None:
        """Remember that the feed gave these articles, as entries, and owns them. Their first time stays."""
        with self._writing():
            self._connection.executemany(
                "INSERT INTO seen VALUES (?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, revision = excluded.revision",
                [(article.id, feed_url, article.revision, article.fetched.isoformat()) for article in articles],
            )

    def added(self) -> list[Feed]:
        """The feeds added by command, in the order of their addresses."""
        return [Feed.model_validate_json(row[0]) for row in self._select("SELECT feed FROM added ORDER BY url")]

    def add(self, feed: Feed) -> bool:
        """Add a feed, or give it other options. Returns whether it is new."""
        with self._writing():
            known = self._connection.execute("SELECT 1 FROM added WHERE url = ?", (feed.url,)).fetchall()
            self._connection.execute("INSERT OR REPLACE INTO added VALUES (?, ?)", (feed.url, feed.model_dump_json()))
        return not known

    def remove(self, url: str) -> bool:
        """Forget a feed that was added by command. Returns whether there was one.

        Other feeds may take over its articles.
        """
        with self._writing():
            removed = self._connection.execute("DELETE FROM added WHERE url = ?", (url,)).rowcount
            if removed:
                self._connection.execute("DELETE FROM feed WHERE url = ?", (url,))
                self._connection.execute("UPDATE seen SET feed = '' WHERE feed = ?", (url,))
        return bool(removed)

    def close(self) -> None:
        """Give back the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, naming(self._path), transaction(self._connection):
            yield

    def _select(self, statement: str, values: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock, naming(self._path):
            return self._connection.execute(statement, values).fetchall()


def _stored(value: object) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _state(row: tuple[Any, ...] | sqlite3.Row) -> FeedState:
    times = [datetime.fromisoformat(time) if time else None for time in row[6:9]]
    return FeedState(*row[:6], *times, *row[9:])
