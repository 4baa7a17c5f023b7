"""A name that several bear is given to the one whom the sentence means."""

import pytest

from process.tagger import Tagger


def names(tagger: Tagger, language: str, text: str) -> set[tuple[str, str]]:
    """Names and labels in a text."""
    return {(one.name, one.label) for one in tagger.tag_text("1", "", text, None, language).entities}


@pytest.mark.parametrize(
    ("language", "text", "name", "label"),
    [
        ("fr", "Le porte-avions Charles de Gaulle a quitté Toulon.", "Charles de Gaulle", "VESSEL"),
        ("de", "Drei Kriegsschiffe, unter ihnen die „Kanimbla“, kreuzen vor der Küste.", "HMAS Kanimbla", "VESSEL"),
        ("de", "Das Atom-U-Boot „Kursk“ liegt in der Barentssee.", "Kursk", "VESSEL"),
        ("en", "Heavy fighting was reported near Kursk, where no warship can sail.", "Kursk", "GPE"),
        ("es", "El destructor Churruca zarpó de Cartagena.", "Churruca", "VESSEL"),
    ],
)
def test_a_word_for_a_ship_makes_it_a_ships_name(
    tagger: Tagger, language: str, text: str, name: str, label: str
) -> None:
    found = names(tagger, language, text)
    assert any(label == one and (name in known or known in name) for known, one in found), found


@pytest.mark.parametrize(
    ("language", "text", "person"),
    [
        ("fr", "Le juge Bruno Macron a entendu les parties vendredi à Lyon.", "Bruno Macron"),
        ("de", "Der Bäcker Uwe Scholz aus Kassel beschwerte sich am Montag.", "Uwe Scholz"),
        ("en", "Kim Jones, a nurse from Leeds, told the inquiry what she saw.", "Kim Jones"),
        ("en", "The midfielder Jordan Henderson left the pitch at once.", "Jordan Henderson"),
        ("de", "Die Finnin Sini Saarela wurde am Mittwoch freigelassen.", "Sini Saarela"),
    ],
)
def test_a_namesake_is_a_person_of_its_own(tagger: Tagger, language: str, text: str, person: str) -> None:
    assert {name for name, label in names(tagger, language, text) if label == "PERSON"} == {person}
    assert not {name for name, label in names(tagger, language, text) if label == "GPE"} & {"Jordan"}


def test_a_valley_or_a_river_is_not_a_persons_surname(tagger: Tagger) -> None:
    found = names(tagger, "en", "Troops moved along the Jordan Valley, and Jordan protested.")
    assert ("Jordan", "GPE") in found
    assert not {name for name, label in found if label == "PERSON"}


def test_the_president_in_the_white_house_stays_the_president(tagger: Tagger) -> None:
    assert ("Joe Biden", "PERSON") in names(tagger, "en", "A Biden White House aide resigned.")


@pytest.mark.parametrize(
    ("language", "text", "person"),
    [
        ("fr", "Le commandant en chef, Sverker Varansson, a prévenu l'équipage.", "Sverker Varansson"),
        ("es", "Su ministro de Exteriores, Ígor Serguéyin, habló de un error.", "Ígor Serguéyin"),
        ("de", "Der Generalstabschef Gavrav Ranu hat die Truppe entsandt.", "Gavrav Ranu"),
        ("en", "The soldier fell into the arms of his father, Noam, on Tuesday.", "Noam"),
    ],
)
def test_a_role_or_relation_beside_it_makes_it_a_persons_name(
    tagger: Tagger, language: str, text: str, person: str
) -> None:
    assert (person, "PERSON") in names(tagger, language, text)


@pytest.mark.parametrize(
    ("language", "text", "ship"),
    [
        ("en", "A second tanker, the Mesdarra, was boarded the same evening.", "Mesdarra"),
        ("en", "On Thursday the Boxarra, an American assault ship, fired.", "Boxarra"),
        ("fr", "Le destroyer Amiral Chabanov a jeté l'ancre mardi.", "Amiral Chabanov"),
    ],
)
def test_a_ship_may_be_told_again_beside_its_name(tagger: Tagger, language: str, text: str, ship: str) -> None:
    assert (ship, "VESSEL") in names(tagger, language, text)


@pytest.mark.parametrize(
    ("language", "text", "site"),
    [
        ("fr", "Des avions ont décollé de la base aérienne de Murtedan.", "Murtedan"),
        ("es", "Las columnas cruzaron el túnel de Rokino.", "Rokino"),
        ("de", "Das Pentagon verlegt Soldaten auf den Stützpunkt Al Adiri.", "Stützpunkt Al Adiri"),
    ],
)
def test_a_site_is_known_by_the_word_for_it(tagger: Tagger, language: str, text: str, site: str) -> None:
    assert (site, "LOC") in names(tagger, language, text)


@pytest.mark.parametrize(
    ("language", "text", "town"),
    [
        ("de", "Der Krieg um das Grenzstädtchen Badmeh begann 1998.", "Badmeh"),
        ("de", "Soldaten beschossen ein Dorf nördlich von Chosten.", "Chosten"),
        ("es", "Dos periodistas murieron cerca de Duljena el martes.", "Duljena"),
    ],
)
def test_a_town_is_known_by_the_word_before_it(tagger: Tagger, language: str, text: str, town: str) -> None:
    assert (town, "GPE") in names(tagger, language, text)


def test_a_count_behind_the_capital_is_no_town(tagger: Tagger) -> None:
    found = names(tagger, "de", "Am Freitag hatten in der Hauptstadt Hunderte randaliert.")
    assert not [name for name, label in found if label == "GPE"]


@pytest.mark.parametrize(
    "text",
    [
        "A ceasefire is set to begin under the Washington Accords, and the Abraham Accords stand.",
        "In an interview with state TV the minister said nothing new.",
        "The General Assembly met on Monday, and the General Staff denied it.",
        "The General Confederation of Labor called a meeting.",
        "It was told in Western capitals.",
    ],
)
def test_an_accord_a_body_or_a_broadcaster_is_neither_a_person_nor_a_town(tagger: Tagger, text: str) -> None:
    assert names(tagger, "en", text) == set()
