"""What the pages need from the rest of the house. Wiring hands it in; the pages know no concrete backend."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from index.alerts.rule import Rule
from index.port import SearchIndex
from index.query_nodes import Query
from ingest.clock import Clock, utc_now


class FeedHealth(Protocol):
    """How a feed is doing. `status` is a word or two ("ok", "failing"); times are UTC, None for never."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def error(self) -> str | None: ...
    @property
    def last_fetched(self) -> datetime | None: ...
    @property
    def next_poll(self) -> datetime | None: ...
    @property
    def articles(self) -> int: ...


class Ledger(Protocol):
    """What became of every article fetched. It balances when the other four add up to `fetched`."""

    @property
    def fetched(self) -> int: ...
    @property
    def indexed(self) -> int: ...
    @property
    def duplicate(self) -> int: ...
    @property
    def dead(self) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def balanced(self) -> bool: ...


class AlertedArticle(Protocol):
    """One source of an alert."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def source(self) -> str: ...


class SentAlert(Protocol):
    """One mail. `state` is a word ("queued", "sent", "failed", "unknown"); `error` says why where it is not sent."""

    @property
    def time(self) -> datetime: ...
    @property
    def rule(self) -> str: ...
    @property
    def to(self) -> Sequence[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def error(self) -> str | None: ...
    @property
    def articles(self) -> Sequence[AlertedArticle]: ...


class RuleBook(Protocol):
    """The alert rules: the settings file's, which only it can change, and those that were added."""

    def rules(self) -> Sequence[Rule]:
        """All of them."""

    def in_file(self, name: str) -> bool:
        """Whether the rule of that name is the settings file's."""

    def add(self, rule: Rule) -> None:
        """Keep a new rule. Raises WirewatchError when its name is taken."""

    def remove(self, name: str) -> None:
        """Drop an added rule. Raises WirewatchError when there is none of that name."""


class AlertHistory(Protocol):
    """What the rules sent."""

    def list(self, limit: int, rule: str | None = None) -> Sequence[SentAlert]:
        """The latest first; of one rule where it is named."""


@dataclass(frozen=True, slots=True)
class WebBackend:
    """Everything the pages show. All of it is called from several threads and may raise WirewatchError, Unavailable.

    `parse`  reads a query; raises QueryError
    `feeds`  the health of every feed
    `audit`  the ledger now; it may take a second
    `hosts`  names besides localhost under which the pages may be addressed
    """

    index: SearchIndex
    parse: Callable[[str], Query]
    rules: RuleBook
    alerts: AlertHistory
    feeds: Callable[[], Sequence[FeedHealth]]
    audit: Callable[[], Ledger]
    hosts: Collection[str] = ()
    clock: Clock = utc_now
