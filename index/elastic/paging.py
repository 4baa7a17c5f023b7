"""Cursors of the pages after the second, which a point in time keeps as they were. See also `index/paging.py`."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from index.paging import ByDate, ByScore, read_cursor, write_cursor
from ingest.errors import WirewatchError

_SIGN = "p."


@dataclass(frozen=True, slots=True)
class ByPoint:
    """After the hit with these sort values, as the index was at the point in time `pit`."""

    pit: str
    after: tuple[Any, ...]


ElasticCursor: TypeAlias = ByDate | ByScore | ByPoint


def write_elastic_cursor(cursor: ElasticCursor) -> str:
    """The cursor as text."""
    if isinstance(cursor, ByPoint):
        packed = json.dumps([cursor.pit, *cursor.after], separators=(",", ":")).encode()
        return _SIGN + base64.urlsafe_b64encode(packed).decode()
    return write_cursor(cursor)


def read_elastic_cursor(text: str) -> ElasticCursor:
    """Raises WirewatchError for text that is no cursor."""
    if not text.startswith(_SIGN):
        return read_cursor(text)
    try:
        pit, *after = json.loads(base64.urlsafe_b64decode(text.removeprefix(_SIGN)))
    except (binascii.Error, ValueError, TypeError):
        raise unknown_page() from None
    if not isinstance(pit, str) or not after or not all(isinstance(value, int | float) for value in after):
        raise unknown_page()
    return ByPoint(pit, tuple(after))


def unknown_page() -> WirewatchError:
    """The error for a cursor that leads nowhere any more."""
    return WirewatchError("this page of search results is not kept any longer; search again from the first page")
