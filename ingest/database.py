"""SQLite files as every stage keeps them: WAL, durable, versioned, their errors naming file and remedy."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import Unavailable, WirewatchError

BUSY_SECONDS = 15.0
"""How long a statement waits for another process that is writing."""

_OPEN_ATTEMPTS = 20

_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full; free some space, the work goes on by itself",
    sqlite3.SQLITE_BUSY: "another process keeps it locked; stop what holds it",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked; stop what holds it",
    sqlite3.SQLITE_IOERR: "reading or writing failed; check the disk, its space and your limits",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check that the folder is there and that you may write in it",
    sqlite3.SQLITE_PERM: "may not be opened; check the permissions of the file and its folder",
    sqlite3.SQLITE_READONLY: "may not be written; give this user write permission on the file and its folder",
    sqlite3.SQLITE_NOTADB: "is not a database; move it away to begin anew, or name another data folder",
    sqlite3.SQLITE_CORRUPT: "the database is damaged; put a backup in its place, or move it away to begin anew",
}
"""What can be done, by primary result code (https://www.sqlite.org/rescode.html)."""


def connect(path: Path, migrations: Sequence[str], page_size: int = 4096) -> sqlite3.Connection:
    """Open the file, made where it is missing and brought to the newest schema; usable from any thread, one at a time.

    `migrations` are scripts of `;`-parted statements, the n-th leading from schema n to n + 1; `PRAGMA user_version`
    keeps the number. `page_size` is in bytes and holds for a new file. Nothing begins a transaction but `transaction`.
    Raises Unavailable, WirewatchError.
    """
    with naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA page_size = {page_size}")
            _enter_wal(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            _migrate(connection, path, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Take the write lock, then commit, or roll back when anything raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk makes SQLite roll back by itself
            connection.execute("ROLLBACK")
        raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system raise into errors about that file.

    Whatever is mended from outside (space, permissions, another file) is Unavailable: stages wait for it and go on.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _named(path, error) from error
    except OSError as error:
        raise Unavailable(f"{path}: cannot be made ({error.strerror}); check the folder and its permissions") from error


def _named(path: Path, error: sqlite3.Error) -> WirewatchError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in _REMEDIES:
        return Unavailable(f"{path}: {_REMEDIES[code]} ({error})", retry_after=2.0)
    return WirewatchError(f"{path}: {error}")


def _enter_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait for its busy timeout here, so several processes that open at once retry."""
    for attempt in range(_OPEN_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == _OPEN_ATTEMPTS - 1:
                raise
            time.sleep(0.05)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    newest = len(migrations)
    if _version(connection) == newest:
        return
    with transaction(connection):
        version = _version(connection)  # another process may have been faster
        if version > newest:
            raise WirewatchError(f"{path}: was written by a newer Wirewatch (schema {version}); install that version")
        for script in migrations[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {newest}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger is one, with all that it does."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    [(version,)] = connection.execute("PRAGMA user_version").fetchall()
    return int(version)
