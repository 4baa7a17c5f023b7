"""One event in an article is told once, and what is no event is not told."""

from datetime import UTC, datetime

import pytest

from process.tagged import Event
from process.tagger import Tagger

FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


def _events(tagger: Tagger, text: str, title: str = "", language: str = "en") -> tuple[Event, ...]:
    return tagger.tag_text("a", title, text, FRIDAY, language).events


def _of_type(tagger: Tagger, event: str, text: str, title: str = "") -> list[Event]:
    return [one for one in _events(tagger, text, title) if one.type == event]


def test_what_is_told_again_without_names_is_the_event_told_before(tagger: Tagger) -> None:
    text = "China and Russia opened naval drills in the Yellow Sea on Monday. The naval drills alarmed everyone."
    (drill,) = _of_type(tagger, "naval_exercise", text)
    assert (drill.place, drill.date) == ("Yellow Sea", "2026-11-16")


def test_a_country_and_a_town_in_it_are_one_events_place(tagger: Tagger) -> None:
    text = "Emmanuel Macron visited Germany on Monday. Macron visited Berlin."
    (visit,) = _of_type(tagger, "visit", text)
    assert visit.place == "Berlin"


def test_two_towns_are_two_events(tagger: Tagger) -> None:
    text = "Emmanuel Macron visited Berlin on Monday. On Tuesday Macron visited Rome."
    assert {(one.place, one.date) for one in _of_type(tagger, "visit", text)} == {
        ("Berlin", "2026-11-16"),
        ("Rome", "2026-11-17"),
    }


def test_two_in_one_sentence_are_told_apart_by_clause_and_actors(tagger: Tagger) -> None:
    text = "Emmanuel Macron visited Berlin on Monday; Pedro Sánchez visited Rome on Tuesday."
    assert {one.actors for one in _of_type(tagger, "visit", text)} == {("Emmanuel Macron",), ("Pedro Sánchez",)}


def test_an_event_without_a_day_of_its_own_is_of_the_day_told_last(tagger: Tagger) -> None:
    text = "Emmanuel Macron arrived in Berlin on Tuesday. He and Olaf Scholz signed a treaty."
    (treaty,) = _of_type(tagger, "agreement", text)
    assert treaty.date == "2026-11-17"


def test_what_lies_a_generation_back_is_no_news(tagger: Tagger) -> None:
    assert _events(tagger, "In August 1990 Iraq invaded Kuwait. Iraqi tanks rolled into Kuwait City.") == ()


def test_an_anniversary_is_no_event(tagger: Tagger) -> None:
    assert _events(tagger, "Kyiv marked the anniversary of the invasion of Crimea by Russia.") == ()


def test_an_idiom_tells_nothing(tagger: Tagger) -> None:
    idioms = {"es": "Huelga decir que Madrid estaba de acuerdo."}
    for language, text in idioms.items():
        assert _events(tagger, text, language=language) == ()


def test_a_name_is_no_date(tagger: Tagger) -> None:
    (visit,) = _events(tagger, "Jean-Noël Barrot a visité Berlin lundi.", language="fr")
    assert visit.date == "2026-11-16"


def test_a_bombing_is_not_told_again_as_an_attack(tagger: Tagger) -> None:
    text = "A suicide bomber killed 20 people in Mogadishu on Monday. Nobody has claimed the attack in Mogadishu."
    assert {one.type for one in _events(tagger, text)} == {"bombing"}


def test_a_headline_adds_the_names_that_the_text_lacks(tagger: Tagger) -> None:
    text = "The visit to Berlin on Monday was his first. He stayed for a day."
    (visit,) = _of_type(tagger, "visit", text, "Emmanuel Macron visits Berlin")
    assert (visit.actors, visit.part) == (("Emmanuel Macron",), "text")


def test_a_long_text_that_tells_nobody_and_nowhere_has_figures_of_speech(tagger: Tagger) -> None:
    text = (
        "My sister paints small portraits, mostly of the people next door. " * 6 + "The emails came in, an avalanche."
    )
    assert not _events(tagger, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Relatives of prisoners staged a hunger strike in Caracas on Monday."),
        ("fr", "Des proches de détenus ont entamé une grève de la faim à Caracas lundi."),
        ("es", "Familiares de presos iniciaron una huelga de hambre en Caracas el lunes."),
        ("de", "Angehörige von Häftlingen begannen am Montag in Caracas einen Hungerstreik."),
    ],
)
def test_a_hunger_strike_is_no_labour_strike(tagger: Tagger, language: str, text: str) -> None:
    assert "strike" not in {one.type for one in _events(tagger, text, language=language)}


STAGE = (
    " The singer had finished the last song of her album, and the orchestra, the choir and the actors of the theatre "
    "were still on stage. The opera's premiere was to be the highlight of the festival; the novelist who wrote the "
    "libretto sat in the gallery with the playwright."
)


def test_what_befell_a_theatre_is_news_and_the_plot_played_there_is_none(tagger: Tagger) -> None:
    report = "Gunmen shot dead nine people in a theatre in Lahore on Friday, police said." + STAGE
    plot = "Gunmen shoot dead nine people in a theatre in Lahore, and police arrest the wrong man." + STAGE
    assert [one.type for one in _events(tagger, report)] == ["attack"]
    assert _events(tagger, plot) == ()


def test_a_market_report_tells_the_sanctions_of_a_state_and_not_those_of_investors(tagger: Tagger) -> None:
    report = (
        "Shares in Raiffeisen Bank International fell 14 per cent in Vienna on Thursday as {} "
        "on its Russian arm. The lender led the losers on the ATX index. Analysts cut their price target."
    )
    state, investors = "the United States imposed sanctions", "investors imposed sanctions of their own"
    headline = "Raiffeisen leads losers in Vienna"
    assert [one.type for one in _events(tagger, report.format(state), headline)] == ["sanctions"]
    assert not _events(tagger, report.format(investors), headline)


def test_a_feature_that_opens_long_ago_tells_history_until_it_comes_to_the_present(tagger: Tagger) -> None:
    text = "On 6 June 1915 an airship came up the Humber. Crowds rioted in Hull and smashed shops with German names. "
    assert not _events(tagger, text)
    (event,) = _events(tagger, text + "On Friday protesters marched through Leeds against the mayor.")
    assert event.place == "Leeds"


def test_a_bare_headline_over_a_long_text_that_tells_no_event_is_a_figure_of_speech(tagger: Tagger) -> None:
    text = (
        "They have taken the lawn, and along the river they chase away the swans. The geese came from Africa as "
        "ornaments for ponds. Forty thousand of them live here now, and nobody knows where they will go next. Nothing "
        "has been lost so far, says a woman who has counted them for years, and they may be hunted in autumn."
    )
    assert not _events(tagger, text, "The invasion of the geese")


def test_an_old_day_in_the_headline_is_that_of_the_text(tagger: Tagger) -> None:
    text = "At dawn Soviet troops invaded Finland and bombers attacked Helsinki. The Finns held out for months."
    assert _events(tagger, text, "30 November 1939: Stalin attacks Finland") == ()


def test_what_headline_and_text_tell_of_a_museum_is_news(tagger: Tagger) -> None:
    text = (
        "Los vigilantes de sala del Museo del Prado van a la huelga de tres días para reclamar salarios, justo cuando"
        " se inaugura la exposición del pintor Murillo con sesenta cuadros."
    )
    title = "Los trabajadores del Prado, en huelga"
    assert {one.type for one in _events(tagger, text, title, "es")} == {"strike"}
