"""The web application: routes, static files, error pages, and the guard around all of them."""

from importlib.resources import files

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from index.web.article_page import article_router
from index.web.backend import WebBackend
from index.web.pages import Pages
from index.web.rules_page import rules_router
from index.web.search_page import search_router
from index.web.security import SECURITY_HEADERS, Guard
from index.web.status_pages import status_router
from ingest.errors import Unavailable, WirewatchError

log = structlog.get_logger(__name__)


def create_app(backend: WebBackend) -> FastAPI:
    """All pages over that backend. Serve it with any ASGI server; it keeps no state."""
    app = FastAPI(title="Wirewatch", docs_url=None, redoc_url=None, openapi_url=None)
    pages = Pages(backend.clock)
    for router in (search_router, article_router, rules_router, status_router):
        app.include_router(router(backend, pages))
    app.mount("/static", StaticFiles(directory=str(files("index.web") / "static")))
    app.add_middleware(Guard, hosts=backend.hosts)
    _answer_errors(app, pages)
    return app


def _answer_errors(app: FastAPI, pages: Pages) -> None:
    async def answer(request: Request, error: Exception) -> Response:
        match error:
            case HTTPException(status_code=404):
                return pages.error(404, "There is no such page.")
            case HTTPException():
                return pages.error(error.status_code, str(error.detail), error.headers)
            case RequestValidationError():
                return pages.error(400, "The address or the form has a field that cannot be read.")
            case Unavailable():
                log.warning("page not available", path=request.url.path, error=str(error))
                return pages.error(503, str(error), {"Retry-After": str(max(1, round(error.retry_after)))})
            case WirewatchError():
                return pages.error(400, str(error))
        # This answer is sent from outside the guard, so it brings the headers itself. The server logs the traceback.
        return pages.error(500, "Something is broken here. The log of the web process says what.", SECURITY_HEADERS)

    for kind in (HTTPException, RequestValidationError, Unavailable, WirewatchError, Exception):
        app.add_exception_handler(kind, answer)
