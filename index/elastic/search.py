"""Answering a search request: one page of hits, facets and histogram."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from index.compile import weighs_words
from index.elastic.document import from_elastic
from index.elastic.mapping import MOST_HITS
from index.elastic.paging import ByPoint, ElasticCursor, read_elastic_cursor, unknown_page, write_elastic_cursor
from index.elastic.query import Dsl, compile_query
from index.highlight import highlights
from index.paging import ByDate, ByScore
from index.port import FACETS, FacetCount, Hit, SearchRequest, SearchResults

_BY_DATE = [{"order": "desc"}, {"id": "asc"}]
_BY_SCORE = [{"_score": "desc"}, {"order": "desc"}]  # a point in time adds a last, unique one
_KEPT = "5m"  # how long the pages of a point in time can be asked for
_FACET_VALUES = 20
_SHARDS_FAILED = 503
_PAUSES = (0.05, 0.2)  # seconds
_SHARD_VALUES = 500


def answer(client: Elasticsearch, index: str, request: SearchRequest) -> SearchResults:
    """The page after the cursor, and what else was asked for. Raises WirewatchError and the client's errors.

    By date, the last hit's place is enough to go on from. By relevance, the second page opens a point in time, in which
    further pages follow each other however much is written meanwhile; so a search whose first page is enough leaves
    nothing open.
    """
    cursor = read_elastic_cursor(request.after) if request.after else None
    by_date = isinstance(cursor, ByDate) if cursor else request.sort == "date" or not weighs_words(request.query)
    body = _asked(request, cursor, by_date)
    if isinstance(cursor, ByScore):
        opened = client.open_point_in_time(index=index, keep_alive=_KEPT, ignore_unavailable=True)
        body["pit"] = {"id": opened["id"], "keep_alive": _KEPT}
    elif not isinstance(cursor, ByPoint):
        body |= {"index": index, "ignore_unavailable": True}
    try:
        found = whole(client, **body)
    except (NotFoundError, BadRequestError) as error:
        if isinstance(cursor, ByPoint) and "too_many" not in str(error):
            raise unknown_page() from None
        raise
    results = _results(request, found, by_date)
    if "pit_id" in found and results.next is None:
        client.close_point_in_time(id=found["pit_id"])
    return results


def whole(client: Elasticsearch, **search: Any) -> dict[str, Any]:
    """The answer of all shards. Where one fails, a rebuild may have taken its index away since the search began."""
    search["allow_partial_search_results"] = False  # half an answer would pass for a whole one
    for pause in _PAUSES:
        try:
            return dict(client.search(**search).body)
        except ApiError as error:
            if error.status_code != _SHARDS_FAILED:
                raise
            time.sleep(pause)
    return dict(client.search(**search).body)


def _asked(request: SearchRequest, cursor: ElasticCursor | None, by_date: bool) -> dict[str, Any]:
    """The search, all but where it looks."""
    body: dict[str, Any] = {
        "query": compile_query(request.query),
        "sort": _BY_DATE if by_date else _BY_SCORE,
        "size": min(request.limit, MOST_HITS) + 1,  # the one more tells whether there is a next page
        "track_total_hits": True,
        "aggregations": _aggregations(request, by_date),
    }
    match cursor:
        case ByDate():
            body["search_after"] = [cursor.order, cursor.id]
        case ByPoint():
            body |= {"search_after": cursor.after, "pit": {"id": cursor.pit, "keep_alive": _KEPT}}
        case ByScore():
            body |= {"from_": min(cursor.offset, MOST_HITS), "query": _until(body["query"], cursor.until)}
    return body


def _until(query: Dsl, indexed: int) -> Dsl:
    return {"bool": {"must": [query], "filter": [{"range": {"indexed_us": {"lte": indexed}}}]}}


def _aggregations(request: SearchRequest, by_date: bool) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if request.facets:
        shown = {"size": _FACET_VALUES, "shard_size": _SHARD_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}
        wanted |= {name: {"terms": {"field": name} | shown} for name in FACETS}
    if request.histogram:
        days = {"field": "published", "calendar_interval": "day", "min_doc_count": 1, "format": "yyyy-MM-dd"}
        wanted["days"] = {"date_histogram": days}
    if not by_date and not request.after:
        wanted["last_indexed"] = {"max": {"field": "indexed_us"}}
    return wanted


def _results(request: SearchRequest, found: dict[str, Any], by_date: bool) -> SearchResults:
    rows = found["hits"]["hits"]
    shown = rows[: min(request.limit, MOST_HITS)]
    counted = found.get("aggregations", {})
    return SearchResults(
        total=found["hits"]["total"]["value"],
        hits=[_hit(request, row) for row in shown],
        next=write_elastic_cursor(_next(found, shown, by_date)) if shown and len(rows) > len(shown) else None,
        facets={name: _facet(counted.get(name)) for name in FACETS} if request.facets else {},
        histogram=_histogram(counted.get("days")) if request.histogram else (),
    )


def _next(found: dict[str, Any], shown: Sequence[dict[str, Any]], by_date: bool) -> ElasticCursor:
    last = shown[-1]["sort"]
    if by_date:
        return ByDate(last[0], last[1])
    if "pit_id" in found:
        return ByPoint(found["pit_id"], tuple(last))
    return ByScore(len(shown), int(found["aggregations"]["last_indexed"]["value"]))


def _hit(request: SearchRequest, row: dict[str, Any]) -> Hit:
    document = from_elastic(row["_source"])
    return Hit(document, row.get("_score") or 0.0, highlights(request.query, document))


def _facet(counted: dict[str, Any] | None) -> Sequence[FacetCount]:
    return [FacetCount(bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"]] if counted else []


def _histogram(counted: dict[str, Any] | None) -> Sequence[tuple[date, int]]:
    if not counted:
        return []
    return [(date.fromisoformat(bucket["key_as_string"]), bucket["doc_count"]) for bucket in counted["buckets"]]
