"""The records of the gazetteer: an entry, and a form in which a text may write it."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from process.tagged import Label, Location

FormKind = Literal["name", "short", "adjective", "demonym", "prefix"]

# Letters that Unicode does not take apart.
_LETTERS = {
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ə": "e", "Ə": "E",
    "ʻ": "'", "ʼ": "'", "’": "'", "‘": "'", "–": "-", "‑": "-",
}  # fmt: skip
_PLAIN = str.maketrans(_LETTERS)
_FOLDED = str.maketrans(_LETTERS | {"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One named thing.

    `name`      canonical: the title of its English Wikipedia article, without what only tells namesakes apart
    `country`   ISO 3166-1 alpha-2 of the country it is in or belongs to
    `kind`      what it is, in one word: country, capital, city, sea, carrier, ministry …; of a person the role
    `prior`     inhabitants, where known: the bigger of two namesakes is the likelier one
    `source`    the line it comes from, "persons.tsv:123"
    """

    name: str
    label: Label
    country: str | None
    location: Location | None
    kind: str
    prior: int
    source: str


@dataclass(frozen=True, slots=True)
class Form:
    """A text that may stand for an entry in one language.

    `weak`  counts only with support: the full name, a title, a ship's prefix, a country or region beside it
    `kind`  name; short: a person's surname; adjective ("chinois", also "American"); demonym ("Chinesen");
            prefix: the first part of a hyphenated adjective ("sino" in "sino-russe")
    Forms are written as in running text. The matcher compares them folded; a form in lower case may stand in the text
    with a capital, one with a capital may not stand there without.
    """

    text: str
    entry: Entry
    weak: bool
    kind: FormKind


def fold(text: str) -> str:
    """Without marks, case, ligatures and typographic quotes and dashes, so that "PEKIN" is "Pékin"."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def without_marks(text: str) -> str:
    """As those write it who leave out marks and typographic signs, in its case: "Erdogan", "Etats-Unis"."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
