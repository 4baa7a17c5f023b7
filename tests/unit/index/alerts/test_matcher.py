"""Search turned round: many rules over a batch of documents."""

import time

import pytest

from index.alerts.asked import asked
from index.alerts.matcher import Matcher
from index.alerts.rule import Rule
from index.document import Document, document
from index.query import parse
from tests.unit.index.alerts.newsdesk import NOW, KnownNames, event, tagged

WORDS = [f"{first}{second}" for first in ("harbour", "minister", "grain", "border", "storm") for second in range(40)]


def documents(count: int) -> list[Document]:
    made = (
        tagged(f"Title {n}", text=" ".join(WORDS[(n * 7 + k * 13) % len(WORDS)] for k in range(60)), source=f"S{n}")
        for n in range(count)
    )
    return [document(each, each.article.id, NOW) for each in made]


def test_a_match_says_which_pieces_of_the_text_it_found() -> None:
    article = tagged("Grain leaves the harbours", text="Nothing here. The grain ships left the harbour at dawn.")
    rule = Rule(name="Grain", query="grain AND harbour")
    [match] = Matcher(KnownNames()).match([rule], [document(article, "s", NOW)], NOW)
    assert [[text for text, hit in fragment if hit] for fragment in match.why()] == [
        ["Grain", "harbours"],
        ["grain", "harbour"],
    ]


def test_ten_thousand_rules_over_five_hundred_articles_take_under_two_seconds() -> None:
    rules = [Rule(name=str(n), query=f"{WORDS[n % 200]} AND {WORDS[(n * 3 + n // 200) % 200]}x") for n in range(10_000)]
    found = [*rules[:-1], Rule(name="found", query=f"{WORDS[0]} AND {WORDS[13]}")]
    matcher, batch = Matcher(KnownNames()), documents(500)
    matcher.match(found, batch[:1], NOW)
    began = time.perf_counter()
    matches = matcher.match(found, batch, NOW)
    assert time.perf_counter() - began < 2
    assert {match.rule.name for match in matches} == {"found"}


def test_matches_come_in_the_order_of_the_articles() -> None:
    batch = documents(300)
    matches = Matcher(KnownNames()).match([Rule(name="All", query="title")], batch, NOW)
    assert [match.document.id for match in matches] == [each.id for each in batch]


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("Putin", ["visit", "naval_exercise", "phone_call"]),
        ("event:phone_call OR event:visit", ["visit", "phone_call"]),
        ("event:visit AND NOT event:phone_call", ["visit"]),
        ("status:planned", ["visit"]),
        ("place:Japan", ["naval_exercise"]),
        ("event:coup", []),
    ],
)
def test_a_mail_tells_of_the_events_that_were_asked_for(query: str, chosen: list[str]) -> None:
    article = tagged(
        "Many things",
        event("visit", "Vladimir Putin", status="planned", place="China"),
        event("naval_exercise", "Russia", place="Japan"),
        event("phone_call", "Vladimir Putin", "Xi Jinping"),
    )
    what = asked(parse(query, KnownNames(), NOW))
    assert [each.type for each in what.choose(article.events)] == chosen
