"""From a query to tantivy's own, against the schema that the embedded index and the alert matcher share."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import FieldType, Occur

from index.analysis import LANGUAGES, PLAIN, Token, folded_words, tokens
from index.query import And, Between, Boost, Everything, Exact, Named, Not, Or, Prefix, Query, Words
from index.schema import microseconds, schema

TITLE_WEIGHT = 3.0
PARTS = {"any": ("title", "text"), "title": ("title",), "text": ("text",)}


def compile_query(query: Query) -> tantivy.Query:
    """The tantivy query that finds the same documents. A query whose words fold to nothing finds none."""
    match query:
        case Everything():
            return tantivy.Query.all_query()
        case Words():
            return _words(query)
        case Prefix():
            return _prefix(query)
        case Named():
            return _either([_term(query.field, name) for name in query.names])
        case Exact():
            value = query.value.casefold() if query.field == "tag" else query.value
            return _term(query.field, value)
        case Between():
            return _between(query)
        case Boost():
            return tantivy.Query.boost_query(compile_query(query.clause), query.factor)
        case Or():
            return _either([compile_query(clause) for clause in query.clauses])
        case And() | Not():
            return _all(query.clauses if isinstance(query, And) else (query,))


def weighs_words(query: Query) -> bool:
    """Whether the query has words to weigh. One without (place:China) finds documents that all matter the same."""
    match query:
        case Words() | Prefix():
            return True
        case Boost():
            return weighs_words(query.clause)
        case And() | Or():
            return any(weighs_words(clause) for clause in query.clauses)
        case _:
            return False


def _all(clauses: Sequence[Query]) -> tantivy.Query:
    parts: list[tuple[Occur, tantivy.Query]] = []
    for clause in clauses:
        if isinstance(clause, Not):
            parts.append((Occur.MustNot, compile_query(clause.clause)))
        else:
            parts.append((Occur.Must, compile_query(clause)))
    if all(occur == Occur.MustNot for occur, _ in parts):
        # tantivy finds nothing where everything is excluded and nothing is asked for.
        parts.append((Occur.Must, tantivy.Query.all_query()))
    return tantivy.Query.boolean_query(parts)


def _words(query: Words) -> tantivy.Query:
    if query.field not in PARTS:
        return _phrase(f"{query.field}_words", tokens(query.text, PLAIN), query.slop)
    analyzed = [(language, tokens(query.text, language)) for language in LANGUAGES]
    return _either(
        [
            _weighed(part, _phrase(f"{part}_{language}", words, query.slop))
            for part in PARTS[query.field]
            for language, words in analyzed
        ]
    )


def _prefix(query: Prefix) -> tantivy.Query:
    words = folded_words(query.text)
    if not words:
        return tantivy.Query.empty_query()
    if query.field not in PARTS:
        return _begins(f"{query.field}_words", words)
    return _either([_weighed(part, _begins(f"{part}_plain", words)) for part in PARTS[query.field]])


def _begins(field: str, words: Sequence[str]) -> tantivy.Query:
    # Folded words are letters and digits only, so there is nothing to escape.
    last = tantivy.Query.regex_query(schema(), field, f"{words[-1]}.*")
    parts = [(Occur.Must, _term(field, word)) for word in words[:-1]]
    return tantivy.Query.boolean_query([*parts, (Occur.Must, last)])


def _phrase(field: str, words: Sequence[Token], slop: int) -> tantivy.Query:
    if not words:
        return tantivy.Query.empty_query()
    if len(words) == 1:
        return _term(field, words[0].text)
    if slop and len(words) == 2 and words[0].text == words[1].text:
        return _twice(field, words[0].text, words[1].position - words[0].position, slop)
    first = words[0].position
    return tantivy.Query.phrase_query(schema(), field, [(word.position - first, word.text) for word in words], slop)


def _twice(field: str, word: str, distance: int, slop: int) -> tantivy.Query:
    """One word twice. With a slop, tantivy would take one occurrence for both."""
    distances = range(max(1, distance - slop), distance + slop + 1)
    return _either([tantivy.Query.phrase_query(schema(), field, [(0, word), (each, word)]) for each in distances])


def _between(query: Between) -> tantivy.Query:
    if query.start is None and query.end is None:
        return tantivy.Query.all_query()
    return tantivy.Query.range_query(
        schema(),
        query.field,
        FieldType.Integer,
        lower_bound=None if query.start is None else microseconds(query.start),
        upper_bound=None if query.end is None else microseconds(query.end),
        include_upper=query.end is None,  # tantivy calls an open side included
    )


def _weighed(part: str, query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.boost_query(query, TITLE_WEIGHT) if part == "title" else query


def _either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query(_should(queries))


def _should(queries: Iterable[tantivy.Query]) -> list[tuple[Occur, tantivy.Query]]:
    return [(Occur.Should, query) for query in queries]


def _term(field: str, value: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema(), field, value, index_option="basic")
