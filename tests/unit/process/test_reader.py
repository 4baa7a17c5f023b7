"""The trained reader: what words tell that no trigger names, and how it stands beside the rules."""

from datetime import date

import pytest

from process.lexicon import load_event_types, load_lexicon
from process.reader import Line, Reader, Reading
from process.tagger import Tagger
from process.training_sentences import STATUSES, TrainingError, read, sentences
from tests.unit.process.reading import FRIDAY

TEXT = (
    "Gunmen stormed a hotel in Mogadishu on Thursday, police said. Flowers were in bloom along the avenue. "
    "The two presidents are due to talk by telephone on Monday."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def _lines(tagger: Tagger, text: str, language: str = "en") -> list[Line]:
    return [one.line for one in tagger.seen(language, text, date(2026, 11, 20))]


def _read(reader: Reader, lines: list[Line], language: str = "en") -> list[Reading]:
    return reader.read(language, lines, load_lexicon("en", load_event_types()).verbs)


def test_the_reader_knows_every_event_type(reader: Reader) -> None:
    assert set(reader.types) == set(load_event_types())


def test_what_is_read_of_a_sentence_does_not_depend_on_those_beside_it(tagger: Tagger, reader: Reader) -> None:
    lines = _lines(tagger, " ".join([TEXT] * 20))
    for line, together in zip(lines, _read(reader, lines), strict=True):
        (alone,) = _read(reader, [line])
        assert alone.told.keys() == together.told.keys()
        for at, likely in alone.told.items():
            assert together.told[at] == pytest.approx(likely, abs=1e-4)
            assert together.statuses[at] == pytest.approx(alone.statuses[at], abs=1e-4)


def test_probabilities_are_shares(tagger: Tagger, reader: Reader) -> None:
    for reading in _read(reader, _lines(tagger, TEXT)):
        for at, likely in reading.told.items():
            assert 0 <= sum(likely) <= 1.0001
            assert sum(reading.statuses[at]) == pytest.approx(1, abs=1e-4)


def test_in_a_language_that_the_reader_has_not_learned_the_word_of_the_rules_stands(
    tagger: Tagger, reader: Reader
) -> None:
    lines = _lines(tagger, TEXT)
    for line, reading in zip(lines, _read(reader, lines, "sw"), strict=True):
        assert [reading.status(one) for one in line.spotted] == [one.status for one in line.spotted]
        assert not list(reading.others())


def test_nothing_is_read_of_nothing(reader: Reader) -> None:
    assert _read(reader, []) == []


def test_a_whole_article_tells_events_that_no_trigger_names_and_shows_their_words(tagger: Tagger) -> None:
    told = (
        "Policemen were busy in San Bernardino, where a couple had shot fourteen guests at an office party on "
        "Wednesday."
    )
    rest = (
        " The shops were open and buses ran in the capital. The market women said that they had heard nothing of it "
        "but what the radio told them in the morning, when the road to the north was already empty. Nobody in the "
        "ministry wanted to say more about the matter, and the evening papers had other things on their front pages."
    )
    (event,) = tagger.tag_text("a", "", told + rest, FRIDAY, "en").events
    assert (event.type, event.sentence) == ("attack", told)
    assert event.rule.startswith("en: read: ")
    assert event.rule.removeprefix("en: read: ") in told
    assert tagger.tag_text("a", "", told, FRIDAY, "en").events == ()


def test_every_sentence_of_the_training_data_is_well_formed() -> None:
    languages = {one.language for one in sentences()}
    assert languages == {"de", "en", "es", "fr"}


def test_a_sentence_tells_where_its_events_stand() -> None:
    text = (
        "# 2026-11-20\nParis recalled its envoy.\trecalled|expulsion|h|Paris|\trecalled its envoy|arms_transfer|n||\n"
    )
    (one,) = read(text, "en-known.tsv", frozenset({"expulsion", "arms_transfer"}))
    assert (one.language, one.known, one.published) == ("en", True, date(2026, 11, 20))
    assert [one.text[told.start : told.end] for told in one.told] == ["recalled", "recalled its envoy"]
    assert [told.status for told in one.told] == ["h", "n"]
    assert set("hn") <= set(STATUSES)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Paris recalled its envoy.\trecalled|expulsion|h|Paris", "is not `trigger|type|status|participants|place`"),
        ("Paris recalled its envoy.\trecalled|recall|h|Paris|", "'recall' is no event type"),
        ("Paris recalled its envoy.\trecalled|expulsion|x|Paris|", "'x' is no status"),
        ("Paris recalled its envoy.\twithdrew|expulsion|h|Paris|", "'withdrew' does not stand in the sentence"),
        ("Paris recalled its envoy.\trecalled|expulsion|h|London|", "'London' does not stand in the sentence"),
        ("# soon", "Invalid isoformat string"),
        ("# 2026-11-20 essay", "is not `# YYYY-MM-DD` or `# YYYY-MM-DD article`"),
    ],
)
def test_a_malformed_line_of_the_training_data_is_named_with_its_file(line: str, problem: str) -> None:
    with pytest.raises(TrainingError) as error:
        list(read(f"# 2026-11-20\n\n{line}\n", "en.tsv", frozenset({"expulsion"})))
    assert str(error.value).startswith("en.tsv:3: ")
    assert problem in str(error.value)


def test_the_sentences_of_an_article_belong_together() -> None:
    text = "# 2026-11-20 article\nEnvoy leaves Rome\nParis recalled him.\n# 2026-11-20\nParis recalled its envoy.\n"
    headline, sentence, alone = read(text, "en.tsv", frozenset())
    assert headline.article == sentence.article is not None
    assert alone.article is None


def test_a_sentence_needs_a_day_before_it() -> None:
    with pytest.raises(TrainingError, match=r"en\.tsv:1: a line `# YYYY-MM-DD`"):
        list(read("Paris recalled its envoy.\n", "en.tsv", frozenset()))


def test_a_name_may_lie_over_the_end_of_a_sentence_that_is_cut(tagger: Tagger) -> None:
    text = "word " * 249 + "New York City was quiet after Vladimir Putin phoned Xi Jinping on Friday."
    assert [one.type for one in tagger.tag_text("a", "", text, FRIDAY, "en").events] == ["phone_call"]


def test_in_a_text_that_tells_little_more_is_asked_of_words_that_no_trigger_names(
    tagger: Tagger, reader: Reader
) -> None:
    full = _read(reader, _lines(tagger, TEXT))
    quiet = _read(reader, _lines(tagger, TEXT + " The baker sells warm bread from seven in the morning." * 20))
    assert max(one.sure for one in full) < min(one.sure for one in quiet) < 1
