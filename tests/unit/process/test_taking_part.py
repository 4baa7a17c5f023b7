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
