"""Reaching Elasticsearch: one client for a URL of the settings, and its many errors in words that say what to do."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch import ConnectionError as NotConnected

from ingest.errors import Unavailable, WirewatchError

_TIMEOUT = 30.0  # seconds an answer may take
_AGAIN = 5.0  # seconds after which a server that is away is asked again
_LATER = 30.0  # seconds after which to look whether somebody has mended it
_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class ElasticServer:
    """Where Elasticsearch is and who asks. `url`: `https://user:password@host:9200`, several hosts with commas.

    `api_key` is an encoded key, in place of user and password; `ca_file` (PEM) is whom to trust besides the system's
    authorities.
    """

    url: str
    api_key: str | None = None
    ca_file: Path | None = None

    @property
    def nodes(self) -> list[str]:
        """Each host as a URL without user and password. Raises WirewatchError."""
        return [f"{self._scheme}://{host}" for host in self._hosts]

    @property
    def shown(self) -> str:
        """The address for messages, without secrets."""
        return ", ".join(self.nodes)

    @property
    def login(self) -> tuple[str, str] | None:
        """User and password."""
        user, _, password = self._before_hosts.partition(":")
        return (unquote(user), unquote(password)) if user else None

    @property
    def _scheme(self) -> str:
        return self.url.partition("://")[0]

    @property
    def _before_hosts(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[0]

    @property
    def _hosts(self) -> list[str]:
        parts = urlsplit(self.url)
        hosts = [host for host in parts.netloc.rpartition("@")[2].split(",") if host]
        if not hosts or parts.scheme not in ("http", "https"):
            raise WirewatchError("search.url: write it as https://user:password@host:9200")
        return [_with_port(host, parts.scheme) + parts.path.rstrip("/") for host in hosts]


def connect(server: ElasticServer) -> Elasticsearch:
    """A client, which connects when it is first used. Raises WirewatchError for a CA file that cannot be read."""
    options: dict[str, Any] = {}
    if server.api_key:
        options["api_key"] = server.api_key
    elif server.login:
        options["basic_auth"] = server.login
    if server.ca_file:
        if server.url.startswith("http:"):
            raise WirewatchError("search.ca_file is for a secure connection; write search.url with https://")
        _check_authority(server.ca_file)
        options["ca_certs"] = str(server.ca_file)
    try:
        return Elasticsearch(
            server.nodes,
            request_timeout=_TIMEOUT,
            retry_on_status=(),  # we wait before we ask again, and resend only what was refused
            max_retries=len(server.nodes),
            **options,
        )
    except (ValueError, OSError) as error:
        raise WirewatchError(f"search.url or search.ca_file cannot be used: {error}") from None


@contextmanager
def plain_errors(server: ElasticServer) -> Iterator[None]:
    """Turn the client's errors into WirewatchError and Unavailable."""
    try:
        yield
    except ApiError as error:
        raise refused(server, error.status_code, reason(error.body)) from None
    except UnsupportedProductError:
        raise WirewatchError(
            f"what answers at {server.shown} is not Elasticsearch; correct the address in search.url"
        ) from None
    except TransportError as error:
        raise _unreached(server, error) from None


def refused(server: ElasticServer, status: int, why: str) -> WirewatchError:
    """The error for an answer with that HTTP status."""
    shown = server.shown
    if status == 401:
        return Unavailable(
            f"Elasticsearch at {shown} does not know this user, password or API key; correct search.url or"
            " search.api_key",
            _LATER,
        )
    if "flood-stage" in why or "read-only" in why or "FORBIDDEN/" in why:
        return Unavailable(
            f"the search index at {shown} is read-only ({why}); free disk space there, or lift the block", _LATER
        )
    if status == 403:
        return Unavailable(
            f"Elasticsearch at {shown} does not allow this user to do that ({why}); give it the role described in"
            " docs/operations-elasticsearch.md",
            _LATER,
        )
    if status in _BUSY:
        return Unavailable(f"Elasticsearch at {shown} is too busy for now ({why})", _AGAIN)
    if "too_many" in why or "maxClauseCount" in why:
        return WirewatchError("the query has more words than Elasticsearch takes at once; shorten it")
    return Unavailable(f"Elasticsearch at {shown} answers {status}: {why}", _LATER)


def reason(body: object) -> str:
    """Elasticsearch's own words for what is wrong, with the first cause, in one line."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return _line(error)
    causes = [error, *error.get("root_cause", ())[:1], error.get("caused_by")]
    told = [f"{cause.get('type')}: {cause.get('reason')}" for cause in causes if isinstance(cause, dict)]
    return _line("; ".join(dict.fromkeys(told)))


def _check_authority(file: Path) -> None:
    if not file.is_file():
        raise WirewatchError(f"search.ca_file: there is no file {file}; name the PEM file of the authority")
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError:
        raise WirewatchError(f"search.ca_file: {file} holds no certificate in PEM form") from None


def _unreached(server: ElasticServer, error: TransportError) -> Unavailable:
    told = str(error)
    if isinstance(error, TlsError) or "certificate" in told.lower():
        return Unavailable(_about_certificate(server, told), _LATER)
    if isinstance(error, ConnectionTimeout):
        return Unavailable(f"Elasticsearch at {server.shown} did not answer within {_TIMEOUT:.0f} seconds", _AGAIN)
    if isinstance(error, NotConnected):
        hint = " (is it https:// there?)" if server.url.startswith("http:") else ""
        return Unavailable(
            f"Elasticsearch cannot be reached at {server.shown}; start it, or correct search.url{hint}", _AGAIN
        )
    return Unavailable(f"Elasticsearch at {server.shown} gives no usable answer: {_line(told)}", _AGAIN)


def _about_certificate(server: ElasticServer, told: str) -> str:
    shown = server.shown
    if "expired" in told:
        return f"the certificate of {shown} has expired; renew it there, and see that this machine's clock is right"
    if "Hostname mismatch" in told or "IP address mismatch" in told or "doesn't match" in told:
        return f"the certificate of {shown} is for another name; use the name it is for in search.url"
    if "CERTIFICATE_VERIFY_FAILED" in told:
        return (
            f"the certificate of {shown} is not signed by an authority this machine trusts; set search.ca_file to the"
            " authority's certificate (PEM)"
        )
    return f"no secure connection to {shown} ({_line(told)}); is it https:// there?"


def _with_port(host: str, scheme: str) -> str:
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else f"{host}:{443 if scheme == 'https' else 9200}"


def _line(text: object) -> str:
    return " ".join(str(text).split())[:400]
