"""The index finds just what a plain reading of the query finds, article by article."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import PLAIN, analysis_language, clean, folded_words, tokens
from index.document import Document
from index.local import LocalIndex
from index.port import SearchRequest
from index.query import And, Between, Boost, Everything, Exact, Named, Not, Or, Prefix, Query, Words
from process.tagged import Entity, Event, Label
from tests.search_documents import NOW, a_document, entity, event

FIELD_OF_LABEL = {"PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place"}


def holds(query: Query, document: Document) -> bool:
    """Whether the query is true of the document, read literally."""
    match query:
        case Everything():
            return True
        case And():
            return all(holds(clause, document) for clause in query.clauses)
        case Or():
            return any(holds(clause, document) for clause in query.clauses)
        case Not():
            return not holds(query.clause, document)
        case Boost():
            return holds(query.clause, document)
        case _:
            return holds_leaf(query, document)


def holds_leaf(query: Words | Prefix | Named | Exact | Between, document: Document) -> bool:
    match query:
        case Exact():
            return query.value in exact_values(document, query.field)
        case Named():
            return any(name in canonical_names(document, query.field) for name in query.names)
        case Between():
            time = document.published if query.field == "published" else document.fetched
            return (query.start is None or query.start <= time) and (query.end is None or time < query.end)
        case Words():
            return any(stands_in(query, text, language) for text, language in texts(document, query.field))
        case Prefix():
            return any(begins_in(folded_words(query.text), part) for part in prefix_parts(document, query.field))


def exact_values(document: Document, field: str) -> set[str]:
    if field == "event":
        return {each.type for each in document.events}
    if field == "status":
        return {each.status for each in document.events}
    if field == "tag":
        return {tag.casefold() for tag in document.tags}
    return {str(getattr(document, field))}


def canonical_names(document: Document, field: str) -> set[str]:
    if field == "actor":
        return {actor for each in document.events for actor in each.actors}
    found = {e.name for e in document.entities if field in ("entity", FIELD_OF_LABEL.get(e.label))}
    return found | ({each.place for each in document.events if each.place} if field == "place" else set())


def texts(document: Document, field: str) -> Iterator[tuple[str, str]]:
    """The texts a field stands for, each with the language of its analysis."""
    language = analysis_language(document.language)
    if field in ("any", "title"):
        yield document.title, language
    if field in ("any", "text"):
        yield document.text, language
    if field == "source":
        yield document.source, PLAIN
    for name in canonical_names(document, field) if field not in ("any", "title", "text", "source") else ():
        yield name, PLAIN
    for each in document.entities:
        if field in ("entity", FIELD_OF_LABEL.get(each.label)):
            yield each.text, PLAIN


def stands_in(query: Words, text: str, language: str) -> bool:
    wanted = [token.text for token in tokens(query.text, language)]
    words = [token.text for token in tokens(text, language)]
    return bool(wanted) and any(reached(wanted, words, at, query.slop) for at in range(len(words)))


def reached(wanted: Sequence[str], words: Sequence[str], at: int, slop: int) -> bool:
    """Two wanted words within `slop` moves, any number of them side by side when there is none."""
    if slop == 0:
        return list(words[at : at + len(wanted)]) == list(wanted)
    if words[at] != wanted[0]:
        return False
    return any(words[other] == wanted[1] and abs(other - at - 1) <= slop for other in range(len(words)))


def prefix_parts(document: Document, field: str) -> Iterator[list[str]]:
    """The words of each field that a prefix is looked up in; all names of a field are one."""
    if field in ("any", "title", "text"):
        language = analysis_language(document.language)
        for part in ("title", "text") if field == "any" else (field,):
            yield [token for text, _ in texts(document, part) for token in plain(text, language)]
    else:
        yield [word for text, _ in texts(document, field) for word in folded_words(text)]


def plain(text: str, language: str) -> list[str]:
    return folded_words(clean(text, language))


def begins_in(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return bool(wanted) and all(w in words for w in wanted[:-1]) and any(w.startswith(wanted[-1]) for w in words)


VOCABULARY = ["manœuvre", "manoeuvres", "naval", "navales", "Übung", "ubungen", "Straße", "exercise", "exercising"]
VOCABULARY += [
    "l'exercice",
    "d’État",
    "nación",
    "naciones",
    "U.S.",
    "корабли",
    "navy",
    "the",
    "中国军舰",
    "军舰",
    "e\u0301tat",
    "No.5",
]
NAMES = ["Beijing", "Vladimir Putin", "Xi Jinping", "South China Sea", "China", "Jürgen Groß"]
LABELS: list[Label] = ["PERSON", "ORG", "GPE", "LOC", "VESSEL"]

word = st.sampled_from(VOCABULARY)
text = st.lists(word, max_size=8).map(" ".join)
entities = st.builds(entity, st.sampled_from(NAMES), st.sampled_from(LABELS), st.sampled_from([None, "Pékin", "Xi"]))
events: st.SearchStrategy[Event] = st.builds(
    event,
    st.sampled_from(["naval_exercise", "visit"]),
    st.sampled_from(["happened", "planned"]),
    st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    st.sampled_from([None, *NAMES]),
)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    return [
        a_document(
            f"a{number}",
            draw(text),
            draw(text),
            draw(st.sampled_from(["fr", "en", "de", "es", "ru", "zh"])),
            source=draw(st.sampled_from(["Harbour Post", "Küstenbote"])),
            tags=tuple(draw(st.lists(st.sampled_from(["Asia", "sea"]), max_size=2, unique=True))),
            entities=tuple[Entity, ...](draw(st.lists(entities, max_size=3))),
            events=tuple(draw(st.lists(events, max_size=2))),
            published=NOW - timedelta(microseconds=draw(st.integers(0, 10)), days=draw(st.integers(0, 3))),
        )
        for number in range(draw(st.integers(0, 8)))
    ]


word_fields = st.sampled_from(["any", "title", "text", "source", "entity", "person", "org", "place", "actor"])
name_fields = st.sampled_from(["entity", "person", "org", "place", "actor"])
times = st.none() | st.builds(lambda days: NOW - timedelta(days=days), st.integers(0, 3))
exacts = st.sampled_from(
    [
        *(("event", "visit"), ("event", "naval_exercise"), ("status", "planned"), ("language", "fr")),
        *(("tag", "asia"), ("id", "a1"), ("story", "a2")),
    ]
)
leaves = st.one_of(
    st.builds(Words, word_fields, st.lists(word | st.sampled_from(NAMES), min_size=1, max_size=3).map(" ".join)),
    st.builds(
        lambda field, pair, slop: Words(field, " ".join(pair), slop),
        st.sampled_from(["any", "title", "text"]),
        st.lists(st.sampled_from(["naval", "navy", "the", "nación"]), min_size=2, max_size=2, unique=True),
        st.integers(1, 4),
    ),
    st.builds(Prefix, word_fields, st.sampled_from(["nav", "mano", "Ü", "xi", "south chi", "No.", "é", "zz", "har"])),
    st.builds(Named, name_fields, st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(tuple)),
    exacts.map(lambda pair: Exact(*pair)),  # type: ignore[arg-type]
    st.builds(Between, st.sampled_from(["published", "fetched"]), times, times),
    st.just(Everything()),
)
queries: st.SearchStrategy[Query] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: And(tuple(clauses))),
        st.lists(inner, min_size=1, max_size=3).map(lambda clauses: Or(tuple(clauses))),
        inner.map(Not),
        inner.map(lambda clause: Boost(clause, 2.0)),
    ),
    max_leaves=6,
)


@given(documents(), st.lists(queries, min_size=1, max_size=20))
@settings(max_examples=60)
def test_the_index_finds_what_is_true_of_each_article(articles: list[Document], asked: list[Query]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = LocalIndex(Path(folder) / "index", heap=15_000_000)
        index.write(articles)
        for query in asked:
            results = index.search(SearchRequest(query, limit=50))
            wanted = {article.id for article in articles if holds(query, article)}
            assert {hit.document.id for hit in results.hits} == wanted, query
            assert results.total == len(wanted)
        index.close()
