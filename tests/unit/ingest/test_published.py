"""Dates as feeds write them, in several languages and with the usual faults."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.published import parse_date

MORNING = datetime(2026, 8, 24, 7, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 24 Aug 2026 07:05:00 GMT",
        "Mon, 24 Aug 2026 09:05:00 +0200",
        "Mon, 24 Aug 2026 09:05 CEST",
        "Mon, 24 Aug 2026 03:05:00 EDT",
        "Mon, 24 Aug 2026 09:05:00 GMT+2",
        "Monday, 24 August 2026 07:05:00 Z",
        "24 Aug 2026 07:05",
        "Mon, 24 Aug 2026 07:05:00",
        "2026-08-24T07:05:00Z",
        "2026-08-24T09:05:00+02:00",
        "2026-08-24 07:05:00",
        "2026-08-24T07:05:00.123456Z",
        "20260824T070500Z",
        "lun., 24 août 2026 09:05:00 +0200",
        "lundi 24 août 2026 07:05",
        "Mo, 24. August 2026 07:05:00",
        "Montag, 24. Aug 2026 09:05:00 MESZ",
        "lun, 24 ago 2026 07:05:00 GMT",
        "24 de agosto de 2026 07:05",
        "  Mon,  24 Aug 2026\n07:05:00 +0000 ",
        "Mon, 24 Aug 2026 07:05:00 UT",
        "24.08.2026 07:05",
        "24-8-2026 07:05",
        "24/08/2026 07:05",
        "08/24/2026 7:05 AM",
        "2026/08/24 07:05",
        "1787555100",
        "1787555100000",
    ],
)
def test_the_same_morning_is_recognised_however_it_is_written(written: str) -> None:
    assert parse_date(written) == MORNING


@pytest.mark.parametrize(
    ("written", "month"),
    [("10 janvier 2026", 1), ("10 févr. 2026", 2), ("10 März 2026", 3), ("mar., 10 mars 2026", 3), ("10 abril 2026", 4),
     ("10 Mai 2026", 5), ("10 juin 2026", 6), ("10 juil. 2026", 7), ("Do, 10 Okt 2026", 10), ("10 déc. 2026", 12),
     ("mié, 10 dic 2026", 12), ("martes, 10 enero 2026", 1), ("Di, 10 Dez 2026", 12), ("10 mayo 2026", 5),
     ("10 septiembre 2026", 9)],
)  # fmt: skip
def test_months_are_known_in_french_german_and_spanish(written: str, month: int) -> None:
    assert parse_date(written) == datetime(2026, month, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "today",
        "0000-00-00T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "1970-01-01",
        "2026-13-01",
        "32 Aug 2026",
        "03/04/2026",
        "1234",
        "17328",
        "99/99/2026",
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert parse_date(written) is None


@given(st.one_of(st.text(max_size=60), st.text(alphabet="0123456789 -:+TZ.,JanFebde", max_size=40)))
def test_any_text_is_a_date_in_utc_or_none(written: str) -> None:
    moment = parse_date(written)
    assert moment is None or moment.tzinfo is UTC
