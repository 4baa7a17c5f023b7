"""Who takes part by the trained reader: what it is asked, and what it answers for each name."""

from datetime import date

import pytest

from process.lexicon import load_event_types, load_lexicon
from process.parties import Asked, Share, Verdict, feature_count, features, gap
from process.reader import Reader
from process.tagger import Tagger
from process.training_sentences import read
from tests.unit.process.reading import FRIDAY

TEXT = (
    "Vladimir Putin phoned Xi Jinping on Friday, the Kremlin said. Rain fell. Emmanuel Macron flew to Cairo, and "
    "Germany imposed sanctions on Iran."
)
TYPES = len(load_event_types())


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def _asked(tagger: Tagger, reader: Reader) -> list[Asked]:
    """Every trigger of the text, with the rules' verdicts."""
    seen = tagger.seen("en", TEXT, date(2026, 11, 20))
    readings = reader.read("en", [one.line for one in seen], load_lexicon("en", load_event_types()).verbs)
    return [
        Asked(
            reading.near,
            one.line.view.first,
            reader.types.index(found.match.pattern.event),
            found.tokens,
            one.line.mentions,
            tagger.verdicts("en", one, found.match, date(2026, 11, 20)),
            one.line.headline,
        )
        for one, reading in zip(seen, readings, strict=True)
        for found in one.line.spotted
    ]


def test_each_name_of_an_events_sentence_has_its_share(tagger: Tagger, reader: Reader) -> None:
    asked = _asked(tagger, reader)
    assert len(asked) == 3
    for one, shares in zip(asked, reader.shares("en", asked), strict=True):
        assert len(shares) == len(one.mentions)
        assert all(0 <= share.actor <= 1 and 0 <= share.place <= 1 for share in shares)


def test_the_shares_of_an_event_do_not_depend_on_those_asked_with_it(tagger: Tagger, reader: Reader) -> None:
    asked = _asked(tagger, reader)
    for one, together in zip(asked, reader.shares("en", asked), strict=True):
        (alone,) = reader.shares("en", [one])
        for share, other in zip(alone, together, strict=True):
            assert (share.actor, share.place) == pytest.approx((other.actor, other.place), abs=1e-5)


def test_a_sentence_without_names_has_no_shares(tagger: Tagger, reader: Reader) -> None:
    one, *rest = _asked(tagger, reader)
    empty = Asked(one.near, one.first, one.type, one.tokens, (), (), headline=False)
    assert reader.shares("en", [empty]) == [[]]
    assert reader.shares("en", []) == []
    first, middle, *_ = reader.shares("en", [one, empty, *rest])
    assert middle == []
    assert isinstance(first[0], Share)


def test_in_a_language_that_the_reader_has_not_learned_the_rules_say_who_takes_part(
    tagger: Tagger, reader: Reader
) -> None:
    asked = _asked(tagger, reader)
    for one, shares in zip(asked, reader.shares("sw", asked), strict=True):
        assert [share.actor > 0.5 for share in shares] == [verdict.actor for verdict in one.verdicts]
        assert [share.place > 0.5 for share in shares] == [verdict.place for verdict in one.verdicts]


def test_what_stands_between_a_trigger_and_a_name_is_found_on_either_side(tagger: Tagger, reader: Reader) -> None:
    (phoned, *_) = _asked(tagger, reader)
    caller, called, *_ = phoned.mentions
    verb = [caller.last]
    assert gap(verb, caller) == (caller.last, caller.last)
    assert gap(verb, called) == (caller.last + 1, called.first)
    assert gap([called.last + 2], called) == (called.last, called.last + 2)
    low, high = gap([caller.first, called.last], called)
    assert low >= high


def test_every_feature_has_a_number_of_its_own(tagger: Tagger, reader: Reader) -> None:
    for one in _asked(tagger, reader):
        for name in one.mentions:
            verdict = Verdict(actor=True, apart=True, place=True)
            every = features(TYPES, one.type, one.tokens, name, verdict, one.mentions, headline=True)
            assert len(set(every)) == len(every)
            assert max(every) == feature_count(TYPES) - 1


def test_a_labelled_sentence_tells_where_those_who_take_part_and_the_place_stand() -> None:
    text = "# 2026-11-20\nParis and Berlin agreed in Paris.\tagreed|agreement|h|Paris;Berlin|Paris\n"
    (one,) = read(text, "en.tsv", frozenset({"agreement"}))
    (told,) = one.told
    assert [one.text[low:high] for low, high in told.participants] == ["Paris", "Paris", "Berlin"]
    assert [one.text[low:high] for low, high in told.place] == ["Paris", "Paris"]


def test_the_reader_takes_back_who_only_looks_on_and_adds_those_whom_no_rule_names(tagger: Tagger) -> None:
    told = "With Donald Trump looking on, Congo and Rwanda signed a peace accord in Washington on Friday."
    (event,) = tagger.tag_text("a", "", told, FRIDAY, "en").events
    assert (event.type, set(event.actors)) == ("agreement", {"Democratic Republic of the Congo", "Rwanda"})
    assert event.place == "Washington, D.C."
