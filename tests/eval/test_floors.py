"""The tagger is as good as it was: no figure of the labelled articles falls below its floor.

`floors.toml` holds the floors with a hash of the labelled articles. Lowering one wants a reason in the commit.
"""

import hashlib
import tomllib
from pathlib import Path

import pytest

from process.tagger import Tagger
from tests.eval.gold.score import SHARES, Score
from tests.eval.run import GOLD, LANGUAGES, articles, scores

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured() -> dict[str, Score]:
    return scores(Tagger.load(), [one for language in LANGUAGES for one in articles(language)])


def data_hash() -> str:
    """SHA-256 over the labelled articles and the scorer."""
    files = [*(GOLD / f"{language}.jsonl" for language in LANGUAGES), GOLD / "score.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def test_the_floors_belong_to_these_articles() -> None:
    assert FLOORS["data"] == data_hash()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_is_below_its_floor(measured: dict[str, Score], language: str) -> None:
    figures = measured[language].figures()
    reached = {name: figures[name]["share" if name in SHARES else "f1"] for name in FLOORS[language]}
    assert {name: value for name, value in reached.items() if value < FLOORS[language][name]} == {}
