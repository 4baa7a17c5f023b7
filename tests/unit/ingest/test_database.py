"""SQLite files as every stage keeps them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ingest.database import connect, naming, transaction
from ingest.errors import Unavailable, WirewatchError

FIRST = "CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('first')"
SECOND = "ALTER TABLE note ADD COLUMN author TEXT; UPDATE note SET author = 'desk'"


def test_a_file_keeps_its_rows_while_its_schema_grows(tmp_path: Path) -> None:
    path = tmp_path / "var" / "notes.sqlite"
    connect(path, [FIRST]).close()
    with closing(connect(path, [FIRST, SECOND])) as connection:
        assert connection.execute("SELECT text, author FROM note").fetchall() == [("first", "desk")]
    with pytest.raises(WirewatchError, match=r"notes\.sqlite: was written by a newer Wirewatch \(schema 2\)"):
        connect(path, [FIRST])


def test_a_commit_survives_power_failure_by_setting(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "notes.sqlite", [FIRST])) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
        assert connection.execute("PRAGMA synchronous").fetchall() == [(2,)]


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "notes.sqlite", [FIRST])) as connection:
        with pytest.raises(ZeroDivisionError):
            _write_half(connection)
        assert connection.execute("SELECT text FROM note").fetchall() == [("first",)]


def test_a_full_disk_is_named_and_leaves_nothing_by_halves(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    with closing(connect(path, [FIRST])) as connection:
        connection.execute("PRAGMA max_page_count = 10")
        with pytest.raises(Unavailable, match=r"notes\.sqlite: the disk is full; free some space") as caught:
            _fill(path, connection)
        assert caught.value.retry_after > 0
        assert connection.execute("SELECT count(*) FROM note").fetchall() == [(1,)]
        connection.execute("PRAGMA max_page_count = 10000")
        with naming(path), transaction(connection):
            connection.execute("INSERT INTO note VALUES ('there is space again')")
        assert connection.execute("SELECT count(*) FROM note").fetchall() == [(2,)]


def test_many_processes_may_make_the_same_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    program = (
        "import sys; from pathlib import Path; from ingest.database import connect\n"
        f"connect(Path(sys.argv[1]), [{FIRST!r}, {SECOND!r}]).close()"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, path]) for _ in range(6)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 6
    with closing(connect(path, [FIRST, SECOND])) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchall() == [(1,)]


def _write_half(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO note VALUES ('half')")
        raise ZeroDivisionError


def _fill(path: Path, connection: sqlite3.Connection) -> None:
    with naming(path), transaction(connection):
        for _ in range(100):
            connection.execute("INSERT INTO note VALUES (?)", ("x" * 3000,))
