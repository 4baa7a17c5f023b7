"""What an English reader would tag in a sentence or two."""

from datetime import UTC, datetime

import pytest

from process.tagged import Event, TaggedArticle
from process.tagger import Tagger

THURSDAY = datetime(2024, 5, 16, tzinfo=UTC)


def _tag(tagger: Tagger, text: str, title: str = "") -> TaggedArticle:
    return tagger.tag_text("a", title, text, THURSDAY, "en")


def _event(tagger: Tagger, text: str) -> Event:
    (event,) = _tag(tagger, text).events
    return event


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Emmanuel Macron visited Berlin on Tuesday.", "happened"),
        ("Emmanuel Macron will visit Berlin next month.", "planned"),
        ("Emmanuel Macron is due to visit Berlin.", "planned"),
        ("Emmanuel Macron cancelled a visit to Berlin.", "cancelled"),
        ("Emmanuel Macron did not visit Berlin.", "cancelled"),
    ],
)
def test_the_words_around_a_trigger_tell_its_status(tagger: Tagger, text: str, status: str) -> None:
    event = _event(tagger, text)
    assert (event.type, event.status) == ("visit", status)


def test_a_mere_possibility_is_no_event(tagger: Tagger) -> None:
    assert _tag(tagger, "Emmanuel Macron could visit Berlin.").events == ()


@pytest.mark.parametrize(
    ("when", "date"),
    [
        ("on Tuesday", "2024-05-14"),
        ("yesterday", "2024-05-15"),
        ("on May 3", "2024-05-03"),
        ("in March 2023", "2023-03"),
        ("two years ago", "2022"),
        ("last month", "2024-04"),
    ],
)
def test_a_date_resolves_against_the_day_of_publication(tagger: Tagger, when: str, date: str) -> None:
    assert _event(tagger, f"Emmanuel Macron visited Berlin {when}.").date == date


def test_a_capital_that_acts_is_its_country(tagger: Tagger) -> None:
    event = _event(tagger, "Moscow expelled three British diplomats on Tuesday.")
    assert (event.type, set(event.actors)) == ("expulsion", {"Russia", "United Kingdom"})


def test_the_place_is_where_it_happens_and_takes_no_part(tagger: Tagger) -> None:
    event = _event(tagger, "Olaf Scholz met Emmanuel Macron in Warsaw on Tuesday.")
    assert (event.type, event.place) == ("meeting", "Warsaw")
    assert set(event.actors) == {"Olaf Scholz", "Emmanuel Macron"}


def test_a_surname_alone_is_the_person_named_in_full(tagger: Tagger) -> None:
    tagged = _tag(tagger, "Jane Appleby, a nurse, was arrested on Monday. Appleby denies everything.")
    assert [one.name for one in tagged.entities if one.label == "PERSON"] == ["Jane Appleby"]


def test_an_event_told_in_title_and_text_is_one(tagger: Tagger) -> None:
    tagged = _tag(tagger, "Emmanuel Macron visited Berlin on Tuesday.", "Macron visits Berlin")
    (visit,) = [one for one in tagged.events if one.type == "visit"]
    assert (visit.date, visit.part) == ("2024-05-14", "text")


def test_a_football_match_has_no_attack(tagger: Tagger) -> None:
    text = "The striker attacked down the wing, the goalkeeper saved the penalty and the midfielder shot over the bar."
    assert _tag(tagger, f"{text} The coach praised the defence after the quarter-final.").events == ()


def test_offsets_point_at_what_was_tagged(tagger: Tagger) -> None:
    tagged = _tag(tagger, "In Berlin, Olaf Scholz met Emmanuel Macron.\n\nRussia struck Kharkiv with missiles.")
    for one in tagged.entities:
        assert tagged.article.text[one.start : one.end] == one.text
    for event in tagged.events:
        assert tagged.article.text[event.start : event.end] == event.sentence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "Il presidente della Repubblica ha incontrato ieri il ministro degli Esteri nella sede del governo."),
        ("pt", "O presidente encontrou-se ontem com o ministro das Relações Exteriores em São Paulo, não em Brasília."),
    ],
)
def test_other_languages_are_told_apart_and_have_no_events(tagger: Tagger, language: str, text: str) -> None:
    tagged = tagger.tag_text("a", "", text, THURSDAY)
    assert (tagged.language, tagged.events) == (language, ())
