"""The query language: what is understood, and where an error points."""

from datetime import UTC, datetime, timedelta

import pytest

from index.query import (
    EVENT_TYPES,
    And,
    Between,
    Boost,
    Everything,
    Exact,
    Named,
    Not,
    Or,
    Prefix,
    Query,
    QueryError,
    Words,
    parse,
)
from tests.search_documents import NOW, KnownNames, read

MICROSECOND = timedelta(microseconds=1)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("naval", Words("any", "naval")),
        ("naval exercise", And((Words("any", "naval"), Words("any", "exercise")))),
        ("a AND b AND c", And((Words("any", "a"), Words("any", "b"), Words("any", "c")))),
        ("a OR b c", And((Or((Words("any", "a"), Words("any", "b"))), Words("any", "c")))),
        ("+a -b", And((Words("any", "a"), Not(Words("any", "b"))))),
        ("NOT NOT a", Words("any", "a")),
        ('"naval exercise"', Words("any", "naval exercise")),
        ("“naval exercise„", Words("any", "naval exercise")),
        ('"naval exercise"~5', Words("any", "naval exercise", 5)),
        ('"say \\"now\\""', Words("any", 'say "now"')),
        ("navi*", Prefix("any", "navi")),
        ("navi\\*", Words("any", "navi*")),
        ("title:naval^2.5", Boost(Words("title", "naval"), 2.5)),
        ("TITLE:naval", Words("title", "naval")),
        ("text:(a OR b*)", Or((Words("text", "a"), Prefix("text", "b")))),
        ("place:Pékin", Named("place", ("Beijing",))),
        ("place:Géorgie", Named("place", ("Georgia (country)", "Georgia (U.S. state)"))),
        ("place:Nowhere", Words("place", "Nowhere")),
        ("event:Naval-Exercise", Exact("event", "naval_exercise")),
        ("event:naval*", Or((Exact("event", "naval_deployment"), Exact("event", "naval_exercise")))),
        ("status:PLANNED", Exact("status", "planned")),
        ("language:FR", Exact("language", "fr")),
        ("'tis", Words("any", "’tis")),
        ("*", Everything()),
        ("*:*", Everything()),
    ],
)
def test_a_query_is_read_as_it_is_meant(text: str, query: Query) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2026-11-01", at(2026, 11, 1), at(2026, 11, 2)),
        ("2026-12", at(2026, 12, 1), at(2027, 1, 1)),
        ("2026", at(2026, 1, 1), at(2027, 1, 1)),
        ("2024-02-29", at(2024, 2, 29), at(2024, 3, 1)),
        ("2026-11-01T10:30", at(2026, 11, 1, 10, 30), at(2026, 11, 1, 10, 31)),
        ("2026-11-01T10:30:05Z", at(2026, 11, 1, 10, 30, 5), at(2026, 11, 1, 10, 30, 6)),
        ('"2026-11-01T10:30:00+01:00"', at(2026, 11, 1, 9, 30), at(2026, 11, 1, 9, 30, 1)),
        ("[2026-11-01 TO 2026-11-03]", at(2026, 11, 1), at(2026, 11, 4)),
        ("{2026-11-01 TO 2026-11-03}", at(2026, 11, 2), at(2026, 11, 3)),
        ("[2026-11-01 TO now]", at(2026, 11, 1), NOW + MICROSECOND),
        ("[now-7d TO *]", NOW - timedelta(days=7), None),
        ("[* TO NOW-36h}", None, NOW - timedelta(hours=36)),
        ("[* TO now+2w]", None, NOW + timedelta(days=14) + MICROSECOND),
        (">=2026-11", at(2026, 11, 1), None),
        (">2026-11", at(2026, 12, 1), None),
        ("<2026-11", None, at(2026, 11, 1)),
        ("<=2026-11", None, at(2026, 12, 1)),
    ],
)
def test_a_date_stands_for_all_the_time_it_names(value: str, start: datetime | None, end: datetime | None) -> None:
    assert read(f"published:{value}") == Between("published", start, end)
    assert read(f"fetched:{value}") == Between("fetched", start, end)


@pytest.mark.parametrize(
    ("text", "column", "problem"),
    [
        ("", 1, "empty"),
        ("  \n", 1, "empty"),
        ("naval titel:x", 7, 'did you mean "title"?'),
        ("(naval OR place:x) AND plaec:y", 24, 'did you mean "place"?'),
        ("qqq:x", 1, "known are title, text"),
        ("https://news.example/1", 1, "put an address in quotes"),
        ("event:naval_exercize", 7, 'did you mean "naval_exercise"?'),
        ("status:done", 8, "happened, ongoing, planned, cancelled"),
        ("event:zz*", 7, "unknown event type"),
        ("language:french", 10, "two letters"),
        ('naval "exercise', 7, "never closed"),
        ('a"b c"', 2, "quote inside a word"),
        ("a (b", 3, "never closed"),
        ("a b)", 4, "closes nothing"),
        ("(a]", 3, "closes nothing"),
        ("naval *cise", 7, "wildcard"),
        ("?aval", 1, "wildcard"),
        ("title:*", 7, "wildcard"),
        ("na*al", 3, "end of a word"),
        ("nav?l", 4, "end of a word"),
        ("published:[2026-13-01 TO now]", 12, "not a date"),
        ("published:[2026-01-01 TO soon]", 26, "not a date"),
        ("published:2026-02-30", 11, "not a date"),
        ("published:9999", 11, "not a date"),
        ("published:now-999999w", 11, "not a date"),
        ("published:[now TO now-1d]", 11, "swap"),
        ("[a TO b]", 1, "published:["),
        ("title:[a TO b]", 7, "published:["),
        ("/regex/", 1, "regular expressions"),
        ("a /b", 3, "regular expressions"),
        ("naval~", 1, "phrase"),
        ('"a b"~1.5', 6, "whole number"),
        ('"a b"~99', 1, "up to 50"),
        ('place:"a b"~3', 7, '"place:"'),
        ("a^0", 1, "between 0 and 1000"),
        ("a^1.2.3", 2, "whole number"),
        ("a AND", 6, "missing"),
        ("title:", 7, "missing"),
        ("AND a", 1, "not understood"),
        ("()", 2, "not understood"),
        ("€", 1, "no letter or digit"),
        ('place:"!"', 7, "no letter or digit"),
        ("title:(text:a)", 8, 'inside "title:"'),
        ("(" * 60 + "a" + ")" * 60, 51, "50 brackets"),
        ("-" * 300 + "a", 102, "inside each other"),
        ("a " * 6000, 10001, "10000 characters"),
    ],
)
def test_an_error_says_what_is_wrong_and_points_at_the_column(text: str, column: int, problem: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(text)
    assert (caught.value.column, problem in caught.value.problem) == (column, True), str(caught.value)


def test_an_error_shows_the_query_with_a_caret_under_the_column() -> None:
    with pytest.raises(QueryError) as caught:
        read("naval AND titel:exercise")
    assert str(caught.value) == (
        'unknown field "titel"; did you mean "title"? (column 11)\n  naval AND titel:exercise\n            ^'
    )


def test_an_error_in_a_long_query_shows_the_place_only() -> None:
    with pytest.raises(QueryError) as caught:
        read("naval " * 100 + "titel:x")
    shown, caret = str(caught.value).splitlines()[1:]
    assert shown[caret.index("^") :] == "titel:x"
    assert len(shown) < 130


def test_an_error_is_safe_to_print_on_a_terminal() -> None:
    with pytest.raises(QueryError) as caught:
        read("naval\x1b[31m titel:x")
    assert "\x1b" not in str(caught.value)


def test_there_are_35_event_types_and_each_can_be_asked_for() -> None:
    assert len(set(EVENT_TYPES)) == 35
    assert [read(f"event:{kind}") for kind in EVENT_TYPES] == [Exact("event", kind) for kind in EVENT_TYPES]


def test_relative_dates_count_from_the_time_given() -> None:
    earlier = NOW - timedelta(days=100)
    assert parse("published:>=now-1d", KnownNames(), earlier) == Between("published", earlier - timedelta(days=1), None)
