"""Handing saved objects to a running Kibana, and its answers in words that say what to do."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from deploy.kibana.saved_objects import SavedObject, to_ndjson
from ingest.errors import Unavailable, WirewatchError

_TIMEOUT = 60.0  # seconds; Kibana brings each object forward to its own version
_MOST_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Kibana:
    """Where Kibana is and who asks.

    `url`     `https://user:password@host:5601`, with its base path and `/s/SPACE` where there are such
    `api_key` an encoded API key, in place of user and password
    `ca_file` whom to trust besides the system's authorities (PEM)
    """

    url: str
    api_key: str | None = None
    ca_file: Path | None = None

    @property
    def shown(self) -> str:
        """The address for messages, without secrets. Raises WirewatchError."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme not in ("http", "https") or not host:
            raise WirewatchError("the address of Kibana is written as https://user:password@host:5601")
        return f"{parts.scheme}://{host}{parts.path.rstrip('/')}"


def install(kibana: Kibana, objects: Sequence[SavedObject]) -> int:
    """Put the objects into Kibana, in the place of those with the same ids. Returns how many there are.

    Raises Unavailable when Kibana cannot be reached, WirewatchError when it refuses.
    """
    file = {"file": ("wirewatch.ndjson", to_ndjson(objects), "application/ndjson")}
    with httpx.Client(auth=_login(kibana), verify=_trust(kibana.ca_file), timeout=_TIMEOUT) as client:
        try:
            answer = client.post(
                f"{kibana.shown}/api/saved_objects/_import",
                params={"overwrite": "true"},
                headers={"kbn-xsrf": "wirewatch", **_key(kibana)},
                files=file,
            )
        except httpx.TransportError as error:
            raise _unreached(kibana, error) from None
    return _imported(kibana, answer)


def _login(kibana: Kibana) -> tuple[str, str] | None:
    user, _, password = urlsplit(kibana.url).netloc.rpartition("@")[0].partition(":")
    return (unquote(user), unquote(password)) if user and not kibana.api_key else None


def _key(kibana: Kibana) -> dict[str, str]:
    return {"Authorization": f"ApiKey {kibana.api_key}"} if kibana.api_key else {}


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise WirewatchError(f"--ca-file: {ca_file} cannot be read as a certificate in PEM form") from None


def _unreached(kibana: Kibana, error: httpx.TransportError) -> Unavailable:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return Unavailable(
            f"the certificate of {kibana.shown} cannot be trusted ({error}); name its authority with --ca-file"
        )
    if isinstance(error, httpx.TimeoutException):
        return Unavailable(f"Kibana at {kibana.shown} did not answer within {_TIMEOUT:.0f} seconds")
    return Unavailable(f"Kibana cannot be reached at {kibana.shown} ({error}); start it, or correct the address")


def _imported(kibana: Kibana, answer: httpx.Response) -> int:
    status, shown = answer.status_code, kibana.shown
    if status == 401:
        raise WirewatchError(f"Kibana at {shown} does not know this user or API key; correct it")
    if status == 403:
        raise WirewatchError(
            f"Kibana at {shown} does not let this user import; give it the privilege Saved Objects Management: All"
        )
    if status in (429, 502, 503, 504):
        raise Unavailable(f"Kibana at {shown} is not ready (HTTP {status}); try again in a minute")
    told = _json(answer)
    if status != 200 or "successCount" not in told:
        reason = told.get("message") or f"HTTP {status}"
        raise WirewatchError(f"what answers at {shown} does not import ({reason}); correct the address, space and all")
    if not told.get("success"):
        refused = [f"{each.get('type')} {each.get('id')}: {_why(each)}" for each in told.get("errors", ())]
        raise WirewatchError(f"Kibana at {shown} refuses {'; '.join(refused[:_MOST_ERRORS])}")
    return int(told["successCount"])


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _why(refused: dict[str, Any]) -> str:
    error = refused.get("error", {})
    return " ".join(filter(None, (error.get("type"), error.get("message"))))
