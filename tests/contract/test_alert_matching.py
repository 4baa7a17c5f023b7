"""A rule matches an article exactly where the same search finds it, whatever the query and the language."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from index.alerts.matcher import Matcher
from index.alerts.rule import Rule
from index.document import Document, document
from index.local import LocalIndex
from index.port import SearchIndex, SearchRequest
from index.query import parse
from tests.unit.index.alerts.newsdesk import NOW, KnownNames, event, tagged

DOCUMENTS: Sequence[Document] = [
    document(each, each.article.id, NOW)
    for each in (
        tagged("Manœuvres navales", text="L'exercice naval en mer de Chine a commencé mardi.", language="fr"),
        tagged("Seemanöver beginnt", text="Die Schiffe üben im Ostchinesischen Meer.", language="de"),
        tagged("Maniobras navales", text="Los buques chinos practican maniobras.", language="es"),
        tagged(
            "Ships drill",
            event("naval_exercise", "Russia", "China", place="Taiwan"),
            text="Two navies drill.",
            source="One",
        ),
        tagged(
            "Leaders talk", event("phone_call", "Vladimir Putin", "Xi Jinping", status="planned"), source="Two Times"
        ),
        tagged("Ships at sea", text="A ship sails from the harbour to the sea and back to the ship.", source="Two"),
        tagged("軍艦", text="台湾 navy", language="ja"),
    )
]
QUERIES = [
    "manoeuvre navale", "naval", "navi* OR nav*", '"mer de Chine"', '"ship harbour"~4', "ship -sea", "NOT ship",
    "title:ships AND text:sea", "place:taiwan", "person:PUTIN", "actor:China", "entity:xi", "org:nato",
    "event:naval_exercise", "event:phone_call AND status:planned", "source:two", "language:fr OR language:de",
    "published:[2026-11-01 TO now]", "published:[2020-01-01 TO 2021-01-01]", "fetched:[now-7d TO *]", "*:*",
    "(drill OR maniobras) AND NOT language:en", "l'exercice", "uben", "台湾", "xyzzy",
]  # fmt: skip


@pytest.fixture(scope="module", params=["tantivy"])
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    folder: Path = tmp_path_factory.mktemp("index")
    with closing(LocalIndex(folder)) as opened:
        assert not opened.write(DOCUMENTS)
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_a_rule_matches_what_the_search_finds(index: SearchIndex, query: str) -> None:
    found = index.search(SearchRequest(parse(query, KnownNames(), NOW), limit=100))
    matches = Matcher(KnownNames()).match([Rule(name="rule", query=query)], DOCUMENTS, NOW)
    assert {match.document.id for match in matches} == {hit.document.id for hit in found.hits}


def test_the_queries_tell_the_articles_apart(index: SearchIndex) -> None:
    sizes = [index.search(SearchRequest(parse(query, KnownNames(), NOW), limit=100)).total for query in QUERIES]
    assert {0, 1, 2, len(DOCUMENTS)} <= set(sizes)
    assert sizes.count(0) <= 4
