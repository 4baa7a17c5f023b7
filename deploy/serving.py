"""The web pages on their port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from deploy.jobs import SHUTDOWN_SECONDS
from deploy.listening import listener
from deploy.settings import WebSettings


@contextmanager
def serving(app: FastAPI, web: WebSettings) -> Iterator[None]:
    """Serve the pages while the block runs. Raises WirewatchError when the address cannot be listened on."""
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", server_header=False, proxy_headers=False, timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    with listener(web.listen, "`listen` in [web]") as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, name="web", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.should_exit = True
            thread.join(SHUTDOWN_SECONDS)
