"""One article: its text with names and evidence marked, its events, its story elsewhere, and its way here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from index.document import Document
from index.port import SearchRequest
from index.query_nodes import Exact
from index.web.backend import WebBackend
from index.web.marking import Mark, Token, marked_paragraphs
from index.web.pages import Pages
from index.web.search_state import quoted
from process.tagged import Entity, Event, Part

LONG = 50_000
"""Characters of text that are shown at once; the rest is one click away."""
SIBLINGS = 30
LABELS = {"PERSON": "person", "ORG": "organisation", "GPE": "country or city", "LOC": "region or sea", "VESSEL": "ship"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where on the page a tag's evidence stands: a link within it, or into the whole text where that is cut off."""

    cut: bool

    def of_event(self, event: Event, number: int) -> str:
        """The link to an event's sentence."""
        return self._link(f"#event-{number}", event.part, event.start)

    def of_entity(self, entity: Entity, number: int) -> str:
        """The link to a name."""
        return self._link(f"#entity-{number}", entity.part, entity.start)

    def _link(self, anchor: str, part: Part, start: int) -> str:
        return f"?all=1{anchor}" if self.cut and part == "text" and start >= LONG else anchor


def article_router(backend: WebBackend, pages: Pages) -> APIRouter:
    """`/article/{id}`; `?all=1` shows a long text whole."""
    router = APIRouter()

    @router.get("/article/{article_id}")
    def article(article_id: str, all: str = "") -> HTMLResponse:  # noqa: A002 -- the address says ?all=1
        document = backend.index.get(article_id)
        if document is None:
            return pages.error(404, "There is no article of that id in the index.")
        cut = len(document.text) > LONG and not all
        places = Places(cut)
        return pages.page(
            "article.html",
            document=document,
            title=_title(document),
            paragraphs=marked_paragraphs(document.text, marks(document, "text"), LONG if cut else None),
            cut=cut,
            entities=sorted(
                enumerate(document.entities), key=lambda each: (list(LABELS).index(each[1].label), each[1].name)
            ),
            labels=[label for label in LABELS if any(entity.label == label for entity in document.entities)],
            label_names=LABELS,
            place_of=places.of_event,
            entity_place=places.of_entity,
            siblings=_siblings(backend, document),
            trail=trail(document),
            search_for=_search_for,
        )

    return router


def marks(document: Document, part: Part) -> list[Mark]:
    """Every tag that stands in that part of the article, numbered as in the document."""
    events = [Mark("event", n, e.start, e.end) for n, e in enumerate(document.events) if e.part == part]
    entities = [Mark("entity", n, e.start, e.end) for n, e in enumerate(document.entities) if e.part == part]
    return events + entities


def trail(document: Document) -> Sequence[tuple[str, datetime, timedelta | None]]:
    """The article's way: each step with its time and how long after the step before it came."""
    steps = [
        ("published", document.published),
        ("fetched", document.fetched),
        ("tagged", document.tagged),
        ("indexed", document.indexed),
    ]
    waits = [None, *(after - before for (_, before), (_, after) in pairwise(steps))]
    return [(name, time, wait) for (name, time), wait in zip(steps, waits, strict=True)]


def _title(document: Document) -> list[Token]:
    """The title as one stream, whatever line breaks a feed put into it."""
    return [token for tokens in marked_paragraphs(document.title, marks(document, "title")) for token in tokens]


def _siblings(backend: WebBackend, document: Document) -> list[Document]:
    """The other articles of the same story, the latest first."""
    found = backend.index.search(SearchRequest(Exact("story", document.story), sort="date", limit=SIBLINGS + 1))
    return [hit.document for hit in found.hits if hit.document.id != document.id][:SIBLINGS]


def _search_for(field: str, name: str) -> str:
    return "/?" + urlencode({"q": f"{field}:{quoted(name)}"}, errors="replace")
