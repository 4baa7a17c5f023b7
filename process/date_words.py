"""The date words of one language, ready to be compared: the lexicon's [dates]."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from process.tokens import split_words

_TABLES = ("phrases", "days", "holidays", "easter", "spans")
"""Tables whose keys may be several words. `phrases` count days from the date told last (0: the same day), `days` from
the day of publication, `easter` from Easter Sunday; `holidays` are "12-24", `spans` "year -1".
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words after the first, the table that they stand in, and what they mean there."""

    rest: tuple[str, ...]
    table: str
    meaning: Any


class DateWords:
    """Lists of words by what they tell, and the tables of phrases by their first word, the longest first."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        def listed(name: str) -> frozenset[str]:
            return frozenset(words.get(name, "").split())

        self.months, self.weekdays = _numbered(words["months"]), _numbered(words["weekdays"])
        self.numbers, self.ordinals = _numbered(words["numbers"]), _numbered(words.get("ordinals", []))
        self.units: Mapping[str, str] = words["units"]
        self.last, self.next = listed("past"), listed("future") - listed("following")
        self.ago_before, self.ago_after = listed("ago_before"), listed("ago_after")
        self.in_before = listed("in_before")
        self.since, self.until, self.range = listed("since"), listed("until"), listed("range")
        self.earlier, self.later, self.following = listed("earlier"), listed("later"), listed("following")
        self.this, self.aims = listed("this"), listed("aims")
        self.running, self.lasting = listed("running"), listed("lasting")  # "third day running", "for the third day"
        self.day_marks, self.day_articles = listed("day_marks"), listed("day_articles")  # "el día 18", "le 18,"
        self.bare_years = bool(words.get("bare_years"))
        self.not_month, self.not_capital = listed("not_month"), listed("not_capital")
        self.not_day_after = listed("not_day_after")  # "la mañana" is no tomorrow
        self.phrases = _phrases(words)
        self.all = frozenset((*self.months, *self.weekdays, *self.units, *self.phrases))

    def count(self, word: str) -> int | None:
        """The number that a word writes."""
        return int(word) if word.isdecimal() and len(word) < 4 else self.numbers.get(word)


def _numbered(rows: list[str]) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, 1) for word in row.split()}


def _phrases(words: Mapping[str, Any]) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for first, phrase in sorted(_each(words), key=lambda one: -len(one[1].rest)):
        found.setdefault(first, []).append(phrase)
    return found


def _each(words: Mapping[str, Any]) -> Iterator[tuple[str, Phrase]]:
    for text in words.get("weekend", "").split():
        first, *rest = split_words(text.replace("_", " "))
        yield first, Phrase(tuple(rest), "weekend", 0)
    for table in _TABLES:
        for text, meaning in words.get(table, {}).items():
            first, *rest = split_words(text)
            yield first, Phrase(tuple(rest), table, meaning)
