"""Web addresses: as they go on the wire, and in the canonical form by which an article is known."""

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import idna

MAX_LENGTH = 4000  # characters; what browsers and servers agree on is less

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = "/:@!$&'()*+,;=~%"
_IN_QUERY = _IN_PATH + "?"

# Parameters that say where the reader came from, never what is read.
_TRACKING_PREFIXES = ("utm_", "ns_", "at_custom", "at_link", "at_ptr", "at_bbc", "hsa_", "pk_", "mtm_", "piwik_", "mc_")
_TRACKING = frozenset({
    "at_campaign", "at_format", "at_medium", "cmp", "cmpid", "dclid", "emc", "fbclid", "ftag", "gbraid", "gclid",
    "gclsrc", "igsh", "igshid", "maca", "mkt_tok", "msclkid", "ocid", "ref_src", "smid", "smtyp", "taid",
    "traffic_source", "twclid", "wbraid", "wt_mc", "wt_zmc", "xtor", "yclid", "_ga", "_gl", "__twitter_impression",
})  # fmt: skip
_TRACKING_WHEN_RSS = frozenset({"from", "link_source", "mod", "partner", "ref", "source", "src"})


def request_url(url: str, base: str | None = None) -> str | None:
    """The address to ask a server for: absolute, ASCII, without fragment and user; None unless it is http or https.

    Scheme and host in lower case, international names in IDNA, no default port, no dot segments, percent-encoding
    normal (RFC 3986, section 6). A relative `url` is resolved against `base`. Repeating it changes nothing.
    """
    try:
        cleaned = re.sub(r"[\t\r\n]", "", url).strip()
        parts = urlsplit(urljoin(base, cleaned) if base else cleaned)
        scheme, port = parts.scheme.lower(), parts.port
        host = _host(parts.hostname or "")
        path, query = _encode(parts.path, _IN_PATH), _encode(parts.query, _IN_QUERY)
    except ValueError:  # a malformed port or IPv6 address, an impossible name, half a character
        return None
    if scheme not in _DEFAULT_PORTS or host is None:
        return None
    place = host if port is None or port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
    made = urlunsplit((scheme, place, _without_dots(path), query, ""))
    return made if len(made) <= MAX_LENGTH else None


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The address by which an article is known: `request_url` without tracking parameters; the rest keeps its order.

    None unless it is http or https. `m.` and `amp` forms stay as they are: only the page itself can say that they are
    the same article (see `ingest.fulltext`).
    """
    if (address := request_url(url, base)) is None:
        return None
    parts = urlsplit(address)
    kept = "&".join(part for part in parts.query.split("&") if part and not _is_tracking(part))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


def host_of(url: str) -> str:
    """The host name of an address, in lower case, without port; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = name.lower()
    if name in _TRACKING_WHEN_RSS:
        return value.lower().startswith("rss")
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _host(name: str) -> str | None:
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name).compressed}]" if "%" not in name else None
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode("ascii")
    name = name.lower().rstrip(".")
    return name if _HOST.fullmatch(name) else None


def _encode(text: str, safe: str) -> str:
    """Percent-encoding in its normal form: nothing encoded that need not be, capital digits, no stray percent sign."""

    def normal(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else f"%{match[1].upper()}"

    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return re.sub(r"%([0-9A-Fa-f]{2})", normal, quote(whole, safe=safe, errors="strict"))


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4. A path is never empty."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/" + "/".join(kept)
