"""What holds for alert rules wherever those added by command are kept."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from index.alerts.database import AlertDatabase
from index.alerts.local_rules import LocalRules
from index.alerts.remembered_rules import RememberedRules
from index.alerts.rule import Rule
from index.alerts.rule_store import AddedRules, RuleStore
from index.elastic.client import ElasticServer
from index.elastic.rules import ElasticRules
from ingest.errors import WirewatchError
from tests.elastic import a_name

Open = Callable[[], AddedRules]


@pytest.fixture(params=["sqlite", "elasticsearch", "remembered"])
def open_rules(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same rules at each call, as another process or machine does."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            yield lambda: opened.enter_context(closing(LocalRules(AlertDatabase(tmp_path / "alerts.sqlite"))))
            return
        url = request.getfixturevalue("elastic_url")
        name = opened.enter_context(a_name(url))

        def elastic() -> AddedRules:
            return opened.enter_context(closing(ElasticRules(ElasticServer(url), name)))

        def remembered() -> AddedRules:
            memory = opened.enter_context(closing(AlertDatabase(tmp_path / f"{uuid4().hex}.sqlite")))
            return RememberedRules(elastic(), memory)

        yield elastic if request.param == "elasticsearch" else remembered


def names(rules: AddedRules) -> list[str]:
    return [rule.name for rule in rules.all()]


def test_a_rule_comes_back_as_it_was_added(open_rules: Open) -> None:
    rule = Rule.model_validate(
        {
            "name": "Détroit de Taïwan",
            "query": 'event:naval_exercise AND "détroit de Taïwan"',
            "to": ["desk@example.org", "night@example.org"],
            "every": "1d 07:00 Europe/Paris",
            "group": "story",
            "enabled": False,
        }
    )
    assert open_rules().add(rule)
    assert list(open_rules().all()) == [rule]


def test_there_are_no_rules_at_first(open_rules: Open) -> None:
    assert list(open_rules().all()) == []


def test_a_change_made_elsewhere_shows_at_the_next_call(open_rules: Open) -> None:
    here, elsewhere = open_rules(), open_rules()
    for name in "abc":
        elsewhere.add(Rule(name=name, query="x"))
        assert names(here)[-1] == name
    elsewhere.remove("b")
    assert names(here) == ["a", "c"]
    elsewhere.remove("c")
    assert names(here) == ["a"]
    elsewhere.add(Rule(name="c", query="y"))
    assert [rule.query for rule in here.all()] == ["x", "y"]


def test_rules_come_in_the_order_in_which_they_were_added(open_rules: Open) -> None:
    rules = open_rules()
    for name in ("Zulu", "Alpha", "Mike"):
        rules.add(Rule(name=name, query="x"))
    assert names(rules) == ["Zulu", "Alpha", "Mike"]


def test_a_name_is_given_once_and_is_free_again_after_removal(open_rules: Open) -> None:
    here, elsewhere = open_rules(), open_rules()
    assert here.add(Rule(name="Name", query="first"))
    assert not elsewhere.add(Rule(name="Name", query="second"))
    assert [rule.query for rule in elsewhere.all()] == ["first"]
    assert elsewhere.remove("Name")
    assert not here.remove("Name")
    assert here.add(Rule(name="Name", query="third"))


def test_any_name_and_query_can_be_kept(open_rules: Open) -> None:
    rules = open_rules()
    for name in ("é" * 200, "a/b", "_source", "日本", '"quoted"'):
        assert rules.add(Rule(name=name, query="x" * 10_000))
        assert names(rules)[-1] == name
        assert rules.remove(name)


def test_rules_of_the_file_and_added_ones_are_one_list(open_rules: Open) -> None:
    store = RuleStore(open_rules(), [Rule(name="File", query="a")])
    RuleStore(open_rules()).add(Rule(name="Added", query="b"))
    assert [rule.name for rule in store.rules()] == ["File", "Added"]
    assert (store.in_file("File"), store.in_file("Added")) == (True, False)
    store.remove("Added")
    assert [rule.name for rule in store.rules()] == ["File"]


def test_a_rule_whose_name_the_file_took_later_is_passed_over_and_can_be_removed(open_rules: Open) -> None:
    RuleStore(open_rules()).add(Rule(name="Same", query="added"))
    store = RuleStore(open_rules(), [Rule(name="Same", query="file")])
    assert [rule.query for rule in store.rules()] == ["file"]
    store.remove("Same")
    assert list(open_rules().all()) == []


def test_a_name_that_is_taken_is_refused_in_plain_words(open_rules: Open) -> None:
    store = RuleStore(open_rules(), [Rule(name="File", query="a")])
    store.add(Rule(name="Added", query="b"))
    for name in ("File", "Added"):
        with pytest.raises(WirewatchError, match=f'there is a rule named "{name}" already'):
            store.add(Rule(name=name, query="c"))
    with pytest.raises(WirewatchError, match='two rules of the settings are named "Twice"'):
        RuleStore(open_rules(), [Rule(name="Twice", query="a"), Rule(name="Twice", query="b")])


def test_what_cannot_be_removed_says_why(open_rules: Open) -> None:
    store = RuleStore(open_rules(), [Rule(name="File", query="a")])
    with pytest.raises(WirewatchError, match="stands in the settings file"):
        store.remove("File")
    with pytest.raises(WirewatchError, match='no rule named "Nobody"; `wirewatch rules list`'):
        store.remove("Nobody")
