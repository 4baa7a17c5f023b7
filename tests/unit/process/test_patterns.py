"""The little language of triggers, as lexicons write it."""

from process.lexicon import EventType, Lexicon, compile_lexicon, load_event_types
from process.patterns import Match, View
from process.tokens import split_words
from tests.unit.process.test_lexicon import ENGLISH, GERMAN

TYPES: dict[str, EventType] = load_event_types()


def _lexicon(row: str, text: str, name: str) -> Lexicon:
    """The shipped lexicon with one trigger only, of a strike."""
    head = text[: text.index("\n[events]\n")]
    return compile_lexicon(f'{head}\n[events]\nstrike = ["{row}"]\n', name, TYPES)


def _matches(row: str, sentence: str, text: str = ENGLISH, name: str = "en.toml") -> list[Match]:
    words = [word.lower() for word in split_words(sentence)]
    return _lexicon(row, text, name).triggers.matches(View(words, 0, len(words), {}))


def test_a_gap_ends_where_another_thought_begins() -> None:
    assert _matches("union ... strike", "The union of dockers announced a strike")
    assert not _matches("union ... strike", "Nobody asked the union; the strike went on")


def test_a_word_wanted_in_the_sentence_may_stand_in_a_gap() -> None:
    assert _matches("~stage ... walkout + pilots", "They staged with the pilots a walkout")
    assert not _matches("~stage ... walkout + pilots", "They staged with the nurses a walkout")


def test_two_triggers_compete_for_their_own_words_and_not_for_what_stands_between() -> None:
    (long,) = _matches("~sit ... jail", "He sits since the coup in jail")
    (short,) = _matches("coup", "He sits since the coup in jail")
    (inner,) = _matches("jail", "He sits since the coup in jail")
    assert not long.shares(short)
    assert long.shares(inner)


def test_a_separable_verb_is_found_with_its_prefix_far_behind() -> None:
    (match,) = _matches("~ab.sagen", "Der Minister sagte am Montag seinen Besuch ab", GERMAN, "de.toml")
    assert (match.tenses, match.particle) == (frozenset({"past"}), 7)


def test_a_separable_verb_without_its_prefix_is_another_verb() -> None:
    assert not _matches("~ab.sagen", "Der Minister sagte am Montag nichts", GERMAN, "de.toml")


def test_a_verb_tells_its_tense() -> None:
    (match,) = _matches("~strike", "Dockers struck on Monday")
    assert match.tenses == {"past", "part"}


def test_a_blocking_word_beside_it_forbids_the_match() -> None:
    assert _matches("strike - lightning", "A strike in Lyon")
    assert not _matches("strike - lightning", "A lightning strike in Lyon")


def test_of_two_forms_the_longer_fits() -> None:
    (match,) = _matches("new|new_york strike", "A New York strike")
    assert (match.first, match.last) == (1, 4)


def test_a_german_stem_in_dn_takes_an_e() -> None:
    (match,) = _matches("~an.ordnen", "Der Minister ordnete am Montag einen Abzug an", GERMAN, "de.toml")
    assert match.tenses == {"past"}
