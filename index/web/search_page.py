"""The search page and its help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter
from unicodedata import normalize

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from index.port import Hit, SearchRequest, SearchResults
from index.query_errors import QueryError
from index.query_fields import EVENT_TYPES
from index.query_nodes import Everything
from index.web.backend import WebBackend
from index.web.histogram import bars
from index.web.pages import Pages, language_name, words
from index.web.query_help import FIELDS, FORMS
from index.web.search_state import SearchState, search_state

PAGE_SIZE = 20
EVENTS_SHOWN = 6
FACET_NAMES = {
    "event": ("Event", "Events"),
    "status": ("Status", "Status"),
    "place": ("Place", "Places"),
    "person": ("Person", "People"),
    "org": ("Organisation", "Organisations"),
    "source": ("Source", "Sources"),
    "language": ("Language", "Languages"),
}
"""Each facet's name, of one and of several, in the order of the page."""

Fragment = Sequence[tuple[str, bool]]
NO_TITLE: Fragment = [("Without a title", False)]


@dataclass(frozen=True, slots=True)
class ShownHit:
    """What a result shows: its title and fragments with the words found, its events' (type, status), each once."""

    title: Fragment
    fragments: Sequence[Fragment]
    events: Sequence[tuple[str, str]]


def search_router(backend: WebBackend, pages: Pages) -> APIRouter:
    """`/` and `/help`."""
    router = APIRouter()

    @router.get("/")
    def search(request: Request) -> HTMLResponse:
        state = search_state(request.query_params.multi_items())
        started = perf_counter()
        try:
            results, error = _search(backend, state), None
        except QueryError as problem:
            results, error = SearchResults(total=0, hits=()), problem
        return pages.page(
            "search.html",
            status=400 if error else 200,
            state=state,
            bare=state.without_narrowing(),
            first_page=state.first_page(),
            error=error,
            results=results,
            elapsed=timedelta(seconds=perf_counter() - started),
            shown=[shown(hit) for hit in results.hits],
            bars=bars(results.histogram),
            facets=list(FACET_NAMES),
            facet_names={field: name for field, (name, _) in FACET_NAMES.items()},
            facet_titles={field: title for field, (_, title) in FACET_NAMES.items()},
            facet_label=facet_label,
            day_before=_day_before,
        )

    @router.get("/help")
    def search_help() -> HTMLResponse:
        return pages.page("help.html", forms=FORMS, fields=FIELDS, types=EVENT_TYPES)

    return router


def _search(backend: WebBackend, state: SearchState) -> SearchResults:
    """The page of results. What the user typed is read on its own first, so that an error's column is one of theirs."""
    query = backend.parse(state.text) if state.text else Everything()
    if state.query != state.text:
        query = backend.parse(state.query)
    return backend.index.search(
        SearchRequest(query, sort=state.order, limit=PAGE_SIZE, after=state.after, facets=True, histogram=True)
    )


def shown(hit: Hit) -> ShownHit:
    """The hit as the page writes it. The first fragment takes the title's place where it is the title."""
    title, fragments = [(hit.document.title, False)], list(hit.highlights)
    if fragments and "".join(text for text, _ in fragments[0]) == normalize("NFC", hit.document.title):
        title = list(fragments.pop(0))
    events = dict.fromkeys((event.type, event.status) for event in hit.document.events)
    return ShownHit(title if hit.document.title.strip() else NO_TITLE, fragments, list(events)[:EVENTS_SHOWN])


def facet_label(field: str, value: str) -> str:
    """A facet's value as people say it."""
    if field == "language":
        return language_name(value)
    return words(value) if field in ("event", "status") else value


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
