"""Keeping the log as long as the settings say."""

import threading
from datetime import timedelta

import structlog

from ingest.clock import utc_now
from ingest.errors import Unavailable
from ingest.log.port import ARTICLES, TAGGED, Log

events = structlog.get_logger(__name__)

TRIM_SECONDS = 3600.0


def keep_trimmed(log: Log, retention: timedelta, stop: threading.Event) -> None:
    """Drop old records now and every hour, until `stop` is set. Dead letters stay until someone looks at them."""
    while not stop.is_set():
        try:
            for topic in (ARTICLES, TAGGED):
                if dropped := log.trim(topic, utc_now() - retention):
                    events.info("old records dropped", topic=topic, records=dropped)
        except Unavailable as error:
            events.warning("could not trim the log", error=str(error))
        stop.wait(TRIM_SECONDS)
