"""Every command of the installed `wirewatch`: what it prints, in which shape, and how it ends."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.log.port import ARTICLES, Message
from ingest.log.sqlite import SqliteLog
from tests.end_to_end.desk import Desk, item, loopback, rss
from tests.feed_server import FeedServer

HIT_KEYS = ["id", "title", "url", "published", "language", "source", "highlights", "entities", "events"]
FEED_KEYS = ["url", "title", "status", "error", "last_fetched", "next_poll", "articles"]
COMMANDS = {
    "run": ["--once", "--starter", "--sample"],
    "search": ["--json", "--limit", "--since", "--sort"],
    "article": ["--json"],
    "tag": ["--explain"],
    "feeds list": ["--json"],
    "feeds add": ["--title", "--language", "--interval", "--tag"],
    "feeds remove": [],
    "feeds check": ["--json"],
    "feeds import": [],
    "feeds export": [],
    "rules list": ["--json"],
    "rules add": ["--to", "--every", "--group"],
    "rules remove": [],
    "rules test": ["--json", "--limit"],
    "alerts list": ["--json", "--limit", "--rule"],
    "audit": ["--json"],
    "dead list": ["--json"],
    "dead show": ["--json"],
    "dead replay": ["--all"],
    "reindex": [],
    "doctor": ["--json"],
    "models list": ["--json"],
    "models install": [],
}
CALL = "Vladimir Putin held a video call with Xi Jinping on Friday."


@pytest.fixture(scope="module")
def web() -> Iterator[FeedServer]:
    with FeedServer("0.0.0.0") as server:
        yield server


@pytest.fixture(scope="module")
def first(web: FeedServer, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that has taken in three articles and sent a mail."""
    items = [
        item("call", "Leaders speak by video", CALL, published="Fri, 30 Dec 2022 10:00:00 GMT"),
        item("bird", "A kestrel over the harbour", "It sat on a crane.", published="Sat, 31 Dec 2022 10:00:00 GMT"),
        item("ferry", "Ferry runs again", "The ferry over the harbour runs again."),
    ]
    web.serve("/feed.xml", rss(items))
    desk = Desk(tmp_path_factory.mktemp("first"), [_address(web, "feed.xml")], {"Kestrels": "kestrel"})
    desk.once()
    return desk


@pytest.fixture
def desk(first: Desk, tmp_path: Path) -> Desk:
    """The same desk in a folder of the test's own."""
    shutil.copytree(first.data, tmp_path / "var")
    return replace(first, folder=tmp_path)


def _address(web: FeedServer, name: str) -> str:
    return f"http://{loopback(1)}:{web.port}/{name}"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(tmp_path: Path, command: str) -> None:
    told = Desk(tmp_path).run(*command.split(), "--help").out
    assert "Usage: wirewatch" in told
    assert all(option in told for option in [*COMMANDS[command], "--help"])


def test_the_whole_lists_its_commands_and_its_version(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    told = desk.run("--help").out
    assert all(f" {command.split()[0]} " in told for command in COMMANDS)
    assert desk.run("--version").out == "wirewatch 0.1.0\n"
    assert "No such command" in desk.run("serach", "x", code=2).err


def test_search_finds_or_not_and_points_at_what_is_wrong(desk: Desk) -> None:
    found = desk.json("search", "harbour", "--sort", "date")
    assert list(found) == ["total", "hits"]
    assert [hit["title"] for hit in found["hits"]] == ["Ferry runs again", "A kestrel over the harbour"]
    assert [list(hit) for hit in found["hits"]] == [HIT_KEYS] * 2
    assert "**harbour**" in " ".join(found["hits"][0]["highlights"])
    assert desk.json("search", "harbour", "--limit", "1") | {"hits": []} == {"total": 2, "hits": []}
    assert desk.json("search", "harbour", "--since", "7d")["total"] == 1
    assert desk.json("search", "albatross") == {"total": 0, "hits": []}
    assert "0 found." in desk.run("search", "albatross").err
    for query, column in {"titel:x": 1, "ferry AND (": 11, "*bour": 1, '"open': 1}.items():
        assert f"(column {column})" in desk.run("search", query, code=2).err


def test_article_shows_one_with_its_trail_and_knows_no_other(desk: Desk) -> None:
    [hit] = desk.json("search", "event:phone_call person:Poutine")["hits"]
    article = desk.json("article", hit["id"])
    assert {"Vladimir Putin", "Xi Jinping"} <= {entity["name"] for entity in article["entities"]}
    assert article["events"][0]["sentence"] == CALL
    assert article["published"] < article["fetched"] <= article["tagged"] <= article["indexed"]
    assert CALL in desk.run("article", hit["id"]).out
    assert "There is no article nonsense" in desk.run("article", "nonsense", code=1).err


def test_feeds_are_added_listed_exported_imported_checked_and_removed(desk: Desk, web: FeedServer) -> None:
    [feed] = desk.json("feeds", "list")
    assert list(feed) == FEED_KEYS
    assert (feed["status"], feed["title"], feed["articles"]) == ("ok", "Kestrel Wire", 3)
    gone = _address(web, "gone.xml")
    assert "Added." in desk.run("feeds", "add", gone, "--title", "Gone", "--tag", "asia", "--interval", "20m").err
    assert "must begin with http" in desk.run("feeds", "add", "gopher://x", code=2).err
    checks = desk.json("feeds", "check", code=1)
    assert [(check["ok"], check["entries"]) for check in checks] == [(True, 3), (False, 0)]
    assert "404" in checks[1]["message"]
    opml = desk.run("feeds", "export").out
    (desk.folder / "all.opml").write_text(opml)
    assert "Removed." in desk.run("feeds", "remove", gone).err
    assert "no feed" in desk.run("feeds", "remove", gone, code=1).err
    assert "settings file" in desk.run("feeds", "remove", desk.feeds[0], code=1).err
    assert "1 feeds added, 1 known already" in desk.run("feeds", "import", "all.opml").err
    assert [(one["url"], one["status"]) for one in desk.json("feeds", "list")] == [(desk.feeds[0], "ok"), (gone, "new")]


def test_rules_are_added_tested_listed_and_removed(desk: Desk) -> None:
    assert "(column 1)" in desk.run("rules", "add", "Bad", "colour:red", code=2).err
    desk.run("rules", "add", "Ferries", "ferry", "--to", "desk@example.org", "--every", "1d 07:00", "--group", "story")
    assert "already" in desk.run("rules", "add", "Ferries", "ferry", code=1).err
    rules = {rule["name"]: rule for rule in desk.json("rules", "list")}
    assert {name: rule["from"] for name, rule in rules.items()} == {"Kestrels": "file", "Ferries": "command"}
    ferries = rules["Ferries"]
    assert (ferries["to"], ferries["every"], ferries["group"]) == (["desk@example.org"], "1d 07:00", "story")
    assert [hit["title"] for hit in desk.json("rules", "test", "Ferries")["hits"]] == ["Ferry runs again"]
    assert desk.json("rules", "test", "harbour")["total"] == 2
    desk.run("rules", "remove", "Ferries")
    assert "no rule named" in desk.run("rules", "remove", "Ferries", code=1).err
    assert "settings file" in desk.run("rules", "remove", "Kestrels", code=1).err


def test_alerts_are_listed_with_their_articles(desk: Desk) -> None:
    [alert] = desk.json("alerts", "list")
    assert (alert["rule"], alert["state"]) == ("Kestrels", "sent")
    assert [article["url"] for article in alert["articles"]] == ["https://wire.example/bird"]
    assert [to["address"] for to in alert["to"]] == ["wirewatch@localhost"]
    assert desk.json("alerts", "list", "--rule", "Others") == []


def test_a_poisoned_record_becomes_a_dead_letter_that_can_be_replayed(desk: Desk) -> None:
    assert desk.json("dead", "list") == []
    with closing(SqliteLog(desk.data / "log.sqlite")) as log:
        log.append([Message(ARTICLES, "poison", b'{"format": 7}'), Message(ARTICLES, "bytes", b"\xff\x00")])
    done = desk.once()
    assert "indexed         0" in done.out
    letters = {letter["key"]: letter for letter in desk.json("dead", "list")}
    assert set(letters) == {"poison", "bytes"}
    keys = ["id", "time", "stage", "error", "attempts", "topic", "partition", "offset", "key"]
    assert list(letters["poison"]) == keys
    assert letters["poison"]["stage"] == "tagger"
    assert desk.json("dead", "show", letters["poison"]["id"])["value"] == '{"format": 7}'
    assert "no dead letter" in desk.run("dead", "show", "9-99", code=1).err
    sums = desk.json("audit")
    assert (sums["indexed"], sums["dead"], sums["balanced"]) == (3, 2, True)
    assert "give one ID, or --all" in desk.run("dead", "replay", code=2).err
    desk.run("dead", "replay", letters["poison"]["id"])
    desk.once()
    sums = desk.json("audit")
    assert (sums["fetched"], sums["dead"], sums["balanced"]) == (6, 3, True)


def test_a_lost_index_is_told_by_the_audit_and_rebuilt_from_the_log(desk: Desk) -> None:
    shutil.rmtree(desk.data / "index")
    assert desk.total("harbour") == 0
    assert not desk.json("audit", code=1)["balanced"]
    assert "wirewatch reindex" in desk.run("audit", code=1).out
    assert "The index holds 3 articles" in desk.run("reindex").err
    assert desk.total("harbour") == 2
    keys = ["fetched", "indexed", "duplicate", "dead", "pending", "balanced"]
    assert list(desk.json("audit").items()) == list(zip(keys, [3, 3, 0, 0, 0, True], strict=True))


def test_the_doctor_finds_all_well(desk: Desk) -> None:
    findings = desk.json("doctor")
    assert [finding["part"] for finding in findings] == ["disk", "log", "search", "mail", "rules", "feeds"]
    assert all(finding["ok"] for finding in findings)


def test_tag_reads_files_and_standard_input(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    line = json.dumps({"id": "a", "title": "Leaders speak", "text": CALL, "published": "2022-12-30T10:00:00Z"})
    (tmp_path / "one.jsonl").write_text(line + "\n")
    from_file, from_stdin = desk.run("tag", "one.jsonl").out, desk.run("tag", stdin=line).out
    assert from_file == from_stdin
    told = json.loads(from_file)
    assert list(told) == ["id", "language", "entities", "events"]
    assert [(event["type"], event["sentence"]) for event in told["events"]] == [("phone_call", CALL)]
    assert "rule" not in told["events"][0]
    assert json.loads(desk.run("tag", "--explain", stdin=line).out)["events"][0]["rule"]
    assert not desk.data.exists()


@pytest.mark.parametrize("published", ["2022-12-30", "2022-12-30T10:00:00", "2022-12-30T10:00:00+01:00"])
def test_tag_counts_days_from_the_day_or_time_that_a_line_gives(tmp_path: Path, published: str) -> None:
    line = json.dumps({"id": "a", "title": "", "text": CALL, "published": published})
    [event] = json.loads(Desk(tmp_path).run("tag", stdin=line).out)["events"]
    assert event["date"] == "2022-12-30"


def test_tag_names_each_malformed_line_and_tags_the_others(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    good = '{"id": "b", "title": "T", "text": "Text."}'
    bad = {
        "x": "not a JSON object",
        "[1]": "not a JSON object",
        '{"id": "a"}': "lacks 'title'",
        '{"id": "a", "title": "T", "text": 7}': "'text': Input should be a valid string",
        '{"id": "a", "title": "T", "text": "T", "published": "soon"}': "'published': Input should be a valid datetime",
        '{"id": "a", "title": "T", "text": "\\ud800"}': "not a JSON object",
    }
    done = desk.run("tag", stdin="\n".join([*bad, good]), code=1)
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["b"]
    for number, (line, problem) in enumerate(zip(bad.values(), done.err.splitlines(), strict=False), 1):
        assert problem.startswith(f"wirewatch: standard input:{number}: {line}")
    assert "6 of 7 lines could not be tagged" in done.err
    assert "Cannot read none.jsonl" in desk.run("tag", "none.jsonl", code=1).err


def test_models_are_listed_and_unknown_languages_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    models = desk.json("models", "list")
    assert [(model["language"], list(model)) for model in models] == [
        (language, ["language", "model", "installed"]) for language in ("de", "en", "es", "fr")
    ]
    assert "none of de, en, es, fr" in desk.run("models", "install", "xx", code=2).err


def test_settings_may_come_from_the_environment_and_another_folder(desk: Desk) -> None:
    away = Desk(desk.folder / "away")
    file = desk.folder / "wirewatch.toml"
    file.write_text(desk.settings)
    assert json.loads(away.run("--config", str(file), "search", "harbour", "--json").out)["total"] == 2
    away.environment = {"WIREWATCH_DATA": str(desk.data)}
    assert away.json("search", "harbour")["total"] == 2
    away.environment = {"WIREWATCH_WEB__LISTEN": "nowhere"}
    assert "web.listen" in away.run("audit", code=2).err
