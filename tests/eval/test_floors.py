"""The tagger is as good as it was: no figure of the labelled articles falls below its floor.

`floors.toml` holds the floors with a hash of the labelled articles. Lowering one wants a reason in the commit.
"""

import hashlib
import tomllib
from pathlib import Path

import pytest

from process.tagger import Tagger
from tests.eval.gold.score import SHARES, Score
from tests.eval.run import GOLD, LANGUAGES, SETS, articles, scores

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured(tagger: Tagger) -> dict[str, dict[str, Score]]:
    return {
        name: scores(tagger, [one for language in LANGUAGES for one in articles(language, folder=SETS[name][0])])
        for name in FLOORS
    }


def data_hash(folder: Path) -> str:
    """SHA-256 over labelled articles and the scorer."""
    files = [*(folder / f"{language}.jsonl" for language in LANGUAGES), GOLD / "score.py"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.mark.parametrize("name", FLOORS)
def test_the_floors_belong_to_these_articles(name: str) -> None:
    assert FLOORS[name]["data"] == data_hash(SETS[name][0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_is_below_its_floor(measured: dict[str, dict[str, Score]], name: str, language: str) -> None:
    figures, floors = measured[name][language].figures(), FLOORS[name][language]
    reached = {figure: figures[figure]["share" if figure in SHARES else "f1"] for figure in floors}
    assert {figure: value for figure, value in reached.items() if value < floors[figure]} == {}
