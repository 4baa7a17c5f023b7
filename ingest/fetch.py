"""Fetching from the open web, as if every server were out to harm us: bounded in time, bytes, hops and reach."""

import re
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

import httpcore

from ingest.address import Network
from ingest.clock import Clock, utc_now
from ingest.decompress import ACCEPTED, read_body
from ingest.fetch_errors import (
    BadAddress,
    Blocked,
    FetchError,
    HostBusy,
    HttpStatus,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    Undecodable,
    Unreachable,
)
from ingest.network import Deadline, ForbiddenAddress, GuardedNetwork
from ingest.turns import HostTurns
from ingest.url import host_of, request_url

__all__ = [
    "BadAddress",
    "Blocked",
    "FetchError",
    "Fetcher",
    "HostBusy",
    "HttpStatus",
    "Response",
    "TimedOut",
    "Timeouts",
    "TooLarge",
    "TooManyRedirects",
    "Undecodable",
    "Unreachable",
]

USER_AGENT = "Wirewatch/0.1 (+https://github.com/wirewatch/wirewatch)"
MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, to wait for the next bytes, for the whole request with its redirects, and to wait for the
    turn at a host (which the total does not count)."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    turn: float = 120.0


@dataclass(frozen=True, slots=True)
class Response:
    """A good answer (2xx), or 304 to a conditional request: then `not_modified` holds and `body` is empty.

    `url`            the address that answered, after redirects
    `moved_to`       where the asked-for address has moved for good (301, 308 without a temporary hop before), else None
    `content_type`   the header as sent, with its parameters
    `max_age`        seconds the answer stays fresh (Cache-Control), None when not said
    `retry_after`    seconds the server asks to wait before the next request
    """

    url: str
    status: int
    body: bytes
    moved_to: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age: int | None = None
    expires: datetime | None = None
    retry_after: float | None = None

    @property
    def not_modified(self) -> bool:
        """Whether what the caller has is still good."""
        return self.status == 304

    @property
    def charset(self) -> str | None:
        """The charset that the server declares, in lower case."""
        match = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.content_type or "", re.IGNORECASE)
        return match[1].lower() if match else None


@dataclass(frozen=True, slots=True)
class _Hop:
    status: int
    headers: dict[str, str]
    body: bytes


class Fetcher:
    """Gets web addresses. Safe to use from several threads; no cookies, no proxies from the environment."""

    def __init__(
        self,
        allow_private: Sequence[Network] = (),
        user_agent: str = USER_AGENT,
        timeouts: Timeouts | None = None,
        gap: float = 0.5,
        clock: Clock = utc_now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`allow_private` networks may be fetched although they are not public; `gap` seconds lie between two requests
        to one host; `tls` replaces the usual certificate authorities."""
        self.user_agent = user_agent
        self._allowed = tuple(allow_private)
        self._timeouts = timeouts or Timeouts()
        self._turns = HostTurns(gap, self._timeouts.turn)
        self._clock = clock
        self._tls = tls or httpcore.default_ssl_context()

    def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int = MAX_BYTES
    ) -> Response:
        """The answer of `url`, its redirects followed. With `etag` or `last_modified`, it may be `not_modified`.

        `max_bytes` bounds the body, as sent and as decompressed. Raises FetchError.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        budget = self._timeouts.total
        address = request_url(url)
        moved_to: str | None = None
        only_permanent = True
        seen: list[str] = []
        while address is not None:
            if address in seen:
                raise TooManyRedirects(url, f"its redirects go round ({address}); tell the publisher")
            if len(seen) > MAX_REDIRECTS:
                raise TooManyRedirects(url, f"more than {MAX_REDIRECTS} redirects, the last to {address}")
            seen.append(address)
            with self._turns.turn(host_of(address), url):
                began = time.monotonic()
                hop = self._hop(url, address, headers, budget, max_bytes)
                budget -= time.monotonic() - began
            if hop.status not in _REDIRECTS:
                return self._response(url, address, moved_to, hop, conditional=bool(headers))
            target = request_url(hop.headers.get("location", ""), address)
            if target is None:
                raise BadAddress(url, f"it redirects to {hop.headers.get('location', 'nowhere')!r}; tell the publisher")
            only_permanent = only_permanent and hop.status in _PERMANENT
            moved_to = target if only_permanent else moved_to
            address = target
        raise BadAddress(url, "not a web address; it must look like https://example.org/feed.xml")

    def _hop(self, url: str, address: str, headers: dict[str, str], budget: float, max_bytes: int) -> _Hop:
        """One request without redirects. A redirect's body is not read."""
        try:
            network = GuardedNetwork(self._allowed, Deadline(budget))
            timeouts = {"connect": self._timeouts.connect, "read": self._timeouts.read, "write": self._timeouts.read}
            sent: dict[str | bytes, str | bytes] = {
                "User-Agent": self.user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": ACCEPTED,
            }
            sent.update(headers)
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
                pool.stream("GET", address, headers=sent, extensions={"timeout": timeouts}) as answer,
            ):
                received = {_text(name).lower(): _text(value) for name, value in answer.headers}
                if answer.status in _REDIRECTS or answer.status == 304 or answer.status >= 400:
                    return _Hop(answer.status, received, b"")
                announced = received.get("content-length", "")
                if announced.isdecimal() and int(announced) > max_bytes:
                    raise TooLarge(url, f"{int(announced):,} bytes, where {max_bytes:,} are allowed")
                encoding = received.get("content-encoding", "")
                return _Hop(answer.status, received, read_body(url, answer.iter_stream(), encoding, max_bytes))
        except (ForbiddenAddress, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            self._explain(url, address, error)

    def _explain(self, url: str, address: str, error: Exception) -> NoReturn:
        place = f" ({address})" if address != url else ""
        if isinstance(error, ForbiddenAddress):
            raise Blocked(
                url, f"refused{place}, for {error}; name its network in allow_private of [fetch] if it is wanted"
            ) from error
        if isinstance(error, httpcore.TimeoutException):
            raise TimedOut(
                url, f"too slow{place}: no answer in {self._timeouts.total:g} s or a pause too long; it is tried again"
            ) from error
        if isinstance(error, httpcore.ConnectError):
            raise Unreachable(url, f"no connection{place}: {error}; check the address and the network") from error
        raise Unreachable(url, f"the connection broke{place}: {error}; it is tried again") from error

    def _response(self, url: str, address: str, moved_to: str | None, hop: _Hop, *, conditional: bool) -> Response:
        said = hop.headers
        retry_after = self._seconds(said.get("retry-after"))
        if not (200 <= hop.status < 300 or (hop.status == 304 and conditional)):
            raise HttpStatus(url, hop.status, retry_after)
        max_age = re.search(r"max-age\s*=\s*\"?(\d{1,9})", said.get("cache-control", ""), re.IGNORECASE)
        return Response(
            url=address,
            status=hop.status,
            body=hop.body,
            moved_to=moved_to,
            content_type=said.get("content-type"),
            etag=said.get("etag"),
            last_modified=said.get("last-modified"),
            max_age=int(max_age[1]) if max_age else None,
            expires=_date(said.get("expires")),
            retry_after=retry_after,
        )

    def _seconds(self, value: str | None) -> float | None:
        """Retry-After: seconds or a date (RFC 9110, section 10.2.3)."""
        if value and re.fullmatch(r"\d{1,9}", value.strip()):
            return float(value)
        moment = _date(value)
        return max(0.0, (moment - self._clock()).total_seconds()) if moment else None


def _date(value: str | None) -> datetime | None:
    """An HTTP date, or None for what is none ("0" is a common Expires)."""
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(header: bytes) -> str:
    """Headers are Latin-1 by the book and UTF-8 in the wild."""
    try:
        return header.decode()
    except UnicodeDecodeError:
        return header.decode("latin-1")
