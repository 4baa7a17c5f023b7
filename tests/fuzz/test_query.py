"""Any string is a query or a QueryError that points into it."""

from hypothesis import example, given
from hypothesis import strategies as st

from index.compile import compile_query
from index.highlight import highlights
from index.query import FIELDS, QueryError, parse
from index.query_nodes import And, Boost, Not, Or, Query
from index.schema import open_index, to_tantivy
from tests.search_documents import NOW, KnownNames, a_document

PIECES = [
    *(f"{field}:" for field in FIELDS),
    *("AND", "OR", "NOT", "TO", "(", ")", "[", "]", "{", "}", '"', "'", "~", "^", "*", "?", "+", "-", "\\", "/", ":"),
    *(
        "<",
        ">",
        "<=",
        ">=",
        "now",
        "now-7d",
        "2026-11",
        "naval",
        "Pékin",
        "fr",
        "naval_exercise",
        "planned",
        "1",
        "0.5",
    ),
    *(" ", "\n", "\t", "“", "”", "é", "中国", "\u0301", "\x00", "😀", "ß", "½", "_"),
]
queries = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


def attempt(text: str) -> Query | QueryError:
    try:
        return parse(text, KnownNames(), NOW)
    except QueryError as error:
        return error


def size(query: Query) -> int:
    match query:
        case And() | Or():
            return 1 + sum(map(size, query.clauses))
        case Not() | Boost():
            return 1 + size(query.clause)
        case _:
            return 1


@given(queries)
@example('"~1')
@example("a^.")
@example('"a"~.')
@example("\\")
@example("a:\\")
@example("(" * 5000)
@example("-" * 5000 + "a")
@example("a^1" + "^1" * 2000)
@example("NOT " * 1000 + "a")
@example("title:" * 1000)
def test_any_string_is_a_query_or_an_error_that_points_into_it(text: str) -> None:
    outcome = attempt(text)
    if isinstance(outcome, QueryError):
        assert 1 <= outcome.column <= len(text) + 1
        assert outcome.problem
    else:
        assert size(outcome) <= len(text)


DOCUMENT = a_document("a", "Naval exercise", "Les manœuvres à Pékin 中国 1 0.5 ß ½", "fr")


@given(queries)
def test_whatever_is_a_query_can_be_searched_and_highlighted(text: str) -> None:
    query = attempt(text)
    if isinstance(query, QueryError):
        return
    index = open_index()
    writer = index.writer(15_000_000, num_threads=1)
    writer.add_document(to_tantivy(DOCUMENT))
    writer.commit()
    index.reload()
    assert len(index.searcher().search(compile_query(query), 5).hits) in (0, 1)
    assert "".join(piece for piece, _ in highlights(query, DOCUMENT)[0]) == DOCUMENT.title
    writer.wait_merging_threads()
