"""Feeds as publishers really wrote them go through the installed command: every entry becomes exactly one article."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.counting import identities
from tests.end_to_end.desk import Desk, Done, item, loopback, rss, taken_in, text_of
from tests.feed_server import FeedServer

SEED_DATE = "Fri, 30 Dec 2022 18:00:00 GMT"


@dataclass
class Newsroom:
    """The recorded feeds and the seed on a server, and the desk that has read them twice."""

    desk: Desk
    good: list[tuple[str, bytes]] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)
    """Feeds that fail, each with a word of what is wrong."""
    runs: list[Done] = field(default_factory=list)


@pytest.fixture(scope="module")
def newsroom(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    room = Newsroom(Desk(tmp_path_factory.mktemp("recorded"), rules={"Naval exercises": "event:naval_exercise"}))
    with FeedServer("0.0.0.0") as web:
        for number, file in enumerate(sorted((shared / "feeds").iterdir())):
            room.good.append((serve_recorded(web, number, file.name, file.read_bytes()), file.read_bytes()))
        [seed] = (shared / "seed").iterdir()
        room.good.append(serve_seed(web, seed.read_text("utf-8").strip()))
        web.serve("/broken.xml", "out of order", status=500)
        web.serve("/page.xml", "<!doctype html><html><head><title>News</title></head></html>", content_type="text/html")
        for number, (path, wrong) in enumerate({"gone": "404", "broken": "500", "page": "web page"}.items()):
            room.bad[f"http://{loopback(number)}:{web.port}/{path}.xml"] = wrong
        room.desk.feeds = [url for url, _ in room.good] + list(room.bad)
        room.runs += [room.desk.once(), room.desk.once()]
        yield room


def serve_recorded(web: FeedServer, number: int, name: str, body: bytes) -> str:
    """Serve a feed in one of the ways in which the web serves feeds. Returns its address."""
    web.serve(f"/{name}", body, encoding={1: "gzip", 2: "br"}.get(number % 5))
    path = f"/{name}"
    if number % 5 in (3, 4):
        path = f"/old/{name}"
        web.redirect(path, f"/{name}", 301 if number % 5 == 3 else 302)
    return f"http://{loopback(number)}:{web.port}{path}"


def serve_seed(web: FeedServer, text: str) -> tuple[str, bytes]:
    told = escape("".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n")))
    title = escape(text.partition(".")[0])
    body = rss([item("seed", title, told, published=SEED_DATE)], "La Dépêche", "fr").encode()
    web.serve("/seed.xml", body)
    return f"http://{loopback(99)}:{web.port}/seed.xml", body


def _events(hits: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for hit in hits for event in hit["events"] if event["type"] == kind]


def test_every_entry_becomes_exactly_one_article(newsroom: Newsroom) -> None:
    names = taken_in(newsroom.desk)
    assert sorted(names) == sorted(identities(newsroom.good))
    assert len(names) > 1500


def test_the_second_run_adds_none(newsroom: Newsroom) -> None:
    first, second = newsroom.runs
    assert f"articles  {len(identities(newsroom.good)):>7,}" in first.out
    assert "articles        0" in second.out
    assert "indexed         0" in second.out


def test_the_ledger_balances(newsroom: Newsroom) -> None:
    count = len(identities(newsroom.good))
    sums = {"fetched": count, "indexed": count, "duplicate": 0, "dead": 0, "pending": 0, "balanced": True}
    assert newsroom.desk.json("audit") == sums


def test_search_finds_them_all(newsroom: Newsroom) -> None:
    assert newsroom.desk.total("published:[1970-01-01 TO now]") == len(identities(newsroom.good))


def test_each_feed_tells_how_it_does(newsroom: Newsroom) -> None:
    feeds = {feed["url"]: feed for feed in newsroom.desk.json("feeds", "list")}
    assert {url for url, feed in feeds.items() if feed["status"] == "ok"} == {url for url, _ in newsroom.good}
    for url, wrong in newsroom.bad.items():
        assert feeds[url]["status"] == "failing"
        assert wrong in feeds[url]["error"]
        assert wrong in newsroom.runs[0].err


def test_the_seed_tells_of_a_call_a_visit_and_an_exercise(newsroom: Newsroom) -> None:
    call, visit, exercise = (
        _events(newsroom.desk.json("search", query + ' source:"La Dépêche"')["hits"], kind)
        for kind, query in (
            ("phone_call", "event:phone_call person:Poutine actor:Xi"),
            ("visit", "event:visit status:planned place:Moscou"),
            ("naval_exercise", 'event:naval_exercise place:"East China Sea"'),
        )
    )
    assert any({"Vladimir Putin", "Xi Jinping"} <= set(event["actors"]) for event in call)
    assert any(event["status"] == "planned" and event["place"] == "Moscow" for event in visit)
    assert any({"Russia", "China"} <= set(event["actors"]) for event in exercise)
    assert any("exercice naval" in event["sentence"].lower() for event in exercise)


def test_the_rule_mails_the_exercise_once(newsroom: Newsroom) -> None:
    mails = [mail for mail in newsroom.desk.mails() if "https://wire.example/seed" in text_of(mail)]
    assert len(mails) == 1
    listed = newsroom.desk.json("alerts", "list")
    assert [row["state"] for row in listed] == ["sent"] * len(newsroom.desk.mails())
