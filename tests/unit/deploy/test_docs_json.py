"""What `--json` prints has the keys that docs/commands.md promises; the data folder has the files that are told."""

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.app import app
from index.alerts.rule import Rule
from index.indexer import Indexer
from index.local import LocalIndex
from index.stories import Stories
from ingest.clock import utc_now
from ingest.log.port import ARTICLES, DEAD, TAGGED, Message, Record
from ingest.log.sqlite import SqliteLog
from process.deadletter import dead_letter, to_message
from process.tagged import TaggedArticle
from tests.unit.deploy import manual
from tests.unit.index.alerts.newsdesk import NOW, Desk, event, tagged

SETTINGS = """
[[feed]]
url = "http://127.0.0.1:1/feed.xml"

[[rule]]
name = "Exercises"
query = "event:naval_exercise"
"""


@dataclass(frozen=True)
class Newsroom:
    """A data folder with one article in every place where one can be."""

    folder: Path
    article: TaggedArticle

    def run(self, *words: str) -> Result:
        """The command's result."""
        return CliRunner().invoke(app, ["--config", str(self.folder / "wirewatch.toml"), *words])

    def answer(self, *words: str) -> Any:
        """What the command prints as JSON."""
        return json.loads(self.run(*words).stdout)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "wirewatch.toml").write_text(SETTINGS, encoding="utf-8")
    article = tagged("Drills off Japan", event("naval_exercise", "China", place="Japan"))
    data = folder / "var"
    with closing(SqliteLog(data / "log.sqlite")) as log, closing(LocalIndex(data / "index")) as index:
        log.append([Message(ARTICLES, article.article.id, article.article.model_dump_json().encode())])
        log.append([Message(TAGGED, article.article.id, article.model_dump_json().encode())])
        letter = dead_letter(Record(ARTICLES, 0, 9, "key", b"{}", NOW), "tagger", "not an article", 1, utc_now())
        log.append([to_message(letter)])
        with closing(Stories(data / "stories.sqlite")) as stories:
            Indexer(index, stories).handle(list(log.read(TAGGED)))
        assert [record.topic for record in log.read(DEAD)] == [DEAD]
    with closing(Desk(data, Rule(name="Exercises", query="event:naval_exercise"))) as desk:
        desk.read(article)
        desk.deliver()
    return Newsroom(folder, article)


def promised(command: str) -> Any:
    """The example in the command's section."""
    start = manual.page("commands.md").index(f"\n## {command}\n")
    section = manual.page("commands.md")[start + 1 :].split("\n## ")[0]
    [example] = manual.fenced(section, "json")
    return json.loads(example)


def assert_alike(told: Any, printed: Any, place: str = "") -> None:
    """The same keys wherever both have an object; of a list the first element speaks for all."""
    if isinstance(told, dict) and isinstance(printed, dict):
        assert list(printed) == list(told), place
        for key in told:
            assert_alike(told[key], printed[key], f"{place}.{key}")
    elif isinstance(told, list) and isinstance(printed, list) and told and printed:
        assert_alike(told[0], printed[0], f"{place}[0]")
    elif told is not None and printed is not None:
        assert type(told) is type(printed), place


EXAMPLES = (
    "search Drills", "article ID", "feeds list", "feeds check", "rules list", "alerts list", "audit", "dead list",
    "dead show ID", "doctor", "models list",
)  # fmt: skip


@pytest.mark.parametrize("command", EXAMPLES)
def test_json_output_is_as_documented(newsroom: Newsroom, command: str) -> None:
    words = command.split()
    ids = {"article": newsroom.article.article.id, "dead": newsroom.answer("dead", "list", "--json")[0]["id"]}
    printed = newsroom.answer(*(ids[words[0]] if word == "ID" else word for word in words), "--json")
    name = " ".join(word for word in words if word.islower())
    assert printed
    assert_alike(promised(f"wirewatch {name}"), printed)


def test_what_a_rule_would_have_matched_looks_like_a_search(newsroom: Newsroom) -> None:
    printed = newsroom.answer("rules", "test", "Exercises", "--json")
    assert printed["total"] == 1
    assert_alike(promised("wirewatch search"), printed)


def test_tagged_lines_are_as_documented(newsroom: Newsroom) -> None:
    line = {"id": "1", "title": "", "text": "Putin phoned Xi on Friday.", "published": "2022-12-30T12:00:00Z"}
    file = newsroom.folder / "story.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    printed = json.loads(newsroom.run("tag", str(file)).stdout)
    assert_alike(promised("wirewatch tag"), printed)
    assert (printed["entities"][0], printed["events"][0]) == (
        promised("wirewatch tag")["entities"][0],
        promised("wirewatch tag")["events"][0],
    )


def test_every_file_of_the_data_folder_is_documented(newsroom: Newsroom) -> None:
    rows = manual.table(manual.sections(manual.page("how-it-works.md"))["The data folder"])
    told = {(manual.code(row[0]) or "").rstrip("/") for row in rows}
    newsroom.run("feeds", "list")
    there = {path.name for path in (newsroom.folder / "var").iterdir()}
    assert {name.removesuffix("-wal").removesuffix("-shm") for name in there} == told
