"""Templates to responses: the Jinja environment, and how dates, counts and links are written on every page."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from ingest.clock import Clock


class Pages:
    """Renders templates of `index/web/templates`, escaping everything that is put into them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._templates = Environment(
            loader=PackageLoader("index.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            moment=moment,
            day=day,
            ago=self._ago,
            count=count,
            language=language_name,
            words=words,
            link=web_link,
            params=params,
            took=took,
        )

    def page(
        self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **context: object
    ) -> HTMLResponse:
        """The template with its context. Characters that UTF-8 cannot carry (lone surrogates) become question marks."""
        html = self._templates.get_template(template).render(now=self._clock(), **context)
        return HTMLResponse(html.encode("utf-8", "replace"), status_code=status, headers=dict(headers or {}))

    def error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """The page that says what went wrong."""
        return self.page("error.html", status, headers, title=HTTPStatus(status).phrase, message=message)

    def _ago(self, time: datetime) -> str:
        """How long ago, or in how long, roughly: "3 min ago", "in 2 h"."""
        seconds = (self._clock() - time).total_seconds()
        if abs(seconds) < 45:
            return "just now" if seconds >= 0 else "in a moment"
        told = _rough(abs(seconds))
        return f"{told} ago" if seconds > 0 else f"in {told}"


def moment(time: datetime) -> str:
    """A time to the minute, UTC: "24 Nov 2026, 07:05"."""
    utc = time.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M}"


def day(value: date) -> str:
    """A day: "24 Nov 2026"."""
    return f"{value.day} {value:%b} {value.year}"


def took(length: timedelta) -> str:
    """A length of time, to two figures or so: "12 ms", "3.4 s", "5 min"."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s" if seconds < 90 else _rough(seconds)


def count(number: int) -> str:
    """A number with thin spaces between thousands, so that it never breaks across lines: "12 345"."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


@lru_cache(maxsize=256)
def language_name(code: str) -> str:
    """The English name of an ISO 639 code, else the code."""
    return str(Locale("en").languages.get(code, code or "unknown"))


def words(identifier: str) -> str:
    """`naval_exercise` as people write it."""
    return identifier.replace("_", " ")


def web_link(url: str | None) -> str | None:
    """The address if it is safe to link to, that is http or https with a host; else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def params(fields: Mapping[str, str]) -> str:
    """Fields as the query part of an address."""
    return urlencode(fields, errors="replace")


def _rough(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
