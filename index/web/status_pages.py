"""How Wirewatch itself is doing: alerts sent, feed health, the audit, and a word for monitors."""

from collections import Counter

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse

from index.web.backend import WebBackend
from index.web.pages import Pages

ALERTS_SHOWN = 100
MISSING_SHOWN = 20


def status_router(backend: WebBackend, pages: Pages) -> APIRouter:
    """`/alerts`, `/feeds`, `/audit` and `/healthz`."""
    router = APIRouter()

    @router.get("/alerts")
    def alerts(rule: str = "") -> HTMLResponse:
        return pages.page("alerts.html", rule=rule, alerts=backend.alerts.list(ALERTS_SHOWN, rule or None))

    @router.get("/feeds")
    def feeds() -> HTMLResponse:
        rows = sorted(backend.feeds(), key=lambda feed: (not feed.error, (feed.title or feed.url).casefold()))
        return pages.page("feeds.html", feeds=rows, tally=Counter(feed.status for feed in rows).most_common())

    @router.get("/audit")
    def audit() -> HTMLResponse:
        ledger = backend.audit()
        parts = [
            ("Indexed", ledger.indexed, "can be searched"),
            (
                "Duplicate",
                ledger.duplicate,
                "an article that was taken in again: its earlier versions, and repetitions",
            ),
            ("Dead", ledger.dead, "a stage could not take it"),
            ("Pending", ledger.pending, "on its way"),
        ]
        accounted = sum(number for _, number, _ in parts)
        missing = ledger.missing[:MISSING_SHOWN]
        return pages.page("audit.html", ledger=ledger, parts=parts, accounted=accounted, missing=missing)

    @router.get("/healthz")
    def health() -> JSONResponse:
        """200 while the search index answers; Unavailable makes it 503."""
        return JSONResponse({"status": "ok", "articles": backend.index.count()})

    return router
