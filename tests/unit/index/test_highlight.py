"""Fragments that show why an article was found."""

import unicodedata

from index.highlight import LENGTH, highlights
from index.port import Hit
from tests.search_documents import a_document, entity, event, read

FILLER = "Nothing of interest is said in this sentence at all. " * 20


def shown(query: str, title: str, text: str, language: str = "en") -> list[str]:
    """The fragments with matches between brackets."""
    found = highlights(read(query), a_document("a", title, text, language))
    return ["".join(f"[{piece}]" if match else piece for piece, match in fragment) for fragment in found]


def test_the_title_stands_whole_and_first() -> None:
    assert shown("frigate", "The frigates sail", "A fleet.") == ["The [frigates] sail", "A fleet."]


def test_a_fragment_is_cut_around_the_match_at_words_with_dots_where_text_goes_on() -> None:
    [_, fragment] = shown("frigate", "t", FILLER + "Then a frigate came. " + FILLER)
    assert fragment.startswith("…")
    assert fragment.endswith("…")
    assert "[frigate]" in fragment
    assert len(fragment) <= LENGTH + 4
    assert all(
        word in (FILLER + "Then a frigate came.").split()
        for word in fragment.strip("…").replace("[", "").replace("]", "").split()
    )


def test_two_places_at_most_are_shown_in_the_order_of_the_text() -> None:
    text = (
        FILLER + "First frigate. " + FILLER + "Second frigate, with a destroyer. " + FILLER + "Third frigate. " + FILLER
    )
    [_, first, second] = shown("frigate destroyer", "t", text)
    assert "First" in first
    assert "[destroyer]" in second


def test_a_phrase_is_marked_only_where_it_stands_together() -> None:
    assert shown('"naval exercise"', "Exercise, naval", "A naval exercise; naval.") == [
        "Exercise, naval",
        "A [naval] [exercise]; naval.",
    ]


def test_words_within_reach_of_each_other_are_marked() -> None:
    assert shown('"naval exercise"~2', "A naval and air exercise", "") == ["A [naval] and air [exercise]"]


def test_what_is_excluded_is_not_marked() -> None:
    assert shown("frigate NOT fleet", "frigate fleet", "") == ["[frigate] fleet"]


def test_a_title_word_is_not_marked_in_the_text() -> None:
    assert shown("title:frigate", "A frigate", "The frigate") == ["A [frigate]", "The frigate"]


def test_decomposed_accents_do_not_shift_the_marks() -> None:
    text = unicodedata.normalize("NFD", "Été à la plage, manœuvres d'État.")
    assert shown("manoeuvre etat", "", text, "fr") == ["Été à la plage, [manœuvres] d'[État]."]


def test_names_are_marked_where_the_article_has_them() -> None:
    document = a_document("a", "t", "Moscou et Pékin.", "fr", entities=(entity("Beijing", "GPE", "Pékin", 10),))
    assert list(highlights(read("place:Peking"), document)[1]) == [("Moscou et ", False), ("Pékin", True), (".", False)]


def test_an_event_is_shown_by_its_sentence() -> None:
    proof = "Warships began drills."
    document = a_document("a", "t", proof + " " + FILLER, events=(event("naval_exercise", sentence=proof),))
    fragment = highlights(read("event:naval_exercise"), document)[1]
    assert "".join(piece for piece, _ in fragment).startswith(proof)


def test_markup_stays_text() -> None:
    hit = Hit(a_document("a"), 0.0, highlights(read("script"), a_document("a", "<script>alert(1)</script>")))
    assert "".join(piece for piece, _ in hit.highlights[0]) == "<script>alert(1)</script>"


def test_a_text_of_megabytes_is_shown_from_its_beginning() -> None:
    assert shown("needle", "", "lorem ipsum " * 400_000 + "needle")[0].startswith("lorem ipsum")
