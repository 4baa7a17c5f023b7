"""Whether an event happened, goes on or lies ahead: tenses, cues and days."""

import pytest

from process.tagger import Tagger
from tests.unit.process.reading import FRIDAY, statuses


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "negotiation", "Peace talks between Sudan and Egypt will be held in Geneva."),
        ("en", "negotiation", "Peace talks between Sudan and Egypt, which opened in May, are due to resume in Geneva."),
        ("de", "meeting", "Ein Treffen der Außenminister Polens und Litauens ist für Dezember in Posen geplant."),
        ("fr", "negotiation", "Les pourparlers entre Kinshasa et Kigali reprendront à Doha."),
        ("es", "negotiation", "Las negociaciones de paz entre Sudán y Egipto se reanudarán en Ginebra."),
    ],
)
def test_a_noun_takes_its_status_from_a_verb_far_behind_it(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"planned"}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "naval_exercise", "Warships from Norway and Denmark are holding naval drills in the Baltic Sea."),
        ("fr", "military_exercise", "L'armée iranienne mène de vastes exercices près de Tabriz."),
        ("de", "withdrawal", "Die israelische Armee zieht sich aus dem Süden des Libanon zurück."),
        ("es", "naval_deployment", "Guardacostas chinos patrullan en torno a las islas Senkaku."),
    ],
)
def test_the_present_tense_of_what_lasts_tells_that_it_goes_on(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"ongoing"}


def test_the_present_tense_of_a_headline_means_the_past(tagger: Tagger) -> None:
    assert statuses(tagger, "es", "visit", "", title="Emmanuel Macron visita Berlín") == {"happened"}


def test_a_headline_yields_to_the_text(tagger: Tagger) -> None:
    text = "Das Pentagon will bis zum Wochenende 5500 Soldaten nach Haiti schicken."
    title = "USA schicken Soldaten nach Haiti"
    assert statuses(tagger, "de", "troop_deployment", text, title) == {"planned"}


def test_after_the_talks_the_talks_are_over(tagger: Tagger) -> None:
    text = "After peace talks in Geneva, Sudan and Egypt will reopen the border."
    assert statuses(tagger, "en", "negotiation", text) == {"happened"}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Zwischen Addis Abeba und Kairo wird wieder über den Nil-Staudamm verhandelt.", "ongoing"),
        ("Addis Abeba und Kairo werden über den Nil-Staudamm verhandeln.", "planned"),
    ],
)
def test_a_german_passive_is_no_future(tagger: Tagger, text: str, status: str) -> None:
    assert statuses(tagger, "de", "negotiation", text) == {status}


@pytest.mark.parametrize(
    ("language", "event", "text", "status"),
    [
        ("de", "meeting", "Frank-Walter Steinmeier trifft am Montag in Ljubljana Nataša Pirc Musar.", "planned"),
        ("de", "meeting", "Frank-Walter Steinmeier traf am Montag in Ljubljana Nataša Pirc Musar.", "happened"),
        ("fr", "military_exercise", "L'armée iranienne mène de vastes exercices depuis lundi.", "ongoing"),
    ],
)
def test_tense_and_preposition_tell_on_which_side_a_weekday_lies(
    tagger: Tagger, language: str, event: str, text: str, status: str
) -> None:
    assert statuses(tagger, language, event, text) == {status}


def test_announced_is_what_can_be_announced(tagger: Tagger) -> None:
    assert statuses(tagger, "en", "visit", "The Kremlin announced a visit to Beijing by Vladimir Putin.") == {"planned"}
    assert statuses(tagger, "en", "sanctions", "Brussels announced sanctions against Belarus.") == {"happened"}


def test_what_has_begun_goes_on(tagger: Tagger) -> None:
    text = "Le contingent allemand a commencé à évacuer le camp de Gao, au Mali."
    assert statuses(tagger, "fr", "withdrawal", text) == {"ongoing"}


def test_what_continues_today_is_not_to_come(tagger: Tagger) -> None:
    assert statuses(tagger, "es", "visit", "Emmanuel Macron prosigue hoy su visita a Kiev.") == {"ongoing"}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("en", "visit", "Xi Jinping, who had not set foot abroad for years, landed in Kazakhstan on Wednesday."),
        ("en", "agreement", "Fiji and Tonga put their names on Monday to an accord that will open six ports."),
        ("fr", "agreement", "Le Sénat américain doit examiner en mai le traité signé en avril à Prague."),
        ("fr", "sanctions", "Les sanctions imposées à l'Érythrée en 2009 n'auront bientôt plus de raison d'être."),
        ("fr", "agreement", "Le Danemark et la Norvège ont signé un accord qui prévoit de former des pilotes."),
        (
            "de",
            "disaster",
            "Nach dem Erdbeben in Nepal stellt die Bundesregierung 50 Millionen Euro für die Opfer bereit.",
        ),
        ("es", "coup", "Fracasa la asonada de un grupo de oficiales en Benín."),
        ("en", "coup", "Soldiers tried to topple President Patrice Talon in Benin on Sunday."),
    ],
)
def test_what_is_done_stays_so_although_its_sentence_tells_of_the_future(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"happened"}


def test_a_date_of_another_clause_tells_nothing_of_an_event(tagger: Tagger) -> None:
    text = "Arranca en Ankara la cumbre de la Organización de Estados Túrquicos, que termina mañana."
    assert statuses(tagger, "es", "summit", text) == {"ongoing"}


def test_a_quake_that_a_nuclear_test_made_is_no_disaster(tagger: Tagger) -> None:
    text = "Secousse de magnitude 6,3 en Corée du Nord : Pyongyang revendique le test d'une bombe à hydrogène."
    tagged = tagger.tag_text("a", "", text, FRIDAY, "fr")
    assert [one.type for one in tagged.events] == ["nuclear_test"]


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("de", "military_exercise", "Die Armee beginnt am Montag mit landesweiten Übungen in Polen."),
        ("de", "military_exercise", "Im Januar folgt ein Manöver mit polnischen Einheiten."),
        ("de", "election", "Im Februar wird in Finnland ein neues Parlament gewählt."),
        ("en", "summit", "Leaders of France and Germany hold a summit on Monday."),
        ("es", "strike", "Los maestros de Lima paran el 3 de diciembre."),
        ("fr", "agreement", "Plusieurs accords seront signés à Rabat à l'issue de cette rencontre."),
        ("de", "naval_deployment", "Spanien schickt der Gaza-Flottille ein Marineschiff zum Schutz."),
    ],
)
def test_the_present_tense_with_a_day_to_come_and_the_future_passive_are_planned(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"planned"}


@pytest.mark.parametrize(
    ("language", "event", "text", "status"),
    [
        ("fr", "strike", "Le trafic est perturbé ce vendredi en raison d'une grève des aiguilleurs à Lyon.", "ongoing"),
        (
            "en",
            "naval_exercise",
            "China and Russia concluded their maritime drills in the Gulf of Oman on Friday.",
            "happened",
        ),
        (
            "en",
            "naval_exercise",
            "The Vietnamese coast guard staged its first combined exercise off Bataan.",
            "happened",
        ),
        ("de", "arms_transfer", "Nordkorea hat Russland seit dem Sommer Granaten geliefert.", "happened"),
    ],
)
def test_what_takes_days_goes_on_until_it_is_over(
    tagger: Tagger, language: str, event: str, text: str, status: str
) -> None:
    assert statuses(tagger, language, event, text) == {status}


def test_a_date_behind_a_comma_is_not_the_nearest(tagger: Tagger) -> None:
    text = "Olaf Scholz left Berlin on Thursday, a week after he met Emmanuel Macron in Paris on November 12."
    told = tagger.tag_text("a", "", text, FRIDAY, "en").events
    assert [one.date for one in told if one.type == "meeting"] == ["2026-11-12"]


@pytest.mark.parametrize(
    ("event", "text", "status"),
    [
        ("visit", "President Clinton is flying to Jerusalem for the funeral on Monday.", "planned"),
        ("visit", "Lavrov is flying to Ankara with a message from the Kremlin.", "ongoing"),
        ("naval_deployment", "Eleven American warships are cruising off Venezuela.", "ongoing"),
        ("leadership_change", "Shinzo Abe is bowing out as Japan's longest-serving premier.", "planned"),
        ("meeting", "Wang Yi flew to Sochi on Wednesday to confer with Sergei Lavrov.", "happened"),
        ("protest", "Crowds in Istanbul tried to storm the Israeli consulate.", "happened"),
        ("meeting", "Lavrov's meeting with Rubio in Budapest lasted two hours.", "happened"),
    ],
)
def test_the_english_progressive_goes_on_or_lies_ahead_and_what_was_tried_was_done(
    tagger: Tagger, event: str, text: str, status: str
) -> None:
    assert statuses(tagger, "en", event, text) == {status}


@pytest.mark.parametrize(
    ("language", "event", "text"),
    [
        ("de", "meeting", "Der Sicherheitsrat kommt am Freitag zu einer Sitzung über den Sudan zusammen."),
        ("en", "meeting", "Emmanuel Macron meets Friedrich Merz in Berlin on Friday."),
    ],
)
def test_the_present_tense_with_the_day_of_the_report_tells_what_is_to_come(
    tagger: Tagger, language: str, event: str, text: str
) -> None:
    assert statuses(tagger, language, event, text) == {"planned"}


def test_a_quotation_in_german_book_marks_ends_its_sentence(tagger: Tagger) -> None:
    text = "Putin sagte: »Wir werden sehen.« In Moskau wurde der Kritiker Ilja Jaschin festgenommen. »Das genügt.«"
    tagged = tagger.tag_text("a", "", text, FRIDAY, "de")
    assert [one.sentence for one in tagged.events] == ["In Moskau wurde der Kritiker Ilja Jaschin festgenommen."]


def test_an_auxiliary_is_read_with_its_participle(tagger: Tagger) -> None:
    text = "Emmanuel Macron a eu Vladimir Poutine au bout du fil mercredi."
    assert statuses(tagger, "fr", "phone_call", text) == {"happened"}


def test_what_is_to_be_done_is_planned(tagger: Tagger) -> None:
    text = "The deal between Iran and Russia is to be signed in Abu Dhabi."
    assert statuses(tagger, "en", "agreement", text) == {"planned"}


@pytest.mark.parametrize(
    ("event", "text", "status"),
    [
        ("airstrike", "Saudi warplanes have been pounding Sanaa for three days.", "ongoing"),
        ("troop_deployment", "Italy is sending 300 soldiers to Kosovo.", "planned"),
    ],
)
def test_have_been_doing_goes_on_and_is_sending_is_planned(tagger: Tagger, event: str, text: str, status: str) -> None:
    assert statuses(tagger, "en", event, text) == {status}


@pytest.mark.parametrize(
    ("event", "text", "status"),
    [
        ("naval_deployment", "Germany said that it would send the frigate Hessen to the Red Sea.", "planned"),
        ("visit", "Emmanuel Macron was still visiting Beijing on Friday.", "ongoing"),
        ("visit", "Emmanuel Macron was to have visited Beijing.", "cancelled"),
        ("negotiation", "The peace talks between Sudan and Egypt will not take place.", "cancelled"),
        ("negotiation", "The peace talks between Sudan and Egypt show no sign of ending.", "ongoing"),
    ],
)
def test_what_stands_around_an_event_in_english_tells_its_status(
    tagger: Tagger, event: str, text: str, status: str
) -> None:
    assert statuses(tagger, "en", event, text) == {status}


@pytest.mark.parametrize(
    "text",
    [
        "Modi est attendu à Oslo, avant de s'envoler dimanche pour Paris.",
        "Modi a prévenu l'Otan avant de se rendre dimanche à Paris.",
    ],
)
def test_a_pronoun_may_part_an_infinitive_from_its_mark(tagger: Tagger, text: str) -> None:
    assert statuses(tagger, "fr", "visit", text) == {"planned"}
