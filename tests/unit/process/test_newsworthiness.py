"""Whether an article reports anything at all: by all its words, not only those that the lists of genres have."""

from collections.abc import Sequence

import numpy as np
import pytest

from process.genre import Genres
from process.lexicon import load_event_types, load_lexicon
from process.newsworthiness import Array, Newsworthiness
from process.tagger import Tagger
from process.tokens import Spellings, Tokens, in_sentences, tokenize
from process.training_sentences import TrainingError
from process.training_texts import read, texts
from tests.eval.in_context import FOLDERS, paragraphs
from tests.unit.process.reading import FRIDAY

GARDEN = (
    "Kaum treiben die Rosen aus, rücken die Blattläuse an. Wer sofort zur chemischen Keule greift, trifft auch die "
    "eigenen Verbündeten: Marienkäfer und Schwebfliegen. Besser ist ein gezielter Beschuss mit dem Wasserstrahl, drei "
    "Tage hintereinander am frühen Morgen. Hält der Angriff an, hilft eine Lösung aus Schmierseife. Ameisen, die "
    "ihre Läuse wie Gefangene bewachen, lassen sich mit einem Leimring abwehren. Lavendel und Salbei bilden zwischen "
    "den Stöcken eine gute Verteidigungslinie. Ab Juni übernehmen meist die Meisen das Kommando, dann können Gärtner "
    "ihre Truppen abziehen."
)


def _parts(title: str, text: str) -> list[Tokens]:
    spellings, stops = Spellings(), load_lexicon("en", load_event_types()).stops
    parts = tokenize("title", title, spellings), tokenize("text", text, spellings)
    return [in_sentences(one, stops) for one in parts]


def _ones(words: Sequence[str]) -> Array:
    return np.ones((len(words), 64), dtype=np.float32)


def _letters(words: Sequence[str]) -> Array:
    return np.array([[ord(word[0])] * 64 for word in words], dtype=np.float32)


def test_a_text_that_only_plays_with_words_reports_nothing(tagger: Tagger) -> None:
    title = "Invasion auf sechs Beinen: So schützen Sie Ihre Rosen"
    assert tagger.tag_text("a", title, GARDEN, FRIDAY, "de").events == ()


def test_news_that_has_the_words_of_a_genre_is_news(tagger: Tagger) -> None:
    """A night of unrest, told with a translator, a flat, a tractor works and a man in slippers."""
    (minsk,) = (one for one in paragraphs("en", FOLDERS["articles"]) if "barricades to Minsk" in one.text)
    title, _, text = minsk.text.partition("\n")
    parts = _parts(title, text)
    assert Genres.load("en").counted(parts).is_figurative(lands=6)
    found = {event.type for event in tagger.tag_text("a", title, text, minsk.published, "en").events}
    assert {"protest", "arrest", "election"} <= found


def test_where_no_word_has_a_vector_the_lists_of_genres_decide() -> None:
    nothing = np.zeros((0, 64), dtype=np.float32)
    newsworthiness = Newsworthiness.load(lambda words: nothing, frozenset())
    parts = _parts("", "Word upon word. " * 20)
    counted = Genres.load("en").counted(parts)
    assert newsworthiness.none(parts, counted, 0) == 0.5
    assert not len(newsworthiness.known(parts, counted, 0))


def test_a_text_of_few_words_is_not_judged() -> None:
    newsworthiness, genres = Newsworthiness.load(_ones, frozenset()), Genres.load("en")
    short, longer = (_parts("", "Nurses walked off the job. " * times) for times in (1, 8))
    assert newsworthiness.none(short, genres.counted(short), 0) == 0.5
    assert newsworthiness.none(longer, genres.counted(longer), 0) != 0.5


def test_of_a_long_text_the_beginning_is_looked_at() -> None:
    newsworthiness, genres = Newsworthiness.load(_letters, frozenset()), Genres.load("en")
    begins = "Nurses walked off the job. " * 100
    text, other = (_parts("", begins + more * 100) for more in ("Quiet zebras zigzag. ", "Doctors sing for a week. "))
    known, again = (newsworthiness.known(one, genres.counted(one), 0) for one in (text, other))
    assert np.array_equal(known[:128], again[:128])


def test_a_local_strike_at_a_library_is_news(tagger: Tagger) -> None:
    text = (
        "Nine of the town's fourteen libraries were shut on Friday as staff went on strike over plans for hours "
        "without anybody at the desk. Storytime was held on the pavement, with juice and biscuits. The union said that "
        "a second stoppage was to follow, and that children and pensioners would be the losers."
    )
    found = tagger.tag_text("a", "Library dispute: staff walk out", text, FRIDAY, "en").events
    assert {event.type for event in found} == {"strike"}


def test_every_text_that_it_learns_from_is_well_formed_and_both_kinds_come_in_each_language() -> None:
    kinds = {(one.language, one.is_news) for one in texts()}
    assert kinds == {(language, kind) for language in ("de", "en", "es", "fr") for kind in (True, False)}


@pytest.mark.parametrize("line", ["none\tA headline", "news\t\tA text", "sport\tA headline\tA text", ""])
def test_a_malformed_text_is_named_with_its_file_and_line(line: str) -> None:
    with pytest.raises(TrainingError, match=r"^en\.tsv:2: write `none` or `news`"):
        list(read(f"none\tA headline\tA text\n{line}\n", "en.tsv"))
