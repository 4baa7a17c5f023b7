"""One story, told in four languages: the same events must come out of each."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from process.tagged import Event, TaggedArticle
from process.tagger import Tagger

STORIES = Path(__file__).parents[2] / "data" / "stories"
SEED = Path(__file__).parents[4] / "shared" / "seed"


def _story(tagger: Tagger, language: str) -> TaggedArticle:
    story = json.loads((STORIES / f"{language}.json").read_text(encoding="utf-8"))
    return tagger.tag_text(language, story["title"], story["text"], datetime.fromisoformat(story["published"]))


def _of_type(tagged: TaggedArticle, event: str) -> Event:
    found = [one for one in tagged.events if one.type == event]
    assert len(found) == 1, f"{event}: {[(one.type, one.status, one.sentence) for one in tagged.events]}"
    body = tagged.article.title if found[0].part == "title" else tagged.article.text
    assert body[found[0].start : found[0].end] == found[0].sentence
    return found[0]


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_the_call_the_visit_and_the_exercise_are_told_alike_in_every_language(tagger: Tagger, language: str) -> None:
    tagged = _story(tagger, language)
    assert tagged.language == language
    call = _of_type(tagged, "phone_call")
    assert (call.status, set(call.actors), call.date) == ("happened", {"Vladimir Putin", "Xi Jinping"}, "2022-12-30")
    visit = _of_type(tagged, "visit")
    assert (visit.status, visit.actors, visit.place) == ("planned", ("Xi Jinping",), "Moscow")
    exercise = _of_type(tagged, "naval_exercise")
    assert (exercise.status, set(exercise.actors), exercise.place) == (
        "happened",
        {"Russia", "China"},
        "East China Sea",
    )


@pytest.mark.parametrize("language", ["de", "en", "es", "fr"])
def test_names_are_the_same_in_every_language(tagger: Tagger, language: str) -> None:
    names = {(one.label, one.name) for one in _story(tagger, language).entities}
    assert names >= {
        ("PERSON", "Vladimir Putin"),
        ("PERSON", "Xi Jinping"),
        ("GPE", "Russia"),
        ("GPE", "China"),
        ("GPE", "Moscow"),
        ("ORG", "Kremlin"),
        ("LOC", "East China Sea"),
    }


def test_the_recorded_article_tells_of_the_call_the_visit_and_the_exercise(tagger: Tagger) -> None:
    if not SEED.is_dir():
        pytest.skip("NOT RUN: ../shared is not there")
    title, _, text = next(SEED.glob("*.txt")).read_text(encoding="utf-8").partition("\n")
    tagged = tagger.tag_text("seed", title, text, datetime(2022, 12, 30, tzinfo=UTC))
    call = _of_type(tagged, "phone_call")
    assert (call.status, set(call.actors)) == ("happened", {"Vladimir Putin", "Xi Jinping"})
    visit = _of_type(tagged, "visit")
    assert (visit.status, visit.actors, visit.place) == ("planned", ("Xi Jinping",), "Moscow")
    exercise = _of_type(tagged, "naval_exercise")
    assert (exercise.status, set(exercise.actors), exercise.place) == (
        "happened",
        {"Russia", "China"},
        "East China Sea",
    )
