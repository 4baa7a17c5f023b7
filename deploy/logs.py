"""Log lines on standard error: readable on a terminal, JSON elsewhere. Secrets in addresses are never written."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET = re.compile(r"(?<=://)([^/@\s:]+):[^/@\s]+@")


def configure_logs(debug: bool) -> None:
    """Set up logging for the process: warnings and above, or everything."""
    level = logging.DEBUG if debug else logging.INFO
    renderer: Any = (
        structlog.dev.ConsoleRenderer(pad_event_to=0) if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in ("apscheduler", "trafilatura", "httpx", "httpcore", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the password in any `scheme://user:password@host` with stars."""
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = _SECRET.sub(r"\1:***@", value)
    return event
