"""The fields a query may name, and what a value means in each."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal, Protocol, get_args

from index.query_nodes import Exact, ExactField, Named, NameField, Or, Prefix, Query, TextField, Words
from process.lexicon import load_event_types
from process.tagged import Status

Kind = Literal["words", "names", "exact", "date"]

FIELDS: Mapping[str, Kind] = MappingProxyType(
    {
        "title": "words",
        "text": "words",
        "source": "words",
        "entity": "names",
        "person": "names",
        "org": "names",
        "place": "names",
        "actor": "names",
        "event": "exact",
        "status": "exact",
        "language": "exact",
        "tag": "exact",
        "feed": "exact",
        "story": "exact",
        "id": "exact",
        "published": "date",
        "fetched": "date",
    }
)

EVENT_TYPES: tuple[str, ...] = tuple(sorted(load_event_types()))
STATUSES: tuple[str, ...] = get_args(Status)


class NameResolver(Protocol):
    """Knows the names of the world in every language, as the gazetteer does."""

    def resolve(self, name: str) -> tuple[str, ...]:
        """The canonical names that a name may stand for, whatever its accents and case; none when it is unknown."""


def nearest(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean "title"?` where a known word is near, else the list of them."""
    if close := get_close_matches(word.lower(), known, n=1, cutoff=0.6):
        return f'did you mean "{close[0]}"?'
    return f"known are {', '.join(known)}"


def word_value(field: TextField, text: str, slop: int, prefix: bool) -> Query:
    """A word or phrase in running text."""
    _need_letters(text)
    return Prefix(field, text) if prefix else Words(field, text, slop)


def name_value(field: NameField, text: str, prefix: bool, names: NameResolver) -> Query:
    """A name: what the gazetteer knows is matched whole, under every name it has; another by its own words."""
    _need_letters(text)
    if prefix:
        return Prefix(field, text)
    if canonical := names.resolve(text):
        return Named(field, tuple(canonical))
    return Words(field, text)


def exact_value(field: ExactField, text: str, prefix: bool) -> Query:
    """A value of a closed or coded field. Raises ValueError when the field has no such value."""
    if field in ("event", "status"):
        return _listed(field, text, prefix, EVENT_TYPES if field == "event" else STATUSES)
    if prefix:
        raise ValueError(f'"{field}:" takes whole values, no "*"')
    if field == "language":
        if not re.fullmatch(r"[A-Za-z]{2,3}", text):
            raise ValueError(f'"{text}" is not a language code; write two letters, such as fr, en, de or es')
        text = text.lower()
    if not text.strip():
        raise ValueError(f'"{field}:" needs a value')
    return Exact(field, text)


def _listed(field: ExactField, text: str, prefix: bool, known: tuple[str, ...]) -> Query:
    value = re.sub(r"[\s-]+", "_", text.strip().lower())
    if prefix and (found := tuple(Exact(field, each) for each in known if each.startswith(value))):
        return found[0] if len(found) == 1 else Or(found)
    if prefix or value not in known:
        kind = "event type" if field == "event" else "status"
        raise ValueError(f'unknown {kind} "{text}"; {nearest(value, known)}')
    return Exact(field, value)


def _need_letters(text: str) -> None:
    if not any(c.isalnum() for c in text):
        raise ValueError(f'"{text}" has no letter or digit to search for')
