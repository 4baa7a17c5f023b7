"""Which articles tell the same story in nearly the same words: one wire report in many papers, lightly edited.

Kept in SQLite, so that an article keeps its story through replays and restarts.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from index.schema import microseconds
from index.sketch import Sketch, sketch
from ingest.article import Article
from ingest.database import connect, naming, transaction

ALIKE = 0.5
"""Similarity from which two articles are one story. Changing one word in twenty of a text leaves it near 0.7."""
WINDOW = timedelta(days=3)
"""How far apart in publication two articles of a story may be."""
COMPARED = timedelta(days=30)
"""How long before the newest article another may lie and still be compared with; feeds bring old articles too."""
KEPT = timedelta(days=400)
"""How long before the newest article another may lie and still keep its story when it is replayed."""

_CANDIDATES = 30
_MIGRATIONS = (
    """
    CREATE TABLE article (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        story TEXT NOT NULL,
        published INTEGER NOT NULL,
        sketch BLOB NOT NULL
    );
    CREATE INDEX article_published ON article (published);
    CREATE TABLE shingle (
        hash INTEGER NOT NULL,
        published INTEGER NOT NULL,
        article INTEGER NOT NULL,
        PRIMARY KEY (hash, published, article)
    ) WITHOUT ROWID;
    CREATE INDEX shingle_published ON shingle (published)
    """,
)


class Stories:
    """The stories in one SQLite file. For one process; `assign` from one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = connect(path, _MIGRATIONS)

    def assign(self, articles: Sequence[Article]) -> list[str]:
        """The story of each article: the id of the first article like it, its own id when there is none. Durable.

        An article keeps the story it was given when it was first seen, whatever its later revisions say.
        Raises Unavailable.
        """
        with naming(self._path), transaction(self._database):
            stories = [self._assign(article) for article in articles]
            if articles:
                self._forget()
            return stories

    def remembered(self) -> int:
        """How many articles have a story on file."""
        with naming(self._path):
            return int(self._rows("SELECT count(*) FROM article")[0][0])

    def close(self) -> None:
        """Give back the file."""
        self._database.close()

    def _assign(self, article: Article) -> str:
        known = self._rows("SELECT story FROM article WHERE id = ?", article.id)
        if known:
            return str(known[0][0])
        made = sketch(article.title, article.text)
        story = self._like(made, article.published) or article.id
        published = microseconds(article.published)
        cursor = self._database.execute(
            "INSERT INTO article (id, story, published, sketch) VALUES (?, ?, ?, ?)",
            (article.id, story, published, made.to_bytes()),
        )
        self._database.executemany(
            "INSERT INTO shingle (hash, published, article) VALUES (?, ?, ?)",
            [(key, published, cursor.lastrowid) for key in made.keys],
        )
        return story

    def _like(self, made: Sketch, published: datetime) -> str | None:
        """The story of the most similar article of the window, of equals the first that came in."""
        span = (microseconds(published - WINDOW), microseconds(published + WINDOW))
        # A phrase that thousands of articles use tells nothing: of each key only the oldest few are looked at.
        one = (
            "SELECT * FROM (SELECT article FROM shingle WHERE hash = ? AND published BETWEEN ? AND ?"
            " ORDER BY published, article LIMIT ?)"
        )
        found = self._rows(
            f"""SELECT number, story, sketch FROM article
                WHERE number IN ({" UNION ".join([one] * len(made.keys))})""",  # noqa: S608  only question marks go in
            *(value for key in made.keys for value in (key, *span, _CANDIDATES)),
        )
        scored = [(made.similarity(Sketch.from_bytes(stored)), -number, story) for number, story, stored in found]
        best = max(scored, default=None)
        return str(best[2]) if best and best[0] >= ALIKE else None

    def _forget(self) -> None:
        """Drop what is too old to matter, counted from the newest article."""
        [(newest,)] = self._rows("SELECT max(published) FROM article")
        compared, kept = (int(newest) - length // timedelta(microseconds=1) for length in (COMPARED, KEPT))
        self._database.execute("DELETE FROM shingle WHERE published < ?", (compared,))
        self._database.execute("DELETE FROM article WHERE published < ?", (kept,))

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(self._database.execute(statement, values)) as rows:
            return rows.fetchall()
