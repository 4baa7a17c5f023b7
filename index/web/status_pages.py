"""How Wirewatch itself is doing: alerts sent, feed health, the audit, and a word for monitors."""

from collections import Counter

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse

from index.web.backend import WebBackend
from index.web.pages import Pages

ALERTS_SHOWN = 100


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
            ("Duplicate", ledger.duplicate, "the same article, or an earlier version of it, taken in again"),
            ("Dead", ledger.dead, "a stage could not take it"),
            ("Pending", ledger.pending, "on its way"),
        ]
        return pages.page("audit.html", ledger=ledger, parts=parts, accounted=sum(number for _, number, _ in parts))

    @router.get("/healthz")
    def health() -> JSONResponse:
        """200 while the search index answers; Unavailable makes it 503."""
        return JSONResponse({"status": "ok", "articles": backend.index.count()})

    return router
