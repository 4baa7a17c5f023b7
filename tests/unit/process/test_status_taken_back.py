"""What is called off, denied, negated or only imagined."""

import pytest

from process.tagger import Tagger
from tests.unit.process.reading import FRIDAY, statuses


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "summit", "The summit of the African Union, which was to open in Kampala, has been called off."),
        ("de", "visit", "Außenminister Johann Wadephul sagte seinen Besuch in Peking ab."),
        ("fr", "summit", "Le sommet de l'Union africaine, qui devait s'ouvrir à Kampala, a été annulé."),
        ("es", "summit", "La cumbre de la Unión Africana en Kampala ha sido cancelada."),
    ],
)
def test_what_is_called_off_is_cancelled_although_it_was_planned(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"cancelled"}


def test_what_stands_in_somebody_elses_relative_clause_says_nothing_of_the_event(tagger: Tagger) -> None:
    text = "Emmanuel Macron, who plans to travel to Japan, met Olaf Scholz in Berlin on Tuesday."
    assert statuses(tagger, "en", "meeting", text) == {"happened"}


def test_a_verb_does_not_govern_what_and_joins_to_it(tagger: Tagger) -> None:
    text = "Turkey cancelled the exercise and expelled the Israeli ambassador."
    assert statuses(tagger, "en", "expulsion", text) == {"happened"}


@pytest.mark.parametrize(
    "text",
    [
        "If Russia sends troops to Belarus, Poland will close its border.",
        "Analysts fear that Russia could send troops to Belarus.",
        "Kyiv urged its allies to send troops to Odesa.",
    ],
)
def test_what_is_only_supposed_feared_or_asked_for_is_no_event(tagger: Tagger, text: str) -> None:
    assert statuses(tagger, "en", "troop_deployment", text) == set()


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "ceasefire", "A ceasefire would allow hospitals in Rafah to restart, doctors say."),
        ("en", "protest", "Should Kyiv give up Donetsk, the Russians would march on Dnipro."),
        ("en", "aid", "Campaigners want Canberra to offer more help to farmers in New South Wales."),
        ("en", "arms_transfer", "Berlin did not rule out arms deliveries to Kyiv."),
        ("de", "disaster", "Es war in Sachsen der erste Ausfall, den kein Hochwasser ausgelöst hat."),
    ],
)
def test_what_is_only_supposed_is_none(tagger: Tagger, language: str, event: str, text: str) -> None:
    assert statuses(tagger, language, event, text) == set()


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("es", "meeting", "El presidente de México no asistirá a la reunión prevista en Washington con Donald Trump."),
        ("es", "strike", "La central CUT renunció a la jornada de paro que tenía fijada en Chile."),
        ("de", "election", "Die Parlamentswahl in Thailand, die im Juli wiederholt werden sollte, findet nicht statt."),
        ("de", "naval_exercise", "Die Amerikaner brachen eine laufende Marineübung im Golf von Thailand ab."),
    ],
)
def test_who_stays_away_or_breaks_off_cancels(tagger: Tagger, language: str, event: str, text: str) -> None:
    assert statuses(tagger, language, event, text) == {"cancelled"}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        (
            "es",
            "naval_deployment",
            "Lavrov canceló su visita, y el Kremlin mandó el crucero Moskva a las costas de Siria.",
        ),
        ("en", "airstrike", "An air raid by the Myanmar military on a village festival in Sagaing killed scores."),
        (
            "en",
            "strike",
            "Nurses in England walked off the job in the first national stoppage of their union's history.",
        ),
    ],
)
def test_words_of_other_things_take_nothing_back(tagger: Tagger, language: str, event: str, text: str) -> None:
    assert statuses(tagger, language, event, text) == {"happened"}


def test_what_is_called_off_has_the_day_it_was_planned_for(tagger: Tagger) -> None:
    text = "Ein für Montag geplanter Besuch von Außenminister Johann Wadephul in Seoul wurde abgesagt."
    tagged = tagger.tag_text("a", "", text, FRIDAY, "de")
    assert [(one.type, one.status, one.date) for one in tagged.events] == [("visit", "cancelled", "2026-11-23")]


@pytest.mark.parametrize(
    ("language", "event", "text", "told"),
    [
        ("en", "visit", "Boris Pistorius travels to Vilnius on November 30.", {"planned"}),
        (
            "en",
            "phone_call",
            "Donald Trump called Petr Pavel on Monday and said he wanted to go to Prague.",
            {"happened"},
        ),
        (
            "es",
            "strike",
            "El paro general convocado el martes en Uruguay vació las calles de Montevideo.",
            {"happened"},
        ),
        ("en", "election", "The vote in Haiti, which had been due that day, did not take place.", {"cancelled"}),
        ("en", "visit", "Petr Pavel cut his trip to Japan short on Tuesday.", {"cancelled"}),
        (
            "de",
            "phone_call",
            "Ein Telefonat zwischen Putin und Fico habe es nicht gegeben, sagte Peskow.",
            {"cancelled"},
        ),
        ("fr", "protest", "La CGT appelle à un grand défilé samedi à Marseille.", {"planned"}),
        ("fr", "protest", "La CGT appelle à un grand défilé à Marseille.", set()),
        ("en", "protest", "The members of Pussy Riot were in Vienna on Monday.", set()),
    ],
)
def test_who_calls_off_calls_for_or_calls_up(
    tagger: Tagger, language: str, event: str, text: str, told: set[str]
) -> None:
    assert statuses(tagger, language, event, text) == told


@pytest.mark.parametrize(
    ("language", "event", "text", "days"),
    [
        ("en", "visit", "Friedrich Merz has put off his trip to Beijing to January.", {"2027-01"}),
        (
            "fr",
            "election",
            "Les élections, prévues le 30 novembre en Haïti, sont reportées au 1er février.",
            {"2027-02-01"},
        ),
        ("de", "summit", "Der Gipfel in Prag wurde auf Januar verschoben.", {"2027-01"}),
        (
            "fr",
            "visit",
            "La visite de l'émissaire, Tom Barrack, à Beyrouth est reportée au 4 décembre.",
            {"2026-12-04"},
        ),
        ("es", "visit", "Pedro Sánchez ha aplazado a enero su viaje a Pekín.", {"2027-01"}),
    ],
)
def test_what_is_moved_to_another_day_is_cancelled_and_planned(
    tagger: Tagger, language: str, event: str, text: str, days: set[str]
) -> None:
    told = [one for one in tagger.tag_text("a", "", text, FRIDAY, language).events if one.type == event]
    assert {one.status for one in told} == {"cancelled", "planned"}
    assert {one.date for one in told if one.status == "planned"} == days


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "airstrike", "Ethiopia's air force denies having bombarded a nursery in Mekelle."),
        ("en", "phone_call", "Berlin flatly denied that Friedrich Merz had talked to the Russian president by phone."),
        ("de", "phone_call", "Der Kreml wies Berichte zurück, wonach Putin mit Netanjahu telefoniert habe."),
        ("fr", "negotiation", "Le général Assimi Goïta n'a pas l'intention de négocier."),
        ("es", "withdrawal", "Los soldados eritreos no se marcharon de Tigray."),
        ("en", "meeting", "A planned meeting between Joseph Aoun and the US envoy, Tom Barrack, was cancelled."),
    ],
)
def test_what_is_denied_or_not_wanted_is_cancelled(tagger: Tagger, language: str, event: str, text: str) -> None:
    assert statuses(tagger, language, event, text) == {"cancelled"}


def test_what_would_happen_if_something_else_does_is_only_imagined(tagger: Tagger) -> None:
    assert (
        statuses(tagger, "en", "leadership_change", "Bart De Wever has said he would resign if talks failed.") == set()
    )


@pytest.mark.parametrize(
    ("event", "text", "status"),
    [
        ("strike", "La huelga general en Grecia paralizó los puertos.", "happened"),
        ("strike", "La huelga general en Grecia ha paralizado los puertos.", "happened"),
        ("visit", "La visita de Obama a Cuba se canceló ayer.", "cancelled"),
        ("visit", "La visita de Obama a Cuba la canceló el Kremlin.", "cancelled"),
        ("visit", "La visita de Obama a Cuba ha sido cancelada.", "cancelled"),
    ],
)
def test_who_calls_off_something_else_is_not_called_off(tagger: Tagger, event: str, text: str, status: str) -> None:
    assert statuses(tagger, "es", event, text) == {status}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("visit", "Obama, sin embargo, visitó Cuba en marzo."),
        ("invasion", "Las tropas entraron sin resistencia en Faluya."),
    ],
)
def test_not_every_without_negates(tagger: Tagger, event: str, text: str) -> None:
    assert statuses(tagger, "es", event, text) == {"happened"}


def test_a_german_participle_and_und_close_the_clause_of_a_cue(tagger: Tagger) -> None:
    text = "Der Sicherheitsrat hat am Donnerstag eine Mission beschlossen und das Embargo gegen Libyen verschärft."
    assert statuses(tagger, "de", "sanctions", text) == {"happened"}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("agreement", "Serbien weigert sich, das Abkommen mit dem Kosovo zu unterzeichnen."),
        ("troop_deployment", "Ein Richter untersagte Trump, die Nationalgarde nach Portland zu schicken."),
    ],
)
def test_an_article_behind_a_comma_opens_no_relative_clause_before_an_infinitive(
    tagger: Tagger, event: str, text: str
) -> None:
    assert statuses(tagger, "de", event, text) == {"cancelled"}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ("leadership_change", "Präsident Yoon klebt an seinem Amt und tritt nicht zurück."),
        ("expulsion", "Wien weist die russischen Diplomaten vorerst nicht aus."),
        ("visit", "Emmanuel Macron besucht Algier nicht."),
    ],
)
def test_a_german_nicht_behind_the_verb_negates_it(tagger: Tagger, event: str, text: str) -> None:
    assert statuses(tagger, "de", event, text) == {"cancelled"}
