"""Log lines on standard error: readable on a terminal, JSON elsewhere. Secrets in addresses are never written.

Commands and `wirewatch run` log what someone should look at, each in one line; the health of feeds is not among it, for
`wirewatch feeds list` shows that. `wirewatch start` logs each article as well, with its id and the stage.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from enum import StrEnum
from typing import Any

import structlog

_SECRET = re.compile(r"(?<=://)([^/@\s:]+):[^/@\s]+@")


class Form(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


def configure_logs(debug: bool, level: int = logging.WARNING, form: Form | None = None) -> None:
    """Set up logging for the process, from `level` on; with `debug` everything, and with tracebacks."""
    level = logging.DEBUG if debug else level
    text = sys.stderr.isatty() if form is None else form is Form.TEXT
    renderer: Any = structlog.dev.ConsoleRenderer(pad_event_to=0) if text else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if debug else without_traceback,
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),  # a line in one write: processes may share the file
        cache_logger_on_first_use=False,
    )
    for name in ("apscheduler", "kafka", "trafilatura", "httpx", "httpcore", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def without_traceback(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell of an exception in one line, as `error`."""
    if event.pop("exc_info", None):
        kind, error, _ = sys.exc_info()
        if kind is not None:
            event.setdefault("error", f"{kind.__name__}: {error}")
    return event


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the password in any `scheme://user:password@host` with stars."""
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = _SECRET.sub(r"\1:***@", value)
    return event
