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


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        (
            "en",
            "negotiation",
            "Iran's top diplomat met Rafael Grossi on Monday, ahead of a new round of talks with the United States.",
            {"Iran", "United States"},
        ),
        (
            "en",
            "withdrawal",
            "Germany moved to assure Lebanon on Monday that it will help it even after pulling out German troops.",
            {"Germany"},
        ),
        (
            "en",
            "negotiation",
            "Iran meets U.N. nuclear watchdog in Geneva ahead of a second round of U.S. talks",
            {"Iran", "United States"},
        ),
        ("en", "election", "Congress voted to impeach Jose Jeri months before general elections in April.", set()),
        ("en", "attack", "A German politician enters Gaza for the first time since the attack of October 7.", set()),
        (
            "en",
            "election",
            "Tarique Rahman won the first election since Sheikh Hasina fled the country.",
            {"Tarique Rahman"},
        ),
    ],
)
def test_who_acts_at_another_time_takes_no_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "arrest", "Two German men have been detained in Turkey over espionage.", set()),
        ("fr", "arrest", "Deux touristes allemands ont été arrêtés lundi en Turquie pour espionnage.", set()),
        ("en", "agreement", "The US has officially left the Paris Agreement.", {"United States"}),
        ("fr", "agreement", "La Russie a dénoncé mardi l'accord de Paris sur le climat.", {"Russia"}),
        ("en", "protest", "Protesters rallied in Caracas, facing a post of the Bolivarian National Police.", set()),
    ],
)
def test_a_nationality_or_place_is_no_party(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "leadership_change", "Donald Trump drops Victor Cha as pick for Seoul envoy.", {"Victor Cha"}),
        ("de", "leadership_change", "Friedrich Merz entließ Minister Boris Pistorius am Montag.", {"Boris Pistorius"}),
        (
            "en",
            "visit",
            "He brought an invitation from Shehbaz Sharif to Tarique Rahman to pay an official visit to Pakistan.",
            {"Tarique Rahman"},
        ),
        (
            "en",
            "invasion",
            "Eight countries worked with Donald Trump on a plan to end Israel's invasion of Lebanon.",
            {"Israel", "Lebanon"},
        ),
        (
            "en",
            "election",
            "Shehbaz Sharif extended felicitations to Tarique Rahman on securing a landslide in the election.",
            {"Tarique Rahman"},
        ),
    ],
)
def test_who_makes_others_do_it_or_speaks_of_it_takes_no_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


def test_the_owner_of_a_house_is_not_who_acts_in_it(tagger: Tagger) -> None:
    text = (
        "Emmanuel Macron is president of France. Sébastien Lecornu took office on Monday in the president's residence."
    )
    assert _actors(tagger, "en", "leadership_change", text) == {"Sébastien Lecornu"}


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        (
            "en",
            "arrest",
            "Iran said on Monday that it had arrested 17 people as spies for the CIA.",
            {"Iran", "Central Intelligence Agency"},
        ),
        (
            "fr",
            "arrest",
            "L'Iran a annoncé qu'il avait arrêté 17 espions de la CIA.",
            {"Iran", "Central Intelligence Agency"},
        ),
        ("es", "visit", "Emmanuel Macron anunció que visitará Kiev.", {"Emmanuel Macron"}),
        ("en", "visit", "Emmanuel Macron said that Olaf Scholz had visited Cairo.", {"Olaf Scholz"}),
    ],
)
def test_who_tells_what_he_does_takes_part_beside_others(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "airstrike", "Donald Trump ordered airstrikes on Iran on Saturday.", {"Donald Trump", "Iran"}),
        ("en", "aid", "George W. Bush will send aid to Georgia.", {"George W. Bush", "Georgia"}),
        ("es", "troop_deployment", "Hugo Chávez envió tropas a la frontera con Colombia.", {"Hugo Chávez"}),
        (
            "en",
            "airstrike",
            "Donald Trump fell silent amid Israel's airstrikes on Iran, which killed a general on Thursday.",
            {"Israel", "Iran"},
        ),
    ],
)
def test_a_person_who_does_it_takes_part_where_states_do(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert _actors(tagger, language, event, text) == actors


@pytest.mark.parametrize(
    ("language", "text", "employer"),
    [
        ("en", "Workers began a strike at Boeing on Monday.", "Boeing"),
        ("de", "Am Montag begann ein Streik bei der Deutschen Bahn.", "Deutsche Bahn"),
        ("fr", "Une grève a commencé lundi à la SNCF.", "SNCF"),
    ],
)
def test_the_employer_takes_part_in_a_strike(tagger: Tagger, language: str, text: str, employer: str) -> None:
    assert _actors(tagger, language, "strike", text) == {employer}
