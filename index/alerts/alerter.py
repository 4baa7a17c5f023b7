"""The stage that alerts: tagged articles in, mails in the outbox out. It needs no search index."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from pydantic import ValidationError

from index.alerts import grouping
from index.alerts.database import AlertDatabase
from index.alerts.matcher import Match, Matcher
from index.alerts.outbox import Outbox
from index.alerts.rule import Rule
from index.alerts.source import source
from index.document import Document, document
from ingest.article import Article
from ingest.clock import Clock, utc_now
from ingest.errors import WirewatchError
from ingest.log.port import Record
from process.consumer import Outcome, Refused
from process.tagged import TaggedArticle

log = structlog.get_logger(__name__)

TOO_OLD = timedelta(days=7)
"""An article fetched longer ago is history: it is found by search and alerts nobody."""


class StoryTeller(Protocol):
    """Knows near-duplicates, see `index/stories.py`."""

    def assign(self, articles: Sequence[Article]) -> Sequence[str]:
        """The id of each article's story, the same at every replay. Raises Unavailable."""


class Alerter:
    """Handler of the consume loop. `rules` is asked at every batch, so rules may change while it runs."""

    name = "alerter"
    batch = 100

    def __init__(
        self,
        database: AlertDatabase,
        outbox: Outbox,
        rules: Callable[[], Sequence[Rule]],
        matcher: Matcher,
        stories: StoryTeller,
        default_to: Sequence[str],
        clock: Clock = utc_now,
    ) -> None:
        """`default_to` gets the mails of rules that name nobody. Raises WirewatchError when it is empty."""
        if not default_to:
            raise WirewatchError("no default recipient of alerts; set `to` under [mail] in the settings")
        self._database = database
        self._outbox = outbox
        self._rules = rules
        self._matcher = matcher
        self._stories = stories
        self._default_to = default_to
        self._clock = clock

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Match, group and record the mails, all in one transaction. Raises Unavailable."""
        now = self._clock()
        tagged: list[TaggedArticle] = []
        refused: list[Refused] = []
        for record in records:
            try:
                tagged.append(TaggedArticle.model_validate_json(record.value))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(map(str, first["loc"])) or "the record"
                refused.append(Refused(record, f"not a tagged article: {where}: {first['msg']}"))
        recent = [each for each in tagged if now - each.article.fetched <= TOO_OLD]
        if len(recent) < len(tagged):
            log.info("articles too old to alert on", articles=len(tagged) - len(recent), days=TOO_OLD.days)
        rules = self._rules()
        if recent and rules:
            stories = self._stories.assign([each.article for each in recent])
            documents = [document(each, story, now) for each, story in zip(recent, stories, strict=True)]
            self._record(self._matcher.match(rules, documents, now), now)
        return Outcome(refused=refused)

    def _record(self, matches: Sequence[Match], now: datetime) -> None:
        if matches:
            with self._database.transaction() as connection:
                for match in matches:
                    if _is_new(connection, match.rule, match.document):
                        self._place(connection, match, now)

    def _place(self, connection: sqlite3.Connection, match: Match, now: datetime) -> None:
        rule, found = match.rule, match.document
        events = grouping.about(rule, match.asked, found)
        among = grouping.groups(connection, rule, found)
        placement = grouping.place(rule, found, events, among, named=bool(match.asked.types))
        why = match.why()
        for group in placement.joins:
            grouping.add_source(connection, group.id, source(found, events, why), found.story, now)
            grouping.learn(connection, group, found, events)
        if placement.fresh is not None:
            recipients = rule.to or self._default_to
            mail = self._outbox.post(connection, rule, grouping.group_key(rule, found), recipients, now)
            opened = grouping.open_group(connection, rule, found, placement.fresh, mail)
            grouping.add_source(connection, opened, source(found, placement.fresh, why), found.story, now)
        log.info(
            "alert" if placement.fresh is not None else "known news",
            rule=rule.name,
            article=found.id,
            stage="alerter",
        )


def _is_new(connection: sqlite3.Connection, rule: Rule, found: Document) -> bool:
    """Whether this revision was not matched before; it is remembered in the same transaction."""
    row = (rule.name, found.id, found.revision)
    return connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", row).rowcount == 1
