"""Who takes part in an event, and where it is, as a reader would say."""

from datetime import UTC, datetime

import pytest

from process.tagged import Event
from process.tagger import Tagger

FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)


def _events(tagger: Tagger, language: str, event: str, text: str, title: str = "") -> list[Event]:
    return [one for one in tagger.tag_text("a", title, text, FRIDAY, language).events if one.type == event]


def _event(tagger: Tagger, language: str, event: str, text: str) -> Event:
    (one,) = _events(tagger, language, event, text)
    return one


def test_who_is_arrested_takes_part_and_who_only_comments_does_not(tagger: Tagger) -> None:
    text = "Alexei Navalny was arrested in Moscow on Monday. It was an outrage, Emmanuel Macron said."
    assert _event(tagger, "en", "arrest", text).actors == ("Alexei Navalny",)


def test_they_are_those_whom_the_article_has_named(tagger: Tagger) -> None:
    text = "Vladimir Putin received Xi Jinping in the Kremlin. The two leaders signed a treaty in the evening."
    assert set(_event(tagger, "en", "agreement", text).actors) == {"Vladimir Putin", "Xi Jinping"}


def test_newspapers_tell_and_take_no_part(tagger: Tagger) -> None:
    text = "China and India opened border talks on Monday, the New York Times and Le Monde wrote."
    assert set(_event(tagger, "en", "negotiation", text).actors) == {"China", "India"}


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "arms_transfer", "Germany delivered tanks to Ukraine on Monday.", {"Germany", "Ukraine"}),
        ("en", "sanctions", "Brussels imposed sanctions on Belarus.", {"Belgium", "Belarus"}),
        ("de", "arms_transfer", "Deutschland hat Panzer an die Ukraine geliefert.", {"Germany", "Ukraine"}),
    ],
)
def test_who_receives_arms_or_sanctions_takes_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert set(_event(tagger, language, event, text).actors) == actors


@pytest.mark.parametrize(
    ("language", "event", "text", "place"),
    [
        ("en", "meeting", "Emmanuel Macron met Olaf Scholz in the Ukrainian capital on Monday.", "Kyiv"),
        ("es", "meeting", "Emmanuel Macron se reunió con Olaf Scholz en la capital finlandesa.", "Helsinki"),
        ("fr", "naval_exercise", "La Chine a mené des exercices navals au large des côtes japonaises.", "Japan"),
        ("de", "missile_launch", "Russland testete vor der norwegischen Küste eine Rakete.", "Norway"),
        ("de", "meeting", "Emmanuel Macron traf Olaf Scholz in Krakau.", "Kraków"),
    ],
)
def test_a_place_may_be_told_by_what_it_is(tagger: Tagger, language: str, event: str, text: str, place: str) -> None:
    assert _event(tagger, language, event, text).place == place


def test_the_same_city_is_the_one_named_before(tagger: Tagger) -> None:
    text = "Olaf Scholz arrived in Warsaw on Monday. Emmanuel Macron and Donald Tusk met in the city on Tuesday."
    assert _event(tagger, "en", "meeting", text).place == "Warsaw"


def test_a_dateline_is_the_place_of_its_own_report_only(tagger: Tagger) -> None:
    text = (
        "NAIROBI (Reuters) - Police shot dead two protesters on Monday.\n\n"
        "ANKARA (Reuters) - Recep Tayyip Erdogan met Emmanuel Macron on Monday."
    )
    assert _event(tagger, "en", "meeting", text).place == "Ankara"


def test_a_phone_call_has_no_place(tagger: Tagger) -> None:
    assert _event(tagger, "en", "phone_call", "Vladimir Putin phoned Xi Jinping in Beijing on Monday.").place is None


@pytest.mark.parametrize(
    ("event", "text", "actors"),
    [
        (
            "phone_call",
            "The Chinese foreign minister spoke by phone with Marco Rubio on Monday.",
            {"China", "Marco Rubio"},
        ),
        (
            "meeting",
            "Abbas Araghchi wrote on X that he met Rafael Grossi in Geneva.",
            {"Abbas Araghchi", "Rafael Grossi"},
        ),
        ("visit", "Speaking during a visit to Hungary on Monday, Marco Rubio said he was glad.", {"Marco Rubio"}),
    ],
)
def test_officials_stand_for_their_country_and_who_tells_what_he_does_takes_part(
    tagger: Tagger, event: str, text: str, actors: set[str]
) -> None:
    assert set(_event(tagger, "en", event, text).actors) == actors


def test_the_strikers_own_country_is_no_place(tagger: Tagger) -> None:
    assert _event(tagger, "en", "airstrike", "Israeli strikes kill 12 more people in less than 24 hours.").place is None


def test_a_name_with_an_article_is_written_with_capitals(tagger: Tagger) -> None:
    found = tagger.tag_text("a", "", "El alto el fuego entró en vigor y el pueblo celebró en las calles.", FRIDAY, "es")
    assert "El Alto" not in {one.name for one in found.entities}


def test_and_parts_two_persons(tagger: Tagger) -> None:
    found = tagger.tag_text("a", "", "Juan Pérez y Luis Gómez firmaron el acuerdo el lunes.", FRIDAY, "es")
    assert {"Juan Pérez", "Luis Gómez"} <= {one.name for one in found.entities}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A naval exercise began off Callao on Monday. Ships from Brazil, Chile and Ecuador take part."),
        (
            "fr",
            "Un exercice naval a commencé lundi à Callao. Des navires brésiliens, chiliens et équatoriens y sont.",
        ),
        ("de", "Am Montag begann vor Callao ein Seemanöver. Dabei sind Brasilien, Chile und Ecuador."),
        ("es", "El lunes empezó un ejercicio naval frente al Callao. Participan Brasil, Chile y Ecuador."),
    ],
)
def test_an_exercise_has_those_whom_the_next_sentence_lists(tagger: Tagger, language: str, text: str) -> None:
    [exercise] = _events(tagger, language, "naval_exercise", text)
    assert {"Brazil", "Chile", "Ecuador"} <= set(exercise.actors)


@pytest.mark.parametrize(
    ("language", "event", "text", "actors"),
    [
        ("en", "leadership_change", "In 2011 Barack Obama appointed him director of the CIA.", set()),
        (
            "en",
            "negotiation",
            "French President Emmanuel Macron met India's Narendra Modi on Tuesday for bilateral talks aimed at trade.",
            {"Emmanuel Macron", "Narendra Modi"},
        ),
        ("en", "negotiation", "Nuclear talks collapsed when Israel launched strikes on Iran.", set()),
        ("en", "visit", "Marco Rubio visits Trump allies in Slovakia.", {"Marco Rubio"}),
        ("en", "meeting", "Olaf Scholz met critics of Viktor Orban in Budapest.", {"Olaf Scholz"}),
        ("en", "visit", "Marco Rubio began a trip to Hungary to see pro-Trump leaders on Monday.", {"Marco Rubio"}),
        (
            "en",
            "visit",
            "Emmanuel Macron put off his visit to Cairo over the illness of Xi Jinping.",
            {"Emmanuel Macron"},
        ),
        (
            "en",
            "visit",
            "Emmanuel Macron, who was visiting Cairo, sent best wishes to Olaf Scholz on Monday.",
            {"Emmanuel Macron"},
        ),
        (
            "en",
            "negotiation",
            "Little progress was made in US-Iran nuclear talks on Monday.",
            {"United States", "Iran"},
        ),
        (
            "en",
            "negotiation",
            "Negotiators from Ukraine and Russia ended peace talks in Geneva as Donald Trump pressed for a deal.",
            {"Ukraine", "Russia"},
        ),
        (
            "en",
            "arrest",
            "The mood is tense, with ICE making 900 arrests in Texas on Sunday.",
            {"U.S. Immigration and Customs Enforcement"},
        ),
        (
            "en",
            "negotiation",
            "Talks between Iran and the United States, mediated by Oman, ended.",
            {"Iran", "United States"},
        ),
        ("en", "attack", "Austria charged a man over the attack on a concert on Monday.", set()),
        ("en", "withdrawal", "Germany pulled out soldiers sent as part of NATO forces on Monday.", {"Germany"}),
        ("en", "ceasefire", "Hamas and Israel agreed to a Gaza ceasefire on Monday.", {"Hamas", "Israel"}),
        (
            "en",
            "coup",
            "Angela Merkel came home in August, days after Evo Morales was overthrown in Bolivia.",
            {"Evo Morales"},
        ),
        (
            "en",
            "leadership_change",
            "Angela Merkel was sworn in by Chief Justice Otto Brand on Monday.",
            {"Angela Merkel"},
        ),
        ("fr", "visit", "Emmanuel Macron, qui visitait Le Caire lundi, a salué Olaf Scholz.", {"Emmanuel Macron"}),
    ],
)
def test_who_stands_in_another_clause_or_compound_takes_no_part(
    tagger: Tagger, language: str, event: str, text: str, actors: set[str]
) -> None:
    assert set(_event(tagger, language, event, text).actors) == actors


def test_a_surname_that_two_bear_is_the_one_of_the_headline(tagger: Tagger) -> None:
    text = "Angela Torres was in Madrid on Monday. Torres phoned Olaf Scholz. A rival, Miguel Torres, stayed away."
    (call,) = _events(tagger, "en", "phone_call", text, title="Angela Torres speaks of a new beginning for Spain")
    assert set(call.actors) == {"Angela Torres", "Olaf Scholz"}


def test_a_minister_of_something_is_a_title(tagger: Tagger) -> None:
    text = "Planning Minister Ahsan Tawil visited Cairo on Monday."
    assert _event(tagger, "en", "visit", text).actors == ("Ahsan Tawil",)


def test_an_arrest_has_nobody_who_was_only_named_before(tagger: Tagger) -> None:
    text = "Emmanuel Macron spoke in Paris on Monday. Twenty demonstrators were arrested in the evening."
    assert _event(tagger, "en", "arrest", text).actors == ()


def test_the_chancellor_is_whom_the_article_calls_so(tagger: Tagger) -> None:
    text = "Premier Anna Holt came to Vienna on Monday. Chancellor Otto Brand had invited her. "
    text += "The premier and the chancellor met in the evening."
    assert any(set(one.actors) == {"Anna Holt", "Otto Brand"} for one in _events(tagger, "en", "meeting", text))


def test_a_deputy_is_not_whom_he_stands_for(tagger: Tagger) -> None:
    text = "Emmanuel Macron rules in Paris. The deputy president of France met Olaf Scholz on Monday."
    assert "Emmanuel Macron" not in _event(tagger, "en", "meeting", text).actors


def test_the_city_is_where_the_report_was_written(tagger: Tagger) -> None:
    text = "KAMPALA — Uganda has sent soldiers to Mogadishu. On Monday a summit of the African Union opens in the city."
    assert _event(tagger, "en", "summit", text).place == "Kampala"


def test_a_german_dateline_ends_with_a_full_stop(tagger: Tagger) -> None:
    text = "Paris. Mehr als eine Million Menschen gingen am Dienstag auf die Straße."
    assert _event(tagger, "de", "protest", text).place == "France"


def test_where_somebody_speaks_of_it_is_not_where_it_was(tagger: Tagger) -> None:
    text = "In Mali hat die Armee geputscht. In Washington nannte Außenminister Marco Rubio den Putsch ein Verbrechen."
    assert {one.place for one in _events(tagger, "de", "coup", text)} == {"Mali"}


@pytest.mark.parametrize(
    ("event", "text", "actors"),
    [
        ("troop_deployment", "Israel to send troops to Haifa, Lebanon reports curbs", {"Israel"}),
        ("visit", "Emmanuel Macron arrives in Venezuela on first trip since Maduro's ouster", {"Emmanuel Macron"}),
        (
            "arrest",
            "The man ran before police arrested him, said U.S. Capitol \u200cPolice Chief Michael Sullivan.",
            set(),
        ),
        ("election", "Tarique Rahman won the election, Muhammad Yunus said.", {"Tarique Rahman"}),
        ("meeting", "US Vice President JD Vance said that Japan and China held talks on Friday.", {"Japan", "China"}),
        (
            "negotiation",
            "A US carrier was seen near Iran ahead of talks between the two countries.",
            {"Iran", "United States"},
        ),
        ("visit", "A US delegation is on a trip to Slovakia and Hungary.", {"United States"}),
        ("ceasefire", "Joe Biden said Iran and Israel agreed on a ceasefire on Monday.", {"Iran", "Israel"}),
        ("ceasefire", "Muhammad Yunus condemned the truce of Hamas and Israel.", {"Hamas", "Israel"}),
    ],
)
def test_who_stands_in_another_clause_takes_no_part(tagger: Tagger, event: str, text: str, actors: set[str]) -> None:
    assert set(_event(tagger, "en", event, text).actors) == actors


def test_who_endorses_a_candidate_in_the_headline_does_not_stand(tagger: Tagger) -> None:
    title = "Marco Rubio praises Viktor Orban ahead of election"
    text = "Viktor Orban faces a strong challenge ahead of elections in Hungary in April."
    (found,) = _events(tagger, "en", "election", text, title)
    assert found.actors == ("Viktor Orbán",)


def test_a_hyphen_within_a_word_makes_no_dateline_of_who_acts(tagger: Tagger) -> None:
    event = _event(tagger, "fr", "missile_launch", "Pékin a lancé vendredi trois missiles M-9.")
    assert (event.actors, event.place) == (("China",), None)


def test_what_a_sea_only_describes_is_no_place_of_it(tagger: Tagger) -> None:
    text = (
        "PORT MORESBY — Papua New Guinea and the United States put their names on Monday to a defence agreement that "
        "opens six ports in the Pacific nation."
    )
    assert _event(tagger, "en", "agreement", text).place == "Papua New Guinea"
