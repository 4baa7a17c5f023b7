"""Whatever a text is made of, its tags are valid, their offsets exact, and the time they take grows with its length."""

import time
from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from process.tagged import TaggedArticle
from process.tagger import Tagger

NOW = datetime(2024, 5, 16, tzinfo=UTC)
PIECES = [
    "Vladimir Putin", "Xi", "Moscou", "U.S.", "EE.UU.", "l’Élysée", "ha visitado", "met", "wird", "bombardé", "greift",
    "an", "at", "—", "«", "»", "\n\n", "\u200b", "\u00ad", "\u0301", "😀", "👩‍👩‍👧", "1.", "30 décembre", "'s",
]  # fmt: skip


@cache
def tagger() -> Tagger:
    return Tagger.load()


def check(tagged: TaggedArticle) -> None:
    parts = {"title": tagged.article.title, "text": tagged.article.text}
    for one in tagged.entities:
        assert one.text
        assert parts[one.part][one.start : one.end] == one.text
    for event in tagged.events:
        assert event.sentence.strip()
        assert parts[event.part][event.start : event.end] == event.sentence
    assert TaggedArticle.model_validate_json(tagged.model_dump_json()) == tagged


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=600))
def test_any_text_gives_valid_records_with_exact_offsets(title: str, text: str) -> None:
    check(tagger().tag_text("a", title, text, NOW))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60), st.sampled_from(["en", "fr", "de", "es"]))
def test_any_mixture_of_news_gives_valid_records(pieces: list[str], language: str) -> None:
    check(tagger().tag_text("a", " ".join(pieces[:8]), " ".join(pieces), NOW, language))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 5_000_000,
        "é\u0301" * 500_000,
        "\u200b" * 500_000,
        "😀" * 200_000,
        "Vladimir Putin " * 10_000,
        "." * 300_000,
        "« " * 100_000,
        "A-" * 200_000,
        "1." * 200_000,
        "U.S." * 100_000,
        "said visit to attack " * 2_000,
    ],
    ids=[
        "no spaces",
        "accents",
        "zero width",
        "emoji",
        "names",
        "dots",
        "quotes",
        "hyphens",
        "digits",
        "initials",
        "verbs",
    ],
)
def test_pathological_texts_take_time_in_proportion_to_their_length(text: str) -> None:
    tagger().tag_text("warm", "", "Olaf Scholz met Emmanuel Macron.", NOW)
    quarter = _seconds(text[: len(text) // 4])
    assert _seconds(text) < 8 * quarter + 0.5


def _seconds(text: str) -> float:
    """Of the processor, to tag a text."""
    begun = time.process_time()
    check(tagger().tag_text("a", "", text, NOW))
    return time.process_time() - begun
