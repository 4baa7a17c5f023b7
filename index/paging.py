"""Where the next page of hits begins. A cursor is opaque to users: it is handed out with a page and taken back."""

from dataclasses import dataclass
from typing import TypeAlias

from ingest.errors import WirewatchError


@dataclass(frozen=True, slots=True)
class ByDate:
    """After the hit with this date order and id. Articles that come in meanwhile neither shift nor repeat a hit."""

    order: int
    id: str


@dataclass(frozen=True, slots=True)
class ByScore:
    """After `offset` hits of what was indexed up to `until` (microseconds): later articles do not shift the pages."""

    offset: int
    until: int


Cursor: TypeAlias = ByDate | ByScore


def write_cursor(cursor: Cursor) -> str:
    """The cursor as text."""
    if isinstance(cursor, ByDate):
        return f"d.{cursor.order}.{cursor.id}"
    return f"s.{cursor.offset}.{cursor.until}"


def read_cursor(text: str) -> Cursor:
    """Raises WirewatchError for text that is no cursor."""
    kind, _, rest = text.partition(".")
    number, _, last = rest.partition(".")
    if kind == "d" and _is_number(number) and last:
        return ByDate(int(number), last)
    if kind == "s" and _is_number(number) and _is_number(last) and int(number) <= 1_000_000:
        return ByScore(int(number), int(last))
    raise WirewatchError(f'"{text[:60]}" is not a page of search results; search again from the first page')


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text[:19]) < 2**63 and len(text) <= 19
