"""The alerter's rules while the place where all machines keep them comes and goes."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.alerts.database import AlertDatabase
from index.alerts.local_rules import LocalRules
from index.alerts.remembered_rules import RememberedRules
from index.alerts.rule import Rule
from ingest.errors import Unavailable

ONE, TWO = Rule(name="One", query="a"), Rule(name="Two", query="b")


class Shared(LocalRules):
    """Shared rules that are away when a test says so; `asked` counts how often they were wanted."""

    away = False
    asked = 0

    def all(self) -> Sequence[Rule]:
        self.asked += 1
        if self.away:
            raise Unavailable("it is away", 5.0)
        return super().all()


class Hour:
    now = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    with closing(Shared(AlertDatabase(tmp_path / "shared.sqlite"))) as rules:
        yield rules


@pytest.fixture
def own(tmp_path: Path) -> Iterator[AlertDatabase]:
    with closing(AlertDatabase(tmp_path / "alerts.sqlite")) as database:
        yield database


def test_rules_last_seen_hold_while_the_shared_ones_are_away_also_after_a_restart(
    shared: Shared, own: AlertDatabase
) -> None:
    shared.add(ONE)
    assert list(RememberedRules(shared, own).all()) == [ONE]
    shared.away = True
    assert list(RememberedRules(shared, own).all()) == [ONE]


def test_rules_never_seen_are_waited_for(shared: Shared, own: AlertDatabase) -> None:
    shared.away = True
    rules = RememberedRules(shared, own)
    for _ in range(2):
        with pytest.raises(Unavailable, match="it is away"):
            rules.all()
    shared.away = False
    assert list(rules.all()) == []
    shared.away = True
    assert list(RememberedRules(shared, own).all()) == []


def test_while_the_shared_rules_are_away_they_are_asked_for_now_and_then_only(
    shared: Shared, own: AlertDatabase
) -> None:
    hour = Hour()
    rules = RememberedRules(shared, own, hour)
    rules.all()
    shared.away = True
    for _ in range(100):
        rules.all()
    assert shared.asked == 2
    shared.away = False
    shared.add(TWO)
    assert list(rules.all()) == []
    hour.now += timedelta(seconds=31)
    assert list(rules.all()) == [TWO]


def test_rules_of_a_machine_that_had_nothing_to_share_with_are_handed_over_once(
    shared: Shared, own: AlertDatabase
) -> None:
    mine = LocalRules(own)
    for rule in (ONE, TWO):
        mine.add(rule)
    shared.add(Rule(name="Two", query="of all"))
    rules = RememberedRules(shared, own)
    assert [rule.query for rule in rules.all()] == ["of all", "a"]
    assert list(mine.all()) == []
    shared.remove("One")
    assert [rule.query for rule in rules.all()] == ["of all"]
