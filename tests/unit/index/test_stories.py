"""Near-duplicates find each other and stay together."""

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from index.sketch import sketch
from index.stories import Stories
from ingest.errors import Unavailable
from tests.search_documents import NOW, an_article

WORDS = [f"word{n}" for n in range(2000)]


def a_text(seed: int, length: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def edited(words: list[str], changes: int) -> str:
    changed = list(words)
    for place in range(0, len(words), len(words) // changes):
        changed[place] = f"edit{place}"
    return " ".join(changed)


WIRE = a_text(1)


@pytest.fixture
def stories(tmp_path: Path) -> Iterator[Stories]:
    opened = Stories(tmp_path / "stories.sqlite")
    yield opened
    opened.close()


def test_the_same_report_under_two_titles_is_one_story(stories: Stories) -> None:
    articles = [an_article("a", "Ships sail", " ".join(WIRE)), an_article("b", "Fleet leaves", " ".join(WIRE))]
    assert stories.assign(articles) == ["a", "a"]


def test_a_lightly_edited_report_is_the_same_story(stories: Stories) -> None:
    assert stories.assign([an_article("a", "T", " ".join(WIRE))]) == ["a"]
    assert stories.assign([an_article("b", "T", edited(WIRE, 10))]) == ["a"]
    assert stories.assign([an_article("c", "T", " ".join(WIRE[:170]))]) == ["a"]


def test_another_report_is_another_story(stories: Stories) -> None:
    articles = [an_article(name, "Same title", " ".join(a_text(seed))) for seed, name in enumerate("abc")]
    assert stories.assign(articles) == ["a", "b", "c"]


def test_short_texts_are_told_apart_by_their_titles(stories: Stories) -> None:
    articles = [
        an_article("a", "Quake hits Chile coast on Monday", "More soon."),
        an_article("b", "Storm hits Cuba coast on Tuesday", "More soon."),
        an_article("c", "Quake hits Chile coast on Monday", "More soon."),
    ]
    assert stories.assign(articles) == ["a", "b", "a"]


def test_articles_without_words_are_stories_of_their_own(stories: Stories) -> None:
    assert stories.assign([an_article("a"), an_article("b", "…", "—")]) == ["a", "b"]


def test_the_same_text_weeks_later_is_another_story(stories: Stories) -> None:
    text = " ".join(WIRE)
    later = [an_article("b", "T", text, NOW + timedelta(days=2)), an_article("c", "T", text, NOW + timedelta(days=9))]
    assert stories.assign([an_article("a", "T", text), *later]) == ["a", "a", "c"]


def test_a_replay_gives_every_article_its_story_again(stories: Stories) -> None:
    articles = [an_article(f"a{n}", "T", edited(a_text(n % 4), 1 + n // 4)) for n in range(12)]
    first = stories.assign(articles)
    assert len(set(first)) == 4
    assert stories.assign(list(reversed(articles))) == list(reversed(first))


def test_stories_outlive_the_process(tmp_path: Path) -> None:
    for name in ("a", "b"):
        opened = Stories(tmp_path / "stories.sqlite")
        assert opened.assign([an_article(name, "T", " ".join(WIRE))]) == ["a"]
        opened.close()


def test_what_is_long_past_is_forgotten(stories: Stories, tmp_path: Path) -> None:
    for week in range(70):
        stories.assign([an_article(f"w{week}", "T", " ".join(a_text(week)), NOW + timedelta(weeks=week))])
    assert 50 <= stories.remembered() <= 60


def test_a_file_that_is_no_database_is_named_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    path.write_text("not a database, by far, not even by a stretch of imagination" * 10)
    with pytest.raises(Unavailable, match=r"stories\.sqlite.*move it away"):
        Stories(path)


def test_similarity_falls_as_edits_grow() -> None:
    whole = sketch("", " ".join(WIRE))
    likeness = [whole.similarity(sketch("", edited(WIRE, changes))) for changes in (2, 10, 25, 100)]
    assert whole.similarity(whole) == 1.0
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[1] > 0.6 > 0.3 > likeness[3]


def test_a_phrase_that_hundreds_of_reports_use_hides_no_story(stories: Stories) -> None:
    phrase = " Sign up for our letter and never miss a story again from the harbour and its ships"
    stories.assign([an_article(f"n{n}", "T", " ".join(a_text(1000 + n, 30)) + phrase) for n in range(300)])
    assert stories.assign([an_article("a", "T", " ".join(WIRE) + phrase)]) == ["a"]
    assert stories.assign([an_article("b", "T", edited(WIRE, 10) + phrase)]) == ["a"]
