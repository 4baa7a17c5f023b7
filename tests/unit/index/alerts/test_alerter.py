"""The alerter as the consume loop uses it: rules that change, records that are bad, digests, the history."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from index.alerts.alerter import Alerter
from index.alerts.matcher import Matcher
from index.alerts.rule import Rule
from index.alerts.schedule import Schedule
from ingest.errors import WirewatchError
from tests.unit.index.alerts.newsdesk import Desk, KnownNames, body, event, tagged

DRILL = event("naval_exercise", "Russia", "China", place="East China Sea")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, Rule(name="Broken", query="evnt:coup"), Rule(name="Drills", query="event:naval_exercise"))
    yield made
    made.close()


def test_a_rule_with_an_error_is_named_with_its_column_and_the_others_go_on(desk: Desk) -> None:
    with capture_logs() as logs:
        desk.read(tagged("A drill", DRILL))
        desk.read(tagged("Another", DRILL, source="Other"))
    [line] = [each for each in logs if each["log_level"] == "error"]
    assert line["rule"] == "Broken"
    assert "column 1" in line["error"]
    assert [row.rule for row in desk.history()] == ["Drills"]


def test_a_record_that_is_no_tagged_article_is_refused_and_the_others_are_alerted(desk: Desk) -> None:
    future = tagged("Future", DRILL).model_dump_json().replace('{"format":1', '{"format":9', 1).encode()
    good = tagged("Good", DRILL).model_dump_json().encode()
    outcome = desk.alerter.handle([desk.record(b"{"), desk.record(good), desk.record(future)])
    assert [each.record.offset for each in outcome.refused] == [1, 3]
    assert "format" in outcome.refused[1].error
    assert len(desk.history()) == 1


def test_a_rule_added_while_running_alerts_from_then_on(desk: Desk) -> None:
    desk.read(tagged("Coup one", event("coup", "Iran")))
    desk.rules.add(Rule(name="Coups", query="event:coup", to=("a@example.org", "b@example.org")))
    desk.read(tagged("Coup two", event("coup", "Iran"), source="Other"))
    desk.rules.remove("Coups")
    desk.read(tagged("Coup three", event("coup", "Japan"), source="Third"))
    [row] = desk.history()
    assert [each.title for each in row.articles] == ["Coup two"]
    assert [each.address for each in row.to] == ["a@example.org", "b@example.org"]


def test_a_rule_switched_off_finds_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="Off", query="event:naval_exercise", enabled=False))
    desk.read(tagged("A drill", DRILL))
    assert desk.history() == []
    desk.close()


def test_a_relative_date_moves_with_the_clock(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="Fresh", query="published:[now-1d TO now] AND drill", group="article"))
    desk.read(tagged("Drill one", fetched=desk.now))
    desk.wait(days=3)
    desk.read(tagged("Drill two", fetched=desk.now))
    assert len(desk.history()) == 2
    desk.close()


def test_a_digest_gathers_what_came_together_and_goes_out_at_its_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Rule(name="Morning", query="event:coup OR event:visit", every=Schedule.parse("1d 07:00")))
    desk.read(tagged("A coup", event("coup", "Iran")))
    desk.wait(hours=2)
    desk.read(tagged("A visit", event("visit", "Xi Jinping", place="Moscow"), source="Other"))
    assert desk.deliver().sent == 0
    desk.wait(hours=17)
    assert desk.deliver().sent == 1
    [mail] = desk.mails()
    assert mail["Subject"] == "2 alerts: Morning"
    assert "Coup: Iran" in body(mail)
    assert "Visit: Xi Jinping – Moscow" in body(mail)
    desk.read(tagged("A coup elsewhere", event("coup", "Japan"), source="Third"))
    desk.wait(days=1)
    assert desk.deliver().sent == 1
    desk.close()


def test_the_state_outlives_the_process(desk: Desk) -> None:
    desk.read(tagged("A drill", DRILL))
    desk.deliver()
    desk.close()
    again = Desk(desk.folder, Rule(name="Drills", query="event:naval_exercise"))
    again.read(tagged("A drill", DRILL), tagged("The same drill", DRILL, source="Other"))
    assert again.deliver().sent == 0
    assert len(again.mails()) == 1
    again.close()


def test_without_any_recipient_the_alerter_says_what_to_set(desk: Desk) -> None:
    with pytest.raises(WirewatchError, match=r"set `to` under \[mail\]"):
        Alerter(desk.database, desk.outbox, desk.rules.rules, Matcher(KnownNames()), desk.stories, [])
