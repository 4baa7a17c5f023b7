"""What day a date in a sentence means, to a reader on Friday, 20 November 2026."""

from datetime import date
from functools import cache

import pytest

from process.dates import DateMention, DateReader
from process.lexicon import Lexicon, load_event_types, load_lexicon
from process.tokens import Spellings, read

TODAY = date(2026, 11, 20)


@cache
def _lexicon(language: str) -> Lexicon:
    return load_lexicon(language, load_event_types())


def _dates(language: str, text: str, told: str | None = None) -> list[DateMention]:
    lexicon = _lexicon(language)
    tokens = read("text", text, lexicon.stops, Spellings())
    return DateReader(lexicon.dates).find(tokens, tokens.sentences[0], TODAY, told)


def _date(language: str, text: str, told: str | None = None) -> DateMention:
    (one,) = _dates(language, text, told)
    return one


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "They met on Nov. 3, 2025", "2025-11-03"),
        ("de", "am 3. Mai 2025", "2025-05-03"),
        ("es", "el 3 de mayo de 2025", "2025-05-03"),
        ("fr", "le 1er mai 2025", "2025-05-01"),
        ("de", "am 03.05.2025", "2025-05-03"),
        ("fr", "le 03/05/2025", "2025-05-03"),
        ("en", "in March 2023", "2023-03"),
        ("de", "Im Mai 1629 zog er ab", "1629-05"),
        ("en", "ambushed the Ottomans in 1822.", "1822"),
        ("de", "hatte 2014 die Krim annektiert", "2014"),
    ],
)
def test_a_full_date_is_that_day_month_or_year(language: str, text: str, day: str) -> None:
    one = _date(language, text)
    assert (one.past, one.fixed) == (day, True)


@pytest.mark.parametrize(
    ("language", "text", "past", "future"),
    [
        ("en", "on Tuesday", "2026-11-17", "2026-11-24"),
        ("fr", "le 3 mai", "2026-05-03", "2027-05-03"),
        ("es", "en diciembre", "2025-12", "2026-12"),
        ("de", "am Wochenende", "2026-11-14", "2026-11-21"),
    ],
)
def test_a_day_without_a_year_may_lie_behind_or_ahead(language: str, text: str, past: str, future: str) -> None:
    one = _date(language, text)
    assert (one.past, one.future) == (past, future)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "last Tuesday", "2026-11-17"),
        ("de", "am kommenden Dienstag", "2026-11-24"),
        ("fr", "mardi prochain", "2026-11-24"),
        ("es", "el pasado martes", "2026-11-17"),
        ("es", "el mes que viene", "2026-12"),
        ("en", "next year", "2027"),
        ("en", "this month", "2026-11"),
        ("fr", "il y a trois jours", "2026-11-17"),
        ("es", "hace tres días", "2026-11-17"),
        ("de", "vor zwei Wochen", "2026-11-06"),
    ],
)
def test_a_word_beside_it_tells_on_which_side_it_lies(language: str, text: str, day: str) -> None:
    one = _date(language, text)
    assert (one.past, one.future) == (day, day)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("es", "del 3 al 5 de mayo", "2026-05-03"),
        ("fr", "du 3 au 5 mai", "2026-05-03"),
        ("de", "vom 3. bis 5. Mai", "2026-05-03"),
        ("en", "from 3 to 5 May", "2026-05-03"),
        ("fr", "dans la nuit de mardi à mercredi", "2026-11-17"),
    ],
)
def test_of_several_days_the_first_counts(language: str, text: str, day: str) -> None:
    assert day in {one.past for one in _dates(language, text)}
    assert all(one.past == day or one.vague for one in _dates(language, text))


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "the day before, they had met", "2026-10-01"),
        ("fr", "conclu la veille", "2026-10-01"),
        ("es", "al día siguiente", "2026-10-03"),
        ("en", "two days later", "2026-10-04"),
        ("de", "drei Tage zuvor", "2026-09-29"),
    ],
)
def test_the_day_before_counts_from_the_date_told_last(language: str, text: str, day: str | None) -> None:
    found = _dates(language, text, told="2026-10-02")
    assert [one.past for one in found] == ([day] if day else [])


def test_the_following_year_follows_the_year_told_last() -> None:
    assert _date("en", "the following year", told="2010").past == "2011"


def test_the_day_before_counts_from_today_where_nothing_is_told() -> None:
    assert _date("fr", "la veille").past == "2026-11-19"


@pytest.mark.parametrize(
    ("language", "text", "bound", "day"),
    [
        ("en", "since Monday", "since", "2026-11-16"),
        ("de", "seit drei Wochen", "since", "2026-10-30"),
        ("es", "desde el lunes", "since", "2026-11-16"),
        ("fr", "jusqu'au 24 novembre", "until", "2025-11-24"),
        ("de", "noch bis Sonntag", "until", "2026-11-15"),
    ],
)
def test_since_and_until_are_told_apart_from_the_day_itself(language: str, text: str, bound: str, day: str) -> None:
    one = _date(language, text)
    assert (one.bound, one.past) == (bound, day)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [("en", "on Christmas Eve", "2025-12-24"), ("es", "en Nochevieja", "2025-12-31"), ("fr", "à Noël", "2025-12-25")],
)
def test_holidays_have_their_day(language: str, text: str, day: str) -> None:
    assert _date(language, text).past == day


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "in the last months"),
        ("en", "with 2014 soldiers"),
        ("es", "por la mañana"),
        ("de", "in den nächsten Tagen"),
    ],
)
def test_spans_and_quantities_are_no_dates(language: str, text: str) -> None:
    assert _dates(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("de", "am Donnerstag, 12. November", "2026-11-12"),
        ("en", "Thursday of last week", "2026-11-12"),
        ("de", "am 3. Mai vergangenen Jahres", "2025-05-03"),
        ("es", "en mayo del año pasado", "2025-05"),
        ("fr", "mercredi 14 et jeudi 15 mai", "2026-05-14"),
        ("de", "in der Nacht zum Dienstag", "2026-11-17"),
        ("en", "on September 11th", "2026-09-11"),
        ("fr", "lundi 16", "2026-11-16"),
    ],
)
def test_what_several_words_tell_together_is_one_date(language: str, text: str, day: str) -> None:
    assert _date(language, text).past == day


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "last night", "2026-11-19"),
        ("en", "the day before yesterday", "2026-11-18"),
        ("fr", "ce matin", "2026-11-20"),
        ("es", "pasado mañana", "2026-11-22"),
        ("de", "ab morgen", "2026-11-21"),
        ("es", "el día 18", "2026-11-18"),
        ("en", "on the 24th", "2026-10-24"),
        ("en", "on Good Friday", "2026-04-03"),
        ("de", "am Ostersonntag", "2026-04-05"),
        ("en", "by the end of the year", "2026"),
        ("es", "el fin de semana pasado", "2026-11-14"),
        ("es", "este martes", "2026-11-17"),
        ("fr", "le week-end dernier", "2026-11-14"),
    ],
)
def test_days_are_told_in_many_ways(language: str, text: str, day: str) -> None:
    assert _date(language, text).past == day


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "for the third day running", "2026-11-18"),
        ("fr", "pour le troisième jour consécutif", "2026-11-18"),
        ("es", "por tercer día", "2026-11-18"),
        ("de", "den dritten Tag in Folge", "2026-11-18"),
    ],
)
def test_the_third_day_running_began_two_days_ago(language: str, text: str, day: str) -> None:
    one = _date(language, text)
    assert (one.past, one.bound) == (day, "since")


def test_later_lies_behind_the_date_told_last_in_french_too() -> None:
    assert _date("fr", "deux jours plus tard", told="2026-10-02").past == "2026-10-04"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "the biggest strike in 30 years"), ("de", "am Morgen des Vertrags von Maastricht")]
)
def test_a_superlatives_years_are_no_date(language: str, text: str) -> None:
    assert not [one for one in _dates(language, text) if not one.vague]


def test_last_november_told_in_november_is_that_of_the_year_before() -> None:
    assert _date("en", "arrested last November").past == "2025-11"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "the same evening"), ("fr", "ce soir-là"), ("de", "am selben Abend"), ("es", "la misma noche")],
)
def test_the_same_evening_is_of_the_day_told_last(language: str, text: str) -> None:
    assert _date(language, text, "2026-11-17").past == "2026-11-17"


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "They spoke for the second time in a week."), ("de", "zum zweiten Mal in drei Wochen")],
)
def test_how_often_in_how_long_is_no_day_to_come(language: str, text: str) -> None:
    assert not _dates(language, text)
