"""A whole backend for the pages: real index, rules and alerts in a folder, filled with the newsroom's articles."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.alerts.database import AlertDatabase
from index.alerts.history import AlertHistory
from index.alerts.rule import Rule
from index.alerts.rule_store import RuleStore
from index.local import LocalIndex
from index.query import Query, parse
from index.web.backend import WebBackend
from tests.browser import newsroom
from tests.browser.newsroom import Piece

FILE_RULES = (
    Rule.model_validate(
        {"name": "Naval exercises", "query": "event:naval_exercise AND place:Russia", "to": "desk@example.org"}
    ),
    Rule.model_validate({"name": "Mistyped", "query": "plce:Taiwan", "every": "1d 07:00"}),
)


class Names:
    """Knows one city, by its French and its English name."""

    def resolve(self, name: str) -> tuple[str, ...]:
        """The canonical name of Beijing."""
        return ("Beijing",) if name.casefold() in ("pékin", "beijing") else ()


def read(text: str) -> Query:
    """A query, as the pages are given it."""
    return parse(text, Names(), newsroom.NOW)


@contextmanager
def house(folder: Path, pieces: Sequence[Piece], rules: Sequence[Rule] = FILE_RULES) -> Iterator[WebBackend]:
    """The backend, until the block ends. Its clock stands at `newsroom.NOW`."""
    index = LocalIndex(folder / "index")
    database = AlertDatabase(folder / "alerts.sqlite")
    try:
        documents = [newsroom.document(piece) for piece in pieces]
        if documents:
            assert not index.write(documents)
        yield WebBackend(
            index=index,
            parse=read,
            rules=RuleStore(database, rules, newsroom.clock),
            alerts=AlertHistory(database),
            feeds=lambda: newsroom.FEEDS,
            audit=newsroom.LedgerRow,
            clock=newsroom.clock,
        )
    finally:
        index.close()
        database.close()


def unbalanced(backend: WebBackend) -> WebBackend:
    """The same house, one article short."""
    return replace(backend, audit=lambda: newsroom.LedgerRow(indexed=49))
