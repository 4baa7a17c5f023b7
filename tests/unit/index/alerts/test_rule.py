"""Rules as people write them, and when their mails are due."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.alerts.database import AlertDatabase
from index.alerts.local_rules import LocalRules
from index.alerts.rule import Rule
from index.alerts.schedule import Schedule
from ingest.errors import Unavailable


@pytest.fixture
def database(tmp_path: Path) -> Iterator[AlertDatabase]:
    opened = AlertDatabase(tmp_path / "alerts.sqlite")
    yield opened
    opened.close()


def test_a_rule_of_the_settings_file_reads_as_documented() -> None:
    rule = Rule.model_validate(
        {
            "name": "Taïwan",
            "query": "Taiwan",
            "to": ["The desk <desk@example.org>", "desk@example.org"],
            "every": "1d 07:00",
        }
    )
    assert rule.to == ("desk@example.org",)
    assert rule.group == "event"
    assert str(rule.every) == "1d 07:00"
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("to", ["desk"], "'desk' is not a mail address"),
        ("to", ["a@example.org\r\nBcc: b@example.org"], "is not a mail address"),
        ("to", ["a@example.org, b@example.org"], "is not a mail address"),
        ("name", "two\nlines", "write one line"),
        ("name", "", "at least 1 character"),
        ("every", "soon", "is not a duration"),
        ("every", "1h 07:00", "not whole days"),
        ("every", "1d 25:00", "no proper time"),
        ("every", "1d 07:00 Mars/Base", "'Mars/Base' is not a time zone"),
        ("group", "day", "Input should be 'event', 'story' or 'article'"),
        ("querry", "x", "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_rule_says_what_would_be_right(field: str, value: object, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Rule.model_validate({"name": "A", "query": "b", field: value})


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        ("now", "2026-11-24T12:34:56+00:00", "2026-11-24T12:34:56+00:00"),
        ("1h", "2026-11-24T12:34:56+00:00", "2026-11-24T13:00:00+00:00"),
        ("1h", "2026-11-24T13:00:00+00:00", "2026-11-24T14:00:00+00:00"),
        ("1d 07:00", "2026-11-24T06:59:59+00:00", "2026-11-24T07:00:00+00:00"),
        ("1d 07:00", "2026-11-24T07:00:00+00:00", "2026-11-25T07:00:00+00:00"),
        ("1d 07:00 Europe/Paris", "2026-07-01T12:00:00+00:00", "2026-07-02T05:00:00+00:00"),
        ("1d 07:00 Europe/Paris", "2026-12-01T12:00:00+00:00", "2026-12-02T06:00:00+00:00"),
        ("1w 07:00", "2026-11-24T12:00:00+00:00", "2026-11-30T07:00:00+00:00"),
        ("1w", "2026-11-24T12:00:00+00:00", "2026-11-30T00:00:00+00:00"),
    ],
)
def test_a_schedule_says_when_mail_is_due(schedule: str, after: str, due: str) -> None:
    assert Schedule.parse(schedule).next(datetime.fromisoformat(after)) == datetime.fromisoformat(due)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite"
    path.write_text("this is not a database, whatever its name says" * 100)
    with pytest.raises(Unavailable, match=r"alerts\.sqlite: is not a database; move it away"):
        AlertDatabase(path)


def test_times_are_kept_in_utc(database: AlertDatabase) -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    LocalRules(database, lambda: moment).add(Rule(name="A", query="b"))
    with database.reading() as connection:
        assert connection.execute("SELECT added FROM rules").fetchone() == ("2026-11-24T00:00:00.000000+00:00",)


def test_a_stored_rule_of_another_version_is_passed_over_and_can_be_removed(database: AlertDatabase) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO rules VALUES ('Odd', '{}', '2026')")
        connection.execute("UPDATE changes SET n = n + 1")
    rules = LocalRules(database)
    rules.add(Rule(name="Even", query="a"))
    assert [rule.name for rule in rules.all()] == ["Even"]
    assert rules.remove("Odd")
