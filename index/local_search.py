"""Answering a search request from one state of the embedded index."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import tantivy
from tantivy import FieldType, Occur, Order

from index.compile import weighs_words
from index.document import Document
from index.highlight import highlights
from index.paging import ByDate, ByScore, Cursor, write_cursor
from index.port import FACETS, FacetCount, Hit, SearchRequest, SearchResults
from index.schema import from_tantivy, schema

_DAY = 86_400_000_000  # microseconds
_FACET_VALUES = 20
_MOST_HITS = 10_000
_TWINS = 3  # hits read beyond the page: documents of one second may, once in a billion, share a date order


def answer(
    searcher: tantivy.Searcher, request: SearchRequest, query: tantivy.Query, cursor: Cursor | None
) -> SearchResults:
    """The page after the cursor, and what else was asked for. `query` is the request's, compiled.

    Raises ValueError, OSError for a damaged index.
    """
    by_date = isinstance(cursor, ByDate) if cursor else request.sort == "date" or not weighs_words(request.query)
    if by_date:
        page = _page_by_date(searcher, query, request, cursor if isinstance(cursor, ByDate) else None)
    else:
        page = _page_by_score(searcher, query, request, cursor if isinstance(cursor, ByScore) else None)
    return replace(
        page,
        facets=_facets(searcher, query) if request.facets else {},
        histogram=_histogram(searcher, query) if request.histogram else (),
    )


def _page_by_date(
    searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest, cursor: ByDate | None
) -> SearchResults:
    limit = min(request.limit, _MOST_HITS)
    wanted = _both(query, _up_to("order", cursor.order)) if cursor else query
    found = searcher.search(wanted, limit + _TWINS, order_by_field="order", order=Order.Desc)
    total = _count(searcher.search(query, 1) if cursor else found)
    hits = sorted(((int(order), from_tantivy(searcher.doc(at))) for order, at in found.hits), key=_newest_first)
    if cursor:
        hits = [hit for hit in hits if _newest_first(hit) > (-cursor.order, cursor.id)]
    shown = hits[:limit]
    more = len(hits) > limit and bool(shown)
    after = write_cursor(ByDate(shown[-1][0], shown[-1][1].id)) if more else None
    return SearchResults(total, [_hit(request, document, 0.0) for _, document in shown], after)


def _page_by_score(
    searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest, cursor: ByScore | None
) -> SearchResults:
    limit = min(request.limit, _MOST_HITS)
    offset = cursor.offset if cursor else 0
    wanted = _both(query, _up_to("indexed", cursor.until)) if cursor else query
    found = searcher.search(wanted, max(1, limit), offset=offset)
    hits = [_hit(request, from_tantivy(searcher.doc(at)), float(score)) for score, at in found.hits[:limit]]
    total = _count(found)
    after = None
    if hits and offset + len(hits) < total:
        until = cursor.until if cursor else _last_indexed(searcher, query)
        after = write_cursor(ByScore(offset + len(hits), until))
    return SearchResults(total, hits, after)


def _last_indexed(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return int(searcher.aggregate(query, {"last": {"max": {"field": "indexed"}}})["last"]["value"])


def _count(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stubs forgot it


def _newest_first(hit: tuple[int, Document]) -> tuple[int, str]:
    return -hit[0], hit[1].id


def _hit(request: SearchRequest, document: Document, score: float) -> Hit:
    return Hit(document, score, highlights(request.query, document))


def _both(query: tantivy.Query, restriction: tantivy.Query) -> tantivy.Query:
    unweighed = tantivy.Query.const_score_query(restriction, 0.0)
    return tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Must, unweighed)])


def _up_to(field: str, highest: int) -> tantivy.Query:
    return tantivy.Query.range_query(schema(), field, FieldType.Integer, upper_bound=highest)


def _facets(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, Sequence[FacetCount]]:
    terms = {name: {"terms": {"field": name, "size": _FACET_VALUES, "segment_size": 500}} for name in FACETS}
    counted = searcher.aggregate(query, terms)
    return {
        name: sorted(
            (FacetCount(bucket["key"], int(bucket["doc_count"])) for bucket in counted[name]["buckets"]),
            key=lambda facet: (-facet.count, facet.value),
        )
        for name in FACETS
    }


def _histogram(searcher: tantivy.Searcher, query: tantivy.Query) -> Sequence[tuple[date, int]]:
    days = {"histogram": {"field": "published", "interval": _DAY, "min_doc_count": 1}}
    buckets = searcher.aggregate(query, {"days": days})["days"]["buckets"]
    return [(_day(int(bucket["key"])), int(bucket["doc_count"])) for bucket in buckets]


def _day(since_1970: int) -> date:
    return date(1970, 1, 1) + timedelta(microseconds=since_1970)
