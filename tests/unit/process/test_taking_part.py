"""Who takes part in an event that a sentence tells beside other things."""

from datetime import UTC, datetime

import pytest

from process.tagger import Tagger

FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


def _actors(tagger: Tagger, language: str, event: str, text: str) -> set[str]:
    (found,) = [one for one in tagger.tag_text("a", "", text, FRIDAY, language).events if one.type == event]
    return set(found.actors)


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "arrest", "Emmanuel Macron praised the officers who arrested Salah Abdeslam.", {"Salah Abdeslam"}),
        ("en", "coup", "Tarique Rahman spoke of the uprising that toppled Sheikh Hasina.", {"Sheikh Hasina"}),
        ("es", "arrest", "Gustavo Petro recibió a los soldados que detuvieron a Otoniel.", {"Dairo Antonio Úsuga"}),
        ("en", "troop_deployment", "Kenyan soldiers who were sent to Haiti rested on Monday.", {"Kenya"}),
        ("en", "visit", "The minister told reporters in Rome that Olaf Scholz had visited Cairo.", {"Olaf Scholz"}),
    ],
)
def test_who_stands_before_the_noun_of_a_relative_clause_takes_no_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "negotiation", "Israel rejected the plan and Egypt opened talks with Hamas.", {"Egypt", "Hamas"}),
        (
            "en",
            "sanctions",
            "The African Union followed suit, and Germany imposed sanctions on Niger.",
            {"Germany", "Niger"},
        ),
        ("fr", "expulsion", "La Chine a protesté et le Japon a expulsé deux diplomates russes.", {"Japan", "Russia"}),
        ("en", "negotiation", "Israel and Egypt opened talks with Hamas on Monday.", {"Israel", "Egypt", "Hamas"}),
        (
            "en",
            "meeting",
            "Olaf Scholz flew to Rome and met Giorgia Meloni on Monday.",
            {"Olaf Scholz", "Giorgia Meloni"},
        ),
    ],
)
def test_who_does_something_else_before_an_and_takes_no_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "text", "actors"),
    [
        (
            "en",
            "Planning Minister Ahsan Tawil came. Prime Minister Shehbaz Sharif left. The minister met Emmanuel Macron.",
            {"Ahsan Tawil", "Emmanuel Macron"},
        ),
        (
            "en",
            "Otto Brand, the defence minister, came to Paris. On Monday the minister met Emmanuel Macron.",
            {"Otto Brand", "Emmanuel Macron"},
        ),
        (
            "en",
            "Senator Anna Holt came to Paris. Senator Otto Brand stayed at home. The senator met Emmanuel Macron.",
            {"Otto Brand", "Emmanuel Macron"},
        ),
        (
            "fr",
            "Emmanuel Macron est à Rome. Lundi, le chef de l'État a rencontré Giorgia Meloni.",
            {"Emmanuel Macron", "Giorgia Meloni"},
        ),
        (
            "fr",
            "Sébastien Lecornu est à Rome. Lundi, le premier ministre a rencontré Giorgia Meloni.",
            {"Sébastien Lecornu", "Giorgia Meloni"},
        ),
        (
            "en",
            "Marco Rubio is in Rome. On Monday the secretary of state met Giorgia Meloni.",
            {"Marco Rubio", "Giorgia Meloni"},
        ),
    ],
)
def test_an_office_tells_its_holder_again(tagger: Tagger, language: str, text: str, actors: set[str]) -> None:
    assert _actors(tagger, language, "meeting", text) == actors


def test_an_office_behind_its_holder_is_nobody_else(tagger: Tagger) -> None:
    text = "Claude Joseph governs Haiti. Gunmen stormed the home of Jovenel Moïse and assassinated the president."
    assert _actors(tagger, "en", "assassination", text) == {"Jovenel Moïse"}
