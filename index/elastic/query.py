"""From a query to Elasticsearch's own, so that it finds what the embedded index and the alert matcher find."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from index.analysis import LANGUAGES, PLAIN, folded_words, tokens
from index.compile import PARTS, TITLE_WEIGHT, weighs_words
from index.elastic.document import joined
from index.query import And, Between, Boost, Everything, Exact, Named, Not, Or, Prefix, Query, Words
from index.schema import microseconds

Dsl: TypeAlias = dict[str, Any]

NOTHING: Dsl = {"match_none": {}}


def compile_query(query: Query) -> Dsl:
    """The query in Elasticsearch's language. A query whose words fold to nothing finds nothing."""
    match query:
        case Everything():
            return {"match_all": {}}
        case Words():
            return _words(query)
        case Prefix():
            return _prefix(query)
        case Named():
            return {"terms": {query.field: list(query.names)}}
        case Exact():
            return _term(query.field, query.value.casefold() if query.field == "tag" else query.value)
        case Between():
            return _between(query)
        case Boost():
            return {"bool": {"must": [compile_query(query.clause)], "boost": query.factor}}
        case Or():
            return _either([compile_query(clause) for clause in query.clauses])
        case And() | Not():
            return _all(query.clauses if isinstance(query, And) else (query,))


def _all(clauses: Sequence[Query]) -> Dsl:
    """What has words to weigh counts in the score, the rest only lets through."""
    parts: dict[str, list[Dsl]] = {}
    for clause in clauses:
        if isinstance(clause, Not):
            parts.setdefault("must_not", []).append(compile_query(clause.clause))
        else:
            parts.setdefault("must" if weighs_words(clause) else "filter", []).append(compile_query(clause))
    return {"bool": parts}


def _words(query: Words) -> Dsl:
    if query.field not in PARTS:
        return _phrase(f"{query.field}_words", query, PLAIN)
    return _either(
        [
            _weighed(part, _phrase(f"{part}_{language}", query, language))
            for part in PARTS[query.field]
            for language in LANGUAGES
        ]
    )


def _phrase(field: str, query: Words, language: str) -> Dsl:
    words = tokens(query.text, language)
    if not words:
        return NOTHING
    if len(words) == 1:
        return _term(field, words[0].text)
    return {"match_phrase": {field: {"query": joined(words), "slop": query.slop}}}


def _prefix(query: Prefix) -> Dsl:
    words = folded_words(query.text)
    if not words:
        return NOTHING
    if query.field not in PARTS:
        return _begins(f"{query.field}_words", words)
    return _either([_weighed(part, _begins(f"{part}_plain", words)) for part in PARTS[query.field]])


def _begins(field: str, words: Sequence[str]) -> Dsl:
    return {"bool": {"must": [*(_term(field, word) for word in words[:-1]), {"prefix": {field: words[-1]}}]}}


def _between(query: Between) -> Dsl:
    bounds = {}
    if query.start is not None:
        bounds["gte"] = microseconds(query.start)
    if query.end is not None:
        bounds["lt"] = microseconds(query.end)
    return {"range": {f"{query.field}_us": bounds}}


def _weighed(part: str, query: Dsl) -> Dsl:
    return {"bool": {"must": [query], "boost": TITLE_WEIGHT}} if part == "title" else query


def _either(queries: Sequence[Dsl]) -> Dsl:
    return queries[0] if len(queries) == 1 else {"bool": {"should": queries, "minimum_should_match": 1}}


def _term(field: str, value: str) -> Dsl:
    return {"term": {field: value}}
