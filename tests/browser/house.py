"""A whole backend for the pages: real index, rules and alerts in a folder, filled with the newsroom's articles."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from index.alerts.alerter import Alerter
from index.alerts.database import AlertDatabase
from index.alerts.local_history import LocalHistory
from index.alerts.local_rules import LocalRules
from index.alerts.mail import Composer
from index.alerts.maildir import MaildirTransport
from index.alerts.mailer import Mailer
from index.alerts.matcher import Matcher
from index.alerts.outbox import Outbox
from index.alerts.rule import Rule
from index.alerts.rule_store import RuleStore
from index.local import LocalIndex
from index.query import Query, parse
from index.stories import Stories
from index.web.backend import WebBackend
from ingest.log.port import TAGGED, Record
from tests.browser import newsroom
from tests.browser.newsroom import Piece

SENDER = "Wirewatch <alerts@example.org>"
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
        store = RuleStore(LocalRules(database, newsroom.clock), rules)
        _send_alerts(folder, database, store, pieces)
        yield WebBackend(
            index=index,
            parse=read,
            rules=store,
            alerts=LocalHistory(database),
            feeds=lambda: newsroom.FEEDS,
            audit=lambda: newsroom.LEDGER,
            clock=newsroom.clock,
        )
    finally:
        index.close()
        database.close()


def _send_alerts(folder: Path, database: AlertDatabase, store: RuleStore, pieces: Sequence[Piece]) -> None:
    """Hand the articles to the alerter and send what comes of it, as the running stages do."""
    stories = Stories(folder / "stories.sqlite")
    outbox = Outbox(database, SENDER)
    alerter = Alerter(
        database, outbox, store.rules, Matcher(Names()), stories, ["desk@example.org"], clock=newsroom.clock
    )
    records = [
        Record(TAGGED, 0, n, tagged.article.id, tagged.model_dump_json().encode(), newsroom.NOW)
        for n, tagged in enumerate(newsroom.tagged(piece) for piece in pieces)
    ]
    try:
        assert not alerter.handle(records).refused
        Mailer(outbox, MaildirTransport(folder / "mail"), Composer(SENDER), clock=newsroom.clock).deliver_due()
    finally:
        stories.close()


def unbalanced(backend: WebBackend) -> WebBackend:
    """The same house, one article short."""
    return replace(backend, audit=lambda: newsroom.SHORT_LEDGER)
