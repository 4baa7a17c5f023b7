"""Dates in a sentence, absolute and relative, resolved against the day the article was published.

A weekday or a month without a year may lie before or after that day; which, the words beside it or the event's status
tell, so both readings are kept until then. "The day before" and "two years later" count from the date told last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from process.calendars import checked, day_of, iso, shifted, year_of
from process.tokens import Sentence, Tokens, split_words

_ARTICLES = frozenset({"de", "of", "del", "the", "."})
_RANGE_ARTICLES = frozenset({"el", "le", "the", "dem", "der", ".", "l'"})
Bound = Literal["", "since", "until"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """Tokens [first, last) tell a date: ISO day, month or year, if it lies behind (`past`) or ahead (`future`).

    `bound` tells what has gone on `since` it, or will `until` it. `vague` is a day that names no date ("that night").
    """

    first: int
    last: int
    past: str
    future: str
    bound: Bound = ""
    vague: bool = False

    @property
    def fixed(self) -> bool:
        """Whether both readings agree."""
        return self.past == self.future

    def read(self, *, ahead: bool) -> str:
        """The date as an event that lies ahead, or does not, has it."""
        return self.future if ahead else self.past


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a date word stands, the day of publication, and the date told last, if any."""

    lower: list[str]
    sentence: Sentence
    today: date
    told: str | None

    def before(self, at: int, count: int) -> Sequence[str]:
        return self.lower[max(self.sentence.first, at - count) : at]

    def after(self, at: int, count: int) -> Sequence[str]:
        return self.lower[at + 1 : min(at + 1 + count, self.sentence.last)]

    def anchor(self) -> tuple[date, bool]:
        """The day that "later" counts from, and whether the text has told it."""
        if not self.told:
            return self.today, False
        return date.fromisoformat(f"{self.told}-01-01"[:10] if len(self.told) < 7 else f"{self.told}-01"[:10]), True


class DateReader:
    """The date words of one language (the lexicon's [dates])."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        def listed(name: str) -> frozenset[str]:
            return frozenset(words.get(name, "").split())

        self._months, self._weekdays = _numbered(words["months"]), _numbered(words["weekdays"])
        self._last, self._next = listed("past"), listed("future") - listed("following")
        self._days: Mapping[str, int] = words["days"]
        self._units: Mapping[str, str] = words["units"]
        self._ago_before, self._ago_after = listed("ago_before"), listed("ago_after")
        self._in_before = listed("in_before")
        self._since, self._until, self._range = listed("since"), listed("until"), listed("range")
        self._earlier, self._later, self._following = listed("earlier"), listed("later"), listed("following")
        self._this, self._weekend, self._after = listed("this"), listed("weekend"), listed("after")
        self._numbers = {word: number for number, row in enumerate(words["numbers"], 1) for word in row.split()}
        self._bare_years = bool(words.get("bare_years"))
        self._not_month = listed("not_month")
        self._not_day_after = listed("not_day_after")  # "la mañana" is no tomorrow
        self._phrases = _phrases(words.get("phrases", {}))
        self._holidays = _phrases(words.get("holidays", {}))
        self._words = frozenset((*self._months, *self._weekdays, *self._days, *self._units, *self._weekend))
        self._words |= self._phrases.keys() | self._holidays.keys()

    def find(self, tokens: Tokens, sentence: Sentence, published: date, told: str | None = None) -> list[DateMention]:
        """The dates of a sentence from left to right. `told` is the date, as ISO, that the text has told last."""
        found: list[DateMention] = []
        done = sentence.first
        for at in range(sentence.first, sentence.last):
            word = tokens.lower[at]
            if at < done or not (word in self._words or word[0].isdigit()):
                continue
            latest = found[-1].past if found else told
            mention = self._at(tokens, _Place(tokens.lower, sentence, published, latest), at)
            if mention:
                found.append(self._bounded(mention, tokens.lower, sentence))
                done = mention.last
        return found

    def _bounded(self, mention: DateMention, lower: Sequence[str], sentence: Sentence) -> DateMention:
        """With the words before that make it a beginning ("since") or an end ("until")."""
        if mention.bound:
            return mention
        near = lower[max(sentence.first, mention.first - 3) : mention.first]
        bound: Bound = "since" if self._since.intersection(near) else "until" if self._until.intersection(near) else ""
        return replace(mention, bound=bound) if bound else mention

    def _at(self, tokens: Tokens, place: _Place, at: int) -> DateMention | None:
        word = place.lower[at]
        told = self._phrase(place, at)
        if told:
            return told
        if word in self._months and tokens.words[at][0].isupper() | (word not in self._not_month):
            return self._month(place, at)
        if word in self._weekdays:
            return self._weekday(place, at)
        if word in self._days and not self._not_day_after.intersection(place.before(at, 1)):
            return _fixed(at, at + 1, (place.today + timedelta(days=self._days[word])).isoformat())
        if word in self._weekend:
            saturday = place.today - timedelta(days=(place.today.weekday() + 2) % 7)
            coming = saturday + timedelta(days=7)
            return self._sided(place, DateMention(at, at + 1, saturday.isoformat(), coming.isoformat()))
        if word in self._units:
            return self._relative(place, at)
        return self._figure(place, at)

    def _phrase(self, place: _Place, at: int) -> DateMention | None:
        """ "the day before", "la veille", "Nochevieja"."""
        for table in (self._phrases, self._holidays):
            for rest, meaning in table.get(place.lower[at], ()):
                last = at + 1 + len(rest)
                if last <= place.sentence.last and tuple(place.lower[at + 1 : last]) == rest:
                    if isinstance(meaning, int):
                        day, told = place.anchor()
                        vague = meaning == 0 or not told or len(place.told or "") < 10
                        base = place.today if vague else day
                        return replace(_fixed(at, last, shifted(base, "day", meaning)), vague=meaning == 0)
                    return self._sided(place, _yearly(at, last, place.today, int(meaning[:2]), int(meaning[3:])))
        return None

    def _month(self, place: _Place, at: int) -> DateMention | None:
        lower, last = place.lower, at + 1
        month = self._months[lower[at]]
        day, first = self._day_before(place, at)
        behind = last + 1 if lower[last : last + 1] == ["."] else last  # "Nov. 3"
        if day is None and behind < place.sentence.last and (day := day_of(lower[behind])):
            last = behind + 1
            if last < place.sentence.last and lower[last] in ("st", "nd", "rd", "th"):
                last += 1
        year, after = _year_after(place, last)
        if year:
            return _fixed(first, after, iso(year, month, day))
        return self._sided(place, _yearly(first, last, place.today, month, day))

    def _day_before(self, place: _Place, at: int) -> tuple[int | None, int]:
        """The day before a month's name; of several ("del 3 al 5 de mayo") the first."""
        first = self._back(place, at, _ARTICLES)
        if first is None or not (day := day_of(place.lower[first])):
            return None, at
        joint = self._back(place, first, _RANGE_ARTICLES)
        if joint is not None and place.lower[joint] in self._range:
            earlier = self._back(place, joint, _RANGE_ARTICLES)
            if earlier is not None and (begin := day_of(place.lower[earlier])) and begin < day:
                return begin, earlier
        return day, first

    def _back(self, place: _Place, at: int, skipped: frozenset[str]) -> int | None:
        """The token before `at`, up to two articles and such aside."""
        token = at - 1
        while token >= place.sentence.first and place.lower[token] in skipped and at - token < 3:
            token -= 1
        return token if token >= place.sentence.first else None

    def _sided(self, place: _Place, mention: DateMention) -> DateMention:
        """The reading that a word beside it ("next", "dernier") fixes."""
        near = {*place.before(mention.first, 2), *place.after(mention.last - 1, 1)}
        for words, side in ((self._next, mention.future), (self._last, mention.past)):
            if words & near:
                return replace(mention, past=side, future=side)
        return mention

    def _weekday(self, place: _Place, at: int) -> DateMention:
        today, last = place.today, at + 1
        behind = (today.weekday() - self._weekdays[place.lower[at]] + 1) % 7
        past = today - timedelta(days=behind)
        ahead = today + timedelta(days=(7 - behind) % 7)
        near = {*place.before(at, 2), *place.after(at, 1)}
        if self._next & near and ahead == today:
            ahead += timedelta(days=7)
        if self._last & near and past == today:
            past -= timedelta(days=7)
        following = place.after(at, 2)
        if len(following) == 2 and following[0] in self._range and following[1] in self._weekdays:
            last = at + 3  # "dans la nuit de mardi à mercredi"
        return self._sided(place, DateMention(at, last, past.isoformat(), ahead.isoformat()))

    def _relative(self, place: _Place, at: int) -> DateMention | None:
        """ "two years ago", "il y a treize mois", "seit drei Wochen", "two days later", "next month"."""
        unit = self._units[place.lower[at]]
        before, after = place.before(at, 4), place.after(at, 1)
        count = self._count(before[-1]) if before else None
        if count and (counted := self._counted(place, at, unit, count)):
            return counted
        if list(after) == ["que"]:
            after = place.lower[at + 2 : at + 3]  # "el mes que viene"
        beside = {*before[-1:], *after}
        if _SEVERAL.intersection((*beside, place.lower[at])):
            return None
        day, told = place.anchor()
        if self._following & beside:
            return _fixed(at, at + 1, shifted(day if told else place.today, unit, 1, whole=True))
        for words, step in ((self._next, 1), (self._last, -1), (self._this, 0)):
            if words & beside and (step or unit in ("month", "year")):
                return _fixed(at, at + 1, shifted(place.today, unit, step, whole=True))
        return None

    def _counted(self, place: _Place, at: int, unit: str, count: int) -> DateMention | None:
        before, after = place.before(at, 4), set(place.after(at, 2))
        if self._since.intersection(before[-3:-1]):
            return replace(_fixed(at, at + 1, shifted(place.today, unit, -count)), bound="since")
        if self._ago_after & after or self._ago_before.intersection(before[:-1]):
            day, told = place.anchor() if self._earlier & after else (place.today, False)
            return _fixed(at, at + 1, shifted(day if told else place.today, unit, -count))
        introducing = before[-3:-2] if list(before[-2:-1]) == ["de"] else before[-2:-1]  # "dentro de dos meses"
        if self._in_before.intersection(introducing):
            return _fixed(at, at + 1, shifted(place.today, unit, count))
        day, told = place.anchor()
        if told and self._later & after:
            return _fixed(at, at + 1, shifted(day, unit, count))
        return None

    def _count(self, word: str) -> int | None:
        return int(word) if word.isdecimal() and len(word) < 4 else self._numbers.get(word)

    def _figure(self, place: _Place, at: int) -> DateMention | None:
        lower, sentence = place.lower, place.sentence
        word = lower[at]
        if (year := year_of(word)) is not None:
            following = lower[at + 1] if at + 1 < sentence.last else ""
            quantity = following[:1].isalpha() and at > sentence.first and lower[at - 1] not in _YEAR_INTRODUCERS
            if quantity and self._bare_years and not word.endswith(("00", "50")):
                quantity = False  # "hatte 2014 die Krim annektiert": German years stand without a preposition
            return None if quantity else _fixed(at, at + 1, f"{year:04}")
        parts = word.split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[2]) == 4:
            return _absolute(at, at + 1, parts)
        if lower[at + 1 : at + 2] == ["/"] and lower[at + 3 : at + 4] == ["/"] and at + 4 < sentence.last:
            parts = [lower[at], lower[at + 2], lower[at + 4]]
            if all(one.isdecimal() and len(one) <= 4 for one in parts):
                return _absolute(at, at + 5, parts)
        return None


_YEAR_INTRODUCERS = frozenset(
    {"in", "en", "since", "depuis", "seit", "desde", "of", "de", "from", "until", "fin", "début", "anfang", "ende"}
    | {",", "(", "im", "jahr", "année", "año"}
)
"""What stands before a year, and not before a quantity."""
_SEVERAL = frozenset(
    {"days", "weeks", "months", "years", "tage", "tagen", "wochen", "monate", "monaten", "jahre", "jahren"}
    | {"semaines", "jours", "années", "derniers", "dernières", "prochains", "prochaines"}
    | {"días", "semanas", "meses", "años", "últimos", "últimas", "próximos", "próximas"}
)
"""Words that make "last months" several, which is no date."""


def _numbered(rows: list[str]) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, 1) for word in row.split()}


def _phrases(table: Mapping[str, Any]) -> dict[str, list[tuple[tuple[str, ...], Any]]]:
    """By their first word, the longest first: the words after it and what all of them mean."""
    found: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
    for text in sorted(table, key=len, reverse=True):
        first, *rest = split_words(text)
        found.setdefault(first, []).append((tuple(rest), table[text]))
    return found


def _year_after(place: _Place, at: int) -> tuple[int | None, int]:
    for token in range(at, min(at + 3, place.sentence.last)):
        word = place.lower[token]
        if (year := year_of(word)) is not None:
            return year, token + 1
        if word not in (",", "de", "del", "of"):
            break
    return None, at


def _yearly(first: int, last: int, today: date, month: int, day: int | None) -> DateMention:
    """A month, or a day of it, without a year."""
    past, future = today.year, today.year
    if (month, day or 1) > (today.month, today.day if day else 31):
        past -= 1
    if (month, day or 31) < (today.month, today.day if day else 1):
        future += 1
    return DateMention(first, last, iso(past, month, day), iso(future, month, day))


def _absolute(first: int, last: int, parts: Sequence[str]) -> DateMention | None:
    day, month, year = (int(part) for part in parts)
    return _fixed(first, last, told) if (told := checked(year, month, day)) else None


def _fixed(first: int, last: int, told: str) -> DateMention:
    return DateMention(first, last, told, told)
