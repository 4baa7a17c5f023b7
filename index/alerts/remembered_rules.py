"""Rules for the alerter, who goes on with those it last saw while the place where all machines keep them is away."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from pydantic import TypeAdapter

from index.alerts.database import AlertDatabase
from index.alerts.local_rules import LocalRules, hand_over
from index.alerts.rule import Rule
from index.alerts.rule_store import AddedRules
from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable

log = structlog.get_logger(__name__)

_ASKED_AGAIN = timedelta(seconds=30)
"""How long rules that could not be had are not asked for: each try may take seconds, and news is waiting."""

_RULES = TypeAdapter(tuple[Rule, ...])


class RememberedRules:
    """An `AddedRules` over the shared ones. For the one thread of an alerter.

    Rules that were added by command before this machine had anything to share with are handed over.
    """

    def __init__(self, shared: AddedRules, database: AlertDatabase, clock: Clock = utc_now) -> None:
        self._shared = shared
        self._database = database
        self._own = LocalRules(database)
        self._clock = clock
        self._away_until = datetime.min.replace(tzinfo=UTC)
        self._last: Sequence[Rule] | None = None

    def all(self) -> Sequence[Rule]:
        """The shared rules, or those last seen. Raises Unavailable only when none were ever seen."""
        if self._last is None or self._clock() >= self._away_until:
            try:
                hand_over(self._own, self._shared)
                self._remember(self._shared.all())
            except Unavailable as error:
                self._away_until = self._clock() + _ASKED_AGAIN
                self._last = self._recall(error)
                log.warning("the alerter goes on with the rules it knows", rules=len(self._last), error=str(error))
        return self._last or ()

    def add(self, rule: Rule) -> bool:
        """As the shared ones. Raises Unavailable."""
        return self._shared.add(rule)

    def remove(self, name: str) -> bool:
        """As the shared ones. Raises Unavailable."""
        return self._shared.remove(name)

    def close(self) -> None:
        """Give back the shared ones' connections."""
        self._shared.close()

    def _remember(self, rules: Sequence[Rule]) -> None:
        if rules != self._last:
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM shared_rules")
                connection.execute("INSERT INTO shared_rules VALUES (?)", (_RULES.dump_json(tuple(rules)).decode(),))
            self._last = rules

    def _recall(self, error: Unavailable) -> Sequence[Rule]:
        with self._database.reading() as connection:
            row = connection.execute("SELECT rules FROM shared_rules").fetchone()
        if row is None:
            raise error
        return _RULES.validate_json(row[0])
