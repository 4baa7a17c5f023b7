"""robots.txt: which article pages a publisher lets robots read (RFC 9309)."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from protego import Protego

from ingest.charset import decode
from ingest.clock import Clock, utc_now
from ingest.fetch import Fetcher, FetchError, HttpStatus

_KEPT = timedelta(hours=24)  # RFC 9309, section 2.4: no longer than that
_KEPT_FAILED = timedelta(minutes=15)
_MAX_BYTES = 1_000_000  # section 2.5 asks for at least 500 KiB
_MAX_HOSTS = 5000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a site said. Without `parsed`, everything is allowed or nothing is."""

    parsed: Protego | None
    allow_all: bool
    expires: datetime


class Robots:
    """Answers whether a page may be fetched, asking each site once a day. Safe to use from several threads."""

    def __init__(self, fetcher: Fetcher, clock: Clock = utc_now) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._rules: dict[str, _Rules] = {}
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}

    def allowed(self, url: str) -> bool:
        """Whether Wirewatch may fetch `url`. A site without robots.txt allows all, one that fails nothing for now."""
        parts = urlsplit(url)
        rules = self._of(f"{parts.scheme}://{parts.netloc}")
        if rules.parsed is None:
            return rules.allow_all
        return bool(rules.parsed.can_fetch(url, self._fetcher.user_agent))

    def _of(self, site: str) -> _Rules:
        with self._lock:
            asking = self._asking.setdefault(site, threading.Lock())
        with asking:  # one asks, the others wait for its answer
            now = self._clock()
            known = self._rules.get(site)
            if known is None or known.expires <= now:
                known = self._ask(site, now)
                with self._lock:
                    self._keep(site, known, now)
            return known

    def _keep(self, site: str, rules: _Rules, now: datetime) -> None:
        if len(self._rules) >= _MAX_HOSTS:
            self._rules = {name: kept for name, kept in self._rules.items() if kept.expires > now}
            self._asking = {name: lock for name, lock in self._asking.items() if name in self._rules}
        self._rules[site] = rules

    def _ask(self, site: str, now: datetime) -> _Rules:
        try:
            answer = self._fetcher.get(f"{site}/robots.txt", max_bytes=_MAX_BYTES)
        except HttpStatus as error:
            if 400 <= error.status < 500 and error.status != 429:  # section 2.3.1.3: there are no rules
                return _Rules(None, allow_all=True, expires=now + _KEPT)
            log.info("robots.txt unavailable, pages left alone", site=site, error=str(error))
            return _Rules(None, allow_all=False, expires=now + _KEPT_FAILED)
        except FetchError as error:  # section 2.3.1.4: unreachable, so assume that nothing is allowed
            log.info("robots.txt unavailable, pages left alone", site=site, error=str(error))
            return _Rules(None, allow_all=False, expires=now + _KEPT_FAILED)
        return _Rules(Protego.parse(decode(answer.body, answer.content_type)), allow_all=False, expires=now + _KEPT)
