"""Dates in a sentence, absolute and relative, resolved against the day the article was published.

A weekday or a month without a year may lie before or after that day; which, the words beside it or the event's status
tell, so both readings are kept until then.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from process.tokens import Sentence, Tokens

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_ARTICLES = frozenset({"de", "of", "del", "the", "."})


@dataclass(frozen=True, slots=True)
class DateMention:
    """Tokens [first, last) tell a date: ISO day, month or year, if it lies behind (`past`) or ahead (`future`)."""

    first: int
    last: int
    past: str
    future: str

    @property
    def fixed(self) -> bool:
        """Whether both readings agree."""
        return self.past == self.future

    def read(self, *, ahead: bool) -> str:
        """The date as an event that lies ahead, or does not, has it."""
        return self.future if ahead else self.past


class DateReader:
    """The date words of one language (the lexicon's [dates])."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._months = _numbered(words["months"])
        self._weekdays = _numbered(words["weekdays"])
        self._last = frozenset(words["past"].split())
        self._next = frozenset(words["future"].split())
        self._days: Mapping[str, int] = words["days"]
        self._units: Mapping[str, str] = words["units"]
        self._ago_before = frozenset(words.get("ago_before", "").split())
        self._ago_after = frozenset(words.get("ago_after", "").split())
        self._in_before = frozenset(words.get("in_before", "").split())
        self._numbers = {word: number for number, row in enumerate(words["numbers"], 1) for word in row.split()}
        self._not_month = frozenset(words.get("not_month", "").split())
        self._words = frozenset(
            (*self._months, *self._weekdays, *self._days, *self._units)
        )

    def find(self, tokens: Tokens, sentence: Sentence, published: date) -> list[DateMention]:
        """The dates of a sentence from left to right."""
        found: list[DateMention] = []
        done = sentence.first
        for at in range(sentence.first, sentence.last):
            word = tokens.lower[at]
            if at < done or not (word in self._words or word[0].isdigit()):
                continue
            mention = self._at(tokens, sentence, at, published)
            if mention:
                found.append(mention)
                done = mention.last
        return found

    def _at(self, tokens: Tokens, sentence: Sentence, at: int, today: date) -> DateMention | None:
        lower = tokens.lower
        word = lower[at]
        if word in self._months and tokens.words[at][0].isupper() | (word not in self._not_month):
            return self._month(lower, sentence, at, today)
        if word in self._weekdays:
            return self._weekday(lower, sentence, at, today)
        if word in self._days:
            day = today + timedelta(days=self._days[word])
            return _fixed(at, at + 1, day.isoformat())
        if word in self._units:
            return self._relative(lower, sentence, at, today)
        return self._figure(lower, sentence, at)

    def _month(self, lower: list[str], sentence: Sentence, at: int, today: date) -> DateMention | None:
        month, first, last = self._months[lower[at]], at, at + 1
        day, first = self._day_before(lower, sentence, first)
        if day is None and last < sentence.last and (day := _day(lower[last])):
            last += 1
            if last < sentence.last and lower[last] in ("st", "nd", "rd", "th"):
                last += 1
        if day and day > 31:
            day = None
        year, after = _year_after(lower, sentence, last)
        if year:
            return _fixed(first, after, _iso(year, month, day))
        past, future = today.year, today.year
        if (month, day or 1) > (today.month, today.day if day else 31):
            past -= 1
        if (month, day or 31) < (today.month, today.day if day else 1):
            future += 1
        return self._sided(lower, sentence, DateMention(first, last, _iso(past, month, day), _iso(future, month, day)))

    def _day_before(self, lower: list[str], sentence: Sentence, first: int) -> tuple[int | None, int]:
        at = first - 1
        while at >= sentence.first and lower[at] in _ARTICLES and first - at < 3:
            at -= 1
        if at >= sentence.first and (day := _day(lower[at])):
            return day, at
        return None, first

    def _sided(self, lower: list[str], sentence: Sentence, mention: DateMention) -> DateMention:
        """The reading that a word beside it ("next", "dernier") fixes."""
        near = (*lower[max(sentence.first, mention.first - 2) : mention.first], *lower[mention.last : mention.last + 1])
        for words, side in ((self._next, mention.future), (self._last, mention.past)):
            if words.intersection(near):
                return _fixed(mention.first, mention.last, side)
        return mention

    def _weekday(self, lower: list[str], sentence: Sentence, at: int, today: date) -> DateMention:
        behind = (today.weekday() - self._weekdays[lower[at]] + 1) % 7
        past = today - timedelta(days=behind)
        ahead = today + timedelta(days=(7 - behind) % 7)
        near = (*lower[max(sentence.first, at - 2) : at], *lower[at + 1 : at + 2])
        if self._next.intersection(near) and ahead == today:
            ahead += timedelta(days=7)
        if self._last.intersection(near) and past == today:
            past -= timedelta(days=7)
        return self._sided(lower, sentence, DateMention(at, at + 1, past.isoformat(), ahead.isoformat()))

    def _relative(self, lower: list[str], sentence: Sentence, at: int, today: date) -> DateMention | None:
        """ "two years ago", "il y a treize mois", "vor zwei Jahren", "next month", "la semaine dernière"."""
        unit = self._units[lower[at]]
        before = lower[max(sentence.first, at - 4) : at]
        after = lower[at + 1 : at + 2]
        count = self._count(before[-1]) if before else None
        if count and (self._ago_after.intersection(after) or self._ago_before.intersection(before[:-1])):
            return _fixed(at, at + 1, _shifted(today, unit, -count))
        if count and self._in_before.intersection(before[-2:-1]):
            return _fixed(at, at + 1, _shifted(today, unit, count))
        beside = {*before[-1:], *after}
        if self._next & beside:
            return _fixed(at, at + 1, _shifted(today, unit, 1, whole=True))
        if self._last & beside:
            return _fixed(at, at + 1, _shifted(today, unit, -1, whole=True))
        return None

    def _count(self, word: str) -> int | None:
        return int(word) if word.isdecimal() and len(word) < 4 else self._numbers.get(word)

    def _figure(self, lower: list[str], sentence: Sentence, at: int) -> DateMention | None:
        word = lower[at]
        if word.isdecimal() and len(word) == 4 and _FIRST_YEAR <= int(word) < _LAST_YEAR:
            following = lower[at + 1] if at + 1 < sentence.last else ""
            quantity = following[:1].isalpha() and at > sentence.first and lower[at - 1] not in _YEAR_INTRODUCERS
            return None if quantity else _fixed(at, at + 1, word)
        parts = word.split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[2]) == 4:
            return _checked(at, at + 1, int(parts[2]), int(parts[1]), int(parts[0]))
        if lower[at + 1 : at + 2] == ["/"] and lower[at + 3 : at + 4] == ["/"] and at + 4 < sentence.last:
            day, month, year = lower[at], lower[at + 2], lower[at + 4]
            if all(one.isdecimal() and len(one) <= 4 for one in (day, month, year)):
                return _checked(at, at + 5, int(year), int(month), int(day))
        return None


_YEAR_INTRODUCERS = frozenset("in en since depuis seit desde of de from until fin début anfang ende , ( im jahr année año".split())


def _numbered(rows: list[str]) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, 1) for word in row.split()}


def _day(word: str) -> int | None:
    digits = word.rstrip("stndrhe") if word[:1].isdigit() else ""
    return int(digits) if digits.isdecimal() and len(digits) <= 2 and 1 <= int(digits) <= 31 else None


def _year_after(lower: list[str], sentence: Sentence, at: int) -> tuple[int | None, int]:
    for skip in range(3):
        place = at + skip
        if place >= sentence.last:
            break
        word = lower[place]
        if word.isdecimal() and len(word) == 4 and _FIRST_YEAR <= int(word) < _LAST_YEAR:
            return int(word), place + 1
        if word not in (",", "de", "del", "of"):
            break
    return None, at


def _iso(year: int, month: int, day: int | None) -> str:
    if day is None:
        return f"{year:04}-{month:02}"
    return f"{year:04}-{month:02}-{min(day, calendar.monthrange(year, month)[1]):02}"


def _checked(first: int, last: int, year: int, month: int, day: int) -> DateMention | None:
    if not (1 <= month <= 12 and 1 <= day <= 31 and _FIRST_YEAR <= year < _LAST_YEAR):
        return None
    return _fixed(first, last, _iso(year, month, day))


def _fixed(first: int, last: int, iso: str) -> DateMention:
    return DateMention(first, last, iso, iso)


def _shifted(today: date, unit: str, count: int, *, whole: bool = False) -> str:
    """The day, month or year `count` units from today: as precise as people mean it."""
    if unit == "year":
        return f"{min(max(today.year + count, 1), 9999):04}"
    if unit == "month":
        months = min(max(today.year * 12 + today.month - 1 + count, 12), 119987)
        return f"{months // 12:04}-{months % 12 + 1:02}"
    days = count * (7 if unit == "week" else 1)
    day = date.fromordinal(min(max(today.toordinal() + days, 366), date.max.toordinal()))
    return day.isoformat()[:7] if unit == "week" and whole else day.isoformat()


def years_between(iso: str, today: date) -> int:
    """How many years before `today` a date lies."""
    return today.year - int(iso[:4])


def dates_of(reader: DateReader, tokens: Tokens, published: date) -> Iterator[list[DateMention]]:
    """The dates of each sentence of a part."""
    for sentence in tokens.sentences:
        yield reader.find(tokens, sentence, published)
