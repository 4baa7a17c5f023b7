"""What the pages need from the rest of the house. Wiring hands it in; the pages know no concrete backend."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from index.alerts.history import AlertHistory
from index.alerts.rule_store import RuleStore
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
    """What became of every article fetched. It balances when the other four add up to `fetched`; `missing` are ids."""

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
    @property
    def missing(self) -> Sequence[str]: ...


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
    rules: RuleStore
    alerts: AlertHistory
    feeds: Callable[[], Sequence[FeedHealth]]
    audit: Callable[[], Ledger]
    hosts: Collection[str] = ()
    clock: Clock = utc_now
