"""One query, three answers that are the same: the embedded index's, Elasticsearch's and the alert matcher's."""

import itertools
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.alerts.matcher import Matcher
from index.alerts.rule import Rule
from index.document import Document
from index.elastic.index import ElasticIndex
from index.local import LocalIndex
from index.port import SearchIndex, SearchRequest
from index.query import And, Exact, QueryError
from process.tagged import Entity, Label
from tests.elastic import an_index
from tests.search_documents import NOW, KnownNames, a_document, entity, event, read

WORDS = [
    *("manœuvre", "manoeuvres", "Manöver", "naval", "navales", "navy", "exercise", "exercising", "exercises", "skis"),
    *("Übung", "ubungen", "Bücher", "Buecher", "Straße", "strasse", "bürgermeisterin", "beendet", "landet", "neuen"),
    *("l'exercice", "d’État", "qu'", "aujourd’hui", "nación", "naciones", "celebración", "destitución", "the", "no"),
    *("корабли", "КОРАБЛЬ", "Σίσυφος", "ΟΔΟΣ", "İstanbul", "ISPARTA", "ﬁnal", "ＮＡＴＯ", "½", "x²", "e\u0301tat"),
    *(
        "中国军舰",
        "军舰",
        "日本の船",
        "เรือรบ",
        "U.S.",
        "No.5",
        "3,000",
        "F-16",
        "a_b",
        "AT&T",
        "🚢",
        "x" * 199,
        "x" * 200,
    ),
]
NAMES = [
    "Beijing",
    "Vladimir Putin",
    "Xi Jinping",
    "South China Sea",
    "China",
    "Jürgen Groß",
    "Pékin",
    "Georgia (country)",
]
LABELS: list[Label] = ["PERSON", "ORG", "GPE", "LOC", "VESSEL"]
SIMPLE = [word for word in WORDS if word.isalpha() and word.isascii()]

word = st.sampled_from(WORDS)
running_text = st.lists(word | st.text(max_size=6), max_size=12).map(" ".join)
entities = st.builds(entity, st.sampled_from(NAMES), st.sampled_from(LABELS), st.none() | word)
events = st.builds(
    event,
    st.sampled_from(["naval_exercise", "visit"]),
    st.sampled_from(["happened", "planned"]),
    st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    st.none() | st.sampled_from(NAMES),
)
example_numbers = itertools.count()


@st.composite
def articles(draw: st.DrawFn) -> list[Document]:
    made = [
        a_document(
            f"a{number}",
            draw(running_text),
            draw(running_text),
            draw(st.sampled_from(["fr", "en", "de", "es", "ru", "zh"])),
            source=draw(st.sampled_from(["Harbour Post", "Küstenbote", "L’Écho du port"])),
            tags=tuple(draw(st.lists(st.sampled_from(["Asia", "sea"]), max_size=2, unique=True))),
            entities=tuple[Entity, ...](draw(st.lists(entities, max_size=3))),
            events=tuple(draw(st.lists(events, max_size=2))),
            # So that an id comes again in another month, that is, in another index.
            published=NOW
            - timedelta(microseconds=draw(st.integers(0, 3)), days=draw(st.sampled_from([0, 1, 30, 400]))),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    feed = f"https://news.example/feed-{next(example_numbers)}.xml"  # what an example wrote, and nothing else
    return [each.model_copy(update={"feed": feed}) for each in made]


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


phrase = st.lists(word | st.sampled_from(NAMES), min_size=1, max_size=3).map(lambda words: quoted(" ".join(words)))
near = st.builds(
    lambda words, slop: f"{quoted(' '.join(words))}~{slop}",
    st.lists(st.sampled_from(SIMPLE), min_size=2, max_size=2),
    st.integers(0, 4),
)
begun = st.sampled_from(
    ["nav", "man", "Ü", "ub", "l", "qu", "aujourd", "é", "сор", "кор", "中", "军", "x", "xxxx", "na", "f"]
)
prefix = begun.map(lambda start: f"{start}*")
anywhere = st.one_of(word.map(quoted), phrase, near, prefix, st.text(min_size=1, max_size=8).map(quoted))
in_words = st.builds("{}:{}".format, st.sampled_from(["title", "text"]), anywhere)
in_names = st.builds(
    "{}:{}".format,
    st.sampled_from(["source", "entity", "person", "org", "place", "actor"]),
    st.one_of(phrase, prefix, st.sampled_from(['"Pékin"', "Poutine", "china", '"south china"', "jinp*", "harb*"])),
)
plain = st.sampled_from(
    [
        *("event:visit", "event:nav*", "status:planned", "language:fr", "language:ZH", "tag:asia", "tag:SEA", "id:a1"),
        *("story:a2", "*", "published:[now-1d TO now]", "published:{now-1d TO *]", "fetched:<now-20d"),
        *(
            "published:2026-11-24",
            'published:>="2026-11-24T11:59:59.999998Z"',
            'published:"2026-11-24T11:59:59.999999Z"',
        ),
    ]
)
queries: st.SearchStrategy[str] = st.recursive(
    st.one_of(anywhere, in_words, in_names, plain),
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} OR NOT {})".format, inner, inner),
        st.builds("({} NOT {})".format, inner, inner),
        st.builds("(NOT {})".format, inner),
        st.builds("({})^2".format, inner),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def elastic(elastic_url: str) -> Iterator[ElasticIndex]:
    with an_index(elastic_url) as index:
        yield index


def ids(index: SearchIndex, query: str, feed: str) -> set[str]:
    results = index.search(SearchRequest(And((read(query), Exact("feed", feed))), limit=50))
    assert results.total == len(results.hits)
    return {hit.document.id for hit in results.hits}


def understood(query: str) -> bool:
    try:
        read(query)
    except QueryError:
        return False
    return True


@given(articles(), st.lists(queries, min_size=1, max_size=20))
@settings(max_examples=100)
def test_both_indexes_and_the_alert_matcher_find_the_same(
    elastic: ElasticIndex, written: list[Document], asked: list[str]
) -> None:
    wanted = [query for query in asked if understood(query)]
    rules = [Rule(name=str(number), query=query) for number, query in enumerate(wanted)]
    matches = Matcher(KnownNames()).match(rules, written, NOW)
    alerted = {rule.name: {match.document.id for match in matches if match.rule.name == rule.name} for rule in rules}
    with tempfile.TemporaryDirectory() as folder:
        local = LocalIndex(Path(folder) / "index", heap=15_000_000)
        assert local.write(written) == elastic.write(written) == []
        found = {rule.name: ids(local, rule.query, written[0].feed) for rule in rules}
        local.close()
    for rule in rules:
        elsewhere = ids(elastic, rule.query, written[0].feed)
        assert found[rule.name] == elsewhere == alerted[rule.name], rule.query
