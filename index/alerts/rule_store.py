"""The rules there are: those of the settings file, and those added by command, wherever these are kept."""

from collections.abc import Sequence
from typing import Protocol

from index.alerts.rule import Rule
from ingest.errors import WirewatchError


class AddedRules(Protocol):
    """Where rules added by command are kept: the port that each backend keeps. Every method may raise Unavailable.

    For several threads and processes; a change made elsewhere shows at the next call.
    """

    def all(self) -> Sequence[Rule]:
        """All of them, in the order in which they were added. One that this version cannot read is passed over."""

    def add(self, rule: Rule) -> bool:
        """Keep a rule, durably. False, and nothing is done, when there is one of that name."""

    def remove(self, name: str) -> bool:
        """Drop the rule of that name, readable or not. False when there is none."""

    def close(self) -> None:
        """Give back connections and files."""


class RuleStore:
    """All rules. Safe to use from several threads and processes; a change made elsewhere shows at the next call."""

    def __init__(self, added: AddedRules, file_rules: Sequence[Rule] = ()) -> None:
        """`file_rules` are those of the settings. Raises WirewatchError when two of them have one name."""
        self._added = added
        self._of_file = {rule.name: rule for rule in file_rules}
        if len(self._of_file) != len(file_rules):
            names = [rule.name for rule in file_rules]
            twice = next(name for name in names if names.count(name) > 1)
            raise WirewatchError(f'two rules of the settings are named "{twice}"; rename one of them')

    def rules(self) -> Sequence[Rule]:
        """All rules, the file's first. One added by command under a name that the file took later is passed over."""
        return (*self._of_file.values(), *(rule for rule in self._added.all() if rule.name not in self._of_file))

    def in_file(self, name: str) -> bool:
        """Whether the rule of that name stands in the settings file, where alone it can be changed."""
        return name in self._of_file

    def add(self, rule: Rule) -> None:
        """Keep a rule. Raises WirewatchError when there is one of that name."""
        if self.in_file(rule.name) or not self._added.add(rule):
            raise WirewatchError(f'there is a rule named "{rule.name}" already; remove it first or take another name')

    def remove(self, name: str) -> None:
        """Drop a rule that was added by command. Raises WirewatchError when there is none, or it is the file's."""
        if self._added.remove(name):
            return
        if self.in_file(name):
            raise WirewatchError(f'the rule "{name}" stands in the settings file; delete its [[rule]] there')
        raise WirewatchError(f'there is no rule named "{name}"; `wirewatch rules list` shows those there are')

    def close(self) -> None:
        """Give back connections and files."""
        self._added.close()
