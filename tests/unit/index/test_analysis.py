"""How words are taken apart, folded and stemmed."""

import pytest

from index.analysis import LANGUAGES, OTHER, analysis_language, clean, folded_words, tokens


def words(text: str, language: str) -> list[str]:
    return [token.text for token in tokens(text, language)]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "manœuvres navales", "manoeuvre navale"),
        ("fr", "L’exercice d'été", "exercices ete"),
        ("fr", "Jusqu'à l'île", "a ile"),
        ("fr", "États-Unis", "etats unis"),
        ("en", "exercises", "exercised"),
        ("en", "naïve cafés", "naive cafe"),
        ("de", "Übungen", "Uebung"),
        ("de", "Straßen", "strasse"),
        ("de", "Häfen", "Hafen"),
        ("es", "naciones", "nación"),
        ("es", "maniobras", "maniobra"),
        (OTHER, "İstanbul Łódź", "istanbul lodz"),
        (OTHER, "e\u0301tat", "état"),
    ],
)
def test_spellings_of_one_word_are_one(language: str, one: str, other: str) -> None:
    assert words(one, language) == words(other, language)
    assert words(one, language)


@pytest.mark.parametrize("text", ["aujourd'hui", "O'Neill", "prud'homme", "rock'n'roll"])
def test_an_apostrophe_that_is_no_elision_keeps_both_sides(text: str) -> None:
    assert len(words(text, "fr")) > 1


def test_elision_is_dropped_in_french_only() -> None:
    assert words("l'exercice", "fr") == ["exercic"]
    assert words("l'exercice", OTHER) == ["l", "exercice"]


def test_offsets_point_into_the_text() -> None:
    text = "« L’armée » d’État, Œuvre 𝒜 fin"
    assert [clean(text, "fr")[t.start : t.end] for t in tokens(text, "fr")] == ["armée", "État", "Œuvre", "𝒜", "fin"]
    assert len(clean(text, "fr")) == len(text)


def test_a_language_without_a_stemmer_is_folded_only() -> None:
    assert analysis_language("ru") == analysis_language("xx") == OTHER
    assert words("Корабли", OTHER) == ["корабли"]
    assert set(LANGUAGES) == {"de", "en", "es", "fr", OTHER}


def test_endless_words_are_left_out() -> None:
    assert folded_words("a " + "x" * 300 + " b") == ["a", "b"]


def test_where_no_blanks_are_written_every_character_is_a_word() -> None:
    assert words("中国军舰 in 東シナ海", OTHER) == [*"中国军舰", "in", *"東シナ海"]
    assert folded_words("中国军舰") == ["中国军舰"]
