"""The rules there are: those of the settings file, and those that were added by command and live in alerts.sqlite."""

import threading
from collections.abc import Sequence

import structlog
from pydantic import ValidationError

from index.alerts.database import AlertDatabase, stamp
from index.alerts.rule import Rule
from ingest.clock import Clock, utc_now
from ingest.errors import WirewatchError

log = structlog.get_logger(__name__)


class RuleStore:
    """Safe to use from several threads and processes; a change made elsewhere shows at the next call."""

    def __init__(self, database: AlertDatabase, file_rules: Sequence[Rule] = (), clock: Clock = utc_now) -> None:
        """`file_rules` are those of the settings. Raises WirewatchError when two of them have one name."""
        self._database = database
        self._clock = clock
        self._of_file = {rule.name: rule for rule in file_rules}
        if len(self._of_file) != len(file_rules):
            names = [rule.name for rule in file_rules]
            twice = next(name for name in names if names.count(name) > 1)
            raise WirewatchError(f'two rules of the settings are named "{twice}"; rename one of them')
        self._lock = threading.Lock()
        self._cached: tuple[int, dict[str, Rule]] = (-1, {})

    def rules(self) -> Sequence[Rule]:
        """All rules, the file's first. One added by command under a name that the file took later is passed over."""
        return (*self._of_file.values(), *(rule for name, rule in self._added().items() if name not in self._of_file))

    def in_file(self, name: str) -> bool:
        """Whether the rule of that name stands in the settings file, where alone it can be changed."""
        return name in self._of_file

    def add(self, rule: Rule) -> None:
        """Keep a rule. Raises WirewatchError when there is one of that name."""
        with self._database.transaction() as connection:
            taken = connection.execute("SELECT 1 FROM rules WHERE name = ?", (rule.name,)).fetchone()
            if taken or self.in_file(rule.name):
                raise WirewatchError(
                    f'there is a rule named "{rule.name}" already; remove it first or take another name'
                )
            row = (rule.name, rule.model_dump_json(), stamp(self._clock()))
            connection.execute("INSERT INTO rules VALUES (?, ?, ?)", row)
            connection.execute("UPDATE changes SET n = n + 1")

    def remove(self, name: str) -> None:
        """Drop a rule that was added by command. Raises WirewatchError when there is none, or it is the file's."""
        with self._database.transaction() as connection:
            if connection.execute("DELETE FROM rules WHERE name = ?", (name,)).rowcount == 0:
                if self.in_file(name):
                    raise WirewatchError(f'the rule "{name}" stands in the settings file; delete its [[rule]] there')
                raise WirewatchError(f'there is no rule named "{name}"; `wirewatch rules list` shows those there are')
            connection.execute("UPDATE changes SET n = n + 1")

    def _added(self) -> dict[str, Rule]:
        with self._lock, self._database.reading() as connection:
            (changes,) = connection.execute("SELECT n FROM changes").fetchone()
            if changes != self._cached[0]:
                rows = connection.execute("SELECT name, rule FROM rules ORDER BY added, name")
                read = {name: _read(name, text) for name, text in rows}
                self._cached = (changes, {name: rule for name, rule in read.items() if rule})
            return self._cached[1]


def _read(name: str, text: str) -> Rule | None:
    """A stored rule; None, and a line in the log, for one that this version cannot read, so that the others go on."""
    try:
        return Rule.model_validate_json(text)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        log.error("a stored rule is passed over; remove it and add it anew", rule=name, error=reason)
        return None
