"""Dates in a sentence, absolute and relative, resolved against the day the article was published.

A weekday or a month without a year may lie before or after that day; which, the words beside it or the event's status
tell, so both readings are kept until then. "The day before" and "two years later" count from the date told last.
What several words tell together ("Tuesday, May 3", "in May last year") is one date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from process.calendars import (
    checked,
    day_of,
    easter,
    in_week,
    iso,
    monthly,
    old_year_of,
    on_weekday,
    shifted,
    year_of,
    yearly,
)
from process.date_words import DateWords, Phrase
from process.tokens import Sentence, Tokens

_ARTICLES = frozenset({"de", "of", "del", "the", ".", "-"})
_RANGE_ARTICLES = frozenset({"el", "le", "the", "dem", "der", ".", "l'", "am"})
_JOINTS = frozenset(
    {",", "de", "del", "of", "la", "le", "el", "l'", "the", "dem", "den", "der", "des", "."} | {"zum", "auf"}
)
"""What may stand between two words that tell one date."""
_AHEAD = 4
"""Years up to which "in … years" is a date; "the biggest strike in 30 years" tells none."""
_HYPHENS = frozenset("-–/")
_MARKS = frozenset(",.;:)!?")
Bound = Literal["", "since", "until"]
Unit = Literal["", "number", "weekday", "week", "month", "day", "full", "year"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """Tokens [first, last) tell a date: ISO day, month or year, if it lies behind (`past`) or ahead (`future`).

    `bound` tells what has gone on `since` it, or will `until` it. `vague` is a day that names no date ("that night").
    `unit` is what tells it ("full" with its year), `step` how many weeks off it lies ("last week"),
    `aimed` whether something is or was set for it ("a trip planned for Friday").
    """

    first: int
    last: int
    past: str
    future: str
    bound: Bound = ""
    vague: bool = False
    unit: Unit = ""
    step: int = 0
    aimed: bool = False

    @property
    def fixed(self) -> bool:
        """Whether both readings agree."""
        return self.past == self.future


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
        self._words = DateWords(words)
        self._joints = _JOINTS | self._words.last | self._words.next | self._words.this
        self._between_days = _RANGE_ARTICLES | self._words.weekdays.keys()  # "mercredi 14 et jeudi 15 mai"

    def find(self, tokens: Tokens, sentence: Sentence, published: date, told: str | None = None) -> list[DateMention]:
        """The dates of a sentence from left to right. `told` is the date, as ISO, that the text has told last."""
        found: list[DateMention] = []
        done, known = sentence.first, self._words.all
        for at in range(sentence.first, sentence.last):
            word = tokens.lower[at]
            if at < done or not (word in known or word[0].isdigit()):
                continue
            latest = found[-1].past if found else told
            mention = self._at(tokens, _Place(tokens.lower, sentence, published, latest), at)
            if mention:
                bounded = self._bounded(mention, tokens.lower, sentence)
                while found and bounded.first <= found[-1].first:
                    found.pop()  # "the 3rd" of "the 3rd of May"
                joined = self._joined(found[-1], bounded, tokens.lower, published) if found else None
                found[len(found) - bool(joined) :] = [joined or bounded]
                done = mention.last
        return found

    def _joined(self, one: DateMention, other: DateMention, lower: Sequence[str], today: date) -> DateMention | None:
        """Both as one date, where they tell it together: "Tuesday, May 3", "Thursday of last week", "May last year"."""
        between = lower[one.last : other.first]
        if len(between) > 2 or not self._joints.issuperset(between):
            return None
        bound = one.bound or other.bound
        if one.vague and not other.vague:
            return replace(other, first=one.first, bound=bound)
        if one.unit == "weekday" and other.unit in ("day", "full") and len(other.past) == len(one.past):
            weekday = date.fromisoformat(one.past).weekday()
            fitting = [day for day in (other.past, other.future) if date.fromisoformat(day).weekday() == weekday]
            past, future = (fitting[0], fitting[-1]) if fitting else (other.past, other.future)
            return replace(other, first=one.first, past=past, future=future, bound=bound)
        if one.unit == "weekday" and other.unit == "week":
            day = in_week(today, date.fromisoformat(one.past).weekday(), other.step)
            return replace(_fixed(one.first, other.last, day), bound=bound)
        if one.unit in ("day", "month") and other.unit == "year":
            return replace(_fixed(one.first, other.last, other.past + one.past[4:]), bound=bound, unit="full")
        return None

    def _bounded(self, mention: DateMention, lower: Sequence[str], sentence: Sentence) -> DateMention:
        """With the words before that make it a beginning ("since"), an end ("until") or an aim ("for")."""
        near = lower[max(sentence.first, mention.first - 3) : mention.first]
        if self._words.aims.intersection(near):
            return replace(mention, aimed=True)
        if mention.bound:
            return mention
        since, until = self._words.since, self._words.until
        bound: Bound = "since" if since.intersection(near) else "until" if until.intersection(near) else ""
        return replace(mention, bound=bound) if bound else mention

    def _at(self, tokens: Tokens, place: _Place, at: int) -> DateMention | None:
        word, words = place.lower[at], self._words
        capital = tokens.words[at][0].isupper()
        if not (capital and word in words.not_capital) and (told := self._phrase(place, at)):
            return told
        if word in words.months and capital | (word not in words.not_month):
            return self._month(place, at)
        if word in words.weekdays:
            return self._weekday(place, at)
        if word in words.units:
            return self._relative(place, at)
        return self._figure(place, at)

    def _phrase(self, place: _Place, at: int) -> DateMention | None:
        """ "the day before", "la veille", "Nochevieja", "last night"."""
        for phrase in self._words.phrases.get(place.lower[at], ()):
            last = at + 1 + len(phrase.rest)
            if last <= place.sentence.last and tuple(place.lower[at + 1 : last]) == phrase.rest:
                single = not phrase.rest and phrase.table == "days"
                if not (single and self._words.not_day_after.intersection(place.before(at, 1))):
                    return self._meant(place, at, last, phrase)
        return None

    def _meant(self, place: _Place, first: int, last: int, phrase: Phrase) -> DateMention:
        today, meaning = place.today, phrase.meaning
        if phrase.table == "days":
            return _fixed(first, last, shifted(today, "day", meaning))
        if phrase.table == "phrases":
            told = len(place.told or "") == len("2026-11-20")
            day = shifted(place.anchor()[0] if told else today, "day", meaning)
            return replace(_fixed(first, last, day), vague=meaning == 0)
        if phrase.table == "spans":
            unit, step = meaning.split() if " " in meaning else (meaning, 0)
            return replace(_fixed(first, last, shifted(today, unit, int(step), whole=True)), unit=unit)
        if phrase.table == "weekend":
            saturday = today - timedelta(days=(today.weekday() + 2) % 7)
            coming = saturday + timedelta(days=7)
            return self._sided(place, DateMention(first, last, saturday.isoformat(), coming.isoformat()))
        if phrase.table == "easter":
            return self._sided(place, DateMention(first, last, *easter(today, meaning)))
        return self._sided(place, DateMention(first, last, *yearly(today, int(meaning[:2]), int(meaning[3:]))))

    def _month(self, place: _Place, at: int) -> DateMention | None:
        lower, last = place.lower, at + 1
        month = self._words.months[lower[at]]
        day, first = self._day_before(place, at)
        behind = last + 1 if lower[last : last + 1] == ["."] else last  # "Nov. 3"
        if day is None and behind < place.sentence.last and (day := day_of(lower[behind])):
            last = behind + 1
        year, after = _year_after(place, last)
        if year:
            return replace(_fixed(first, after, iso(year, month, day)), unit="full")
        one = DateMention(first, last, *yearly(place.today, month, day), unit="day" if day else "month")
        if day is None and month == place.today.month and self._words.last.intersection(place.before(first, 1)):
            return _fixed(first, last, iso(place.today.year - 1, month, None))  # "last July", told in July
        return self._sided(place, one)

    def _day_before(self, place: _Place, at: int) -> tuple[int | None, int]:
        """The day before a month's name; of several ("del 3 al 5 de mayo", "27-8 February") the first."""
        first = self._back(place, at, _ARTICLES)
        if first is None or not (day := self._day(place.lower[first])):
            return None, at
        joint = self._back(place, first, self._between_days)
        if joint is not None and (place.lower[joint] in self._words.range or place.lower[joint] in _HYPHENS):
            earlier = self._back(place, joint, _RANGE_ARTICLES)
            begin = self._day(place.lower[earlier]) if earlier is not None else None
            if earlier is not None and begin and (begin < day or place.lower[joint] in _HYPHENS):
                return begin, earlier
        return day, first

    def _day(self, word: str) -> int | None:
        return day_of(word) or (1 if self._words.ordinals.get(word) == 1 else None)

    def _back(self, place: _Place, at: int, skipped: Iterable[str]) -> int | None:
        """The token before `at`, up to two articles and such aside."""
        token = at - 1
        while token >= place.sentence.first and place.lower[token] in skipped and at - token < 3:
            token -= 1
        return token if token >= place.sentence.first else None

    def _sided(self, place: _Place, mention: DateMention) -> DateMention:
        """The reading that a word beside it ("next", "dernier") fixes."""
        near = {*place.before(mention.first, 2), *place.after(mention.last - 1, 1)}
        for words, side in ((self._words.next, mention.future), (self._words.last, mention.past)):
            if words & near:
                return replace(mention, past=side, future=side)
        return mention

    def _weekday(self, place: _Place, at: int) -> DateMention:
        today, last, words = place.today, at + 1, self._words
        weekday = words.weekdays[place.lower[at]] - 1
        behind = (today.weekday() - weekday) % 7
        past = today - timedelta(days=behind)
        ahead = today + timedelta(days=(7 - behind) % 7)
        near = {*place.before(at, 2), *place.after(at, 1)}
        if words.next & near and ahead == today:
            ahead += timedelta(days=7)
        if words.last & near and past == today:
            past -= timedelta(days=7)
        if words.this.intersection(place.before(at, 1)):  # "este martes": the nearest
            nearest = min((past, ahead), key=lambda day: abs((day - today).days)).isoformat()
            return replace(_fixed(at, last, nearest), unit="weekday")
        following = place.after(at, 2)
        if following and (day := day_of(following[0])) and (told := on_weekday(today, weekday, day)):
            return _fixed(at, at + 2, told)  # "lundi 16"
        if len(following) == 2 and following[0] in words.range and following[1] in words.weekdays:
            last = at + 3  # "dans la nuit de mardi à mercredi"
        return self._sided(place, DateMention(at, last, past.isoformat(), ahead.isoformat(), unit="weekday"))

    def _relative(self, place: _Place, at: int) -> DateMention | None:
        """ "two years ago", "il y a treize mois", "seit drei Wochen", "two days later", "next month"."""
        words = self._words
        unit: Any = words.units[place.lower[at]]
        before, after = place.before(at, 4), place.after(at, 1)
        count = words.count(before[-1]) if before else None
        if count and (counted := self._counted(place, at, unit, count)):
            return counted
        if unit == "day" and (begun := self._lasting(place, at)):
            return begun
        if list(after) == ["que"]:
            after = place.lower[at + 2 : at + 3]  # "el mes que viene"
        beside = {*before[-1:], *after}
        if _SEVERAL.intersection((*beside, place.lower[at])):
            return None
        day, told = place.anchor()
        if words.following & beside:
            return _fixed(at, at + 1, shifted(day if told else place.today, unit, 1, whole=True))
        for side, step in ((words.next, 1), (words.last, -1), (words.this, 0)):
            if side & beside and (step or unit != "day"):
                return replace(_fixed(at, at + 1, shifted(place.today, unit, step, whole=True)), unit=unit, step=step)
        return None

    def _counted(self, place: _Place, at: int, unit: str, count: int) -> DateMention | None:
        words = self._words
        before, after = place.before(at, 4), set(place.after(at, 2))
        if words.since.intersection(before[-3:-1]):
            return replace(_fixed(at, at + 1, shifted(place.today, unit, -count)), bound="since")
        day, told = place.anchor()
        if words.later & after:
            return _fixed(at, at + 1, shifted(day, unit, count)) if told else None
        if words.earlier & after and (told or words.ago_after & after):
            return _fixed(at, at + 1, shifted(day, unit, -count))
        if words.ago_after & after or words.ago_before.intersection(before[:-1]):
            return _fixed(at, at + 1, shifted(place.today, unit, -count))
        introducing = before[-3:-2] if list(before[-2:-1]) == ["de"] else before[-2:-1]  # "dentro de dos meses"
        if words.ordinals.keys() & set(before[:-2][-2:]):  # "for the second time in a week"
            return None
        if words.in_before.intersection(introducing) and not (unit == "year" and count > _AHEAD):
            return _fixed(at, at + 1, shifted(place.today, unit, count))
        return None

    def _lasting(self, place: _Place, at: int) -> DateMention | None:
        """ "for the third day running", "au cinquième jour de grève": since when."""
        words, before = self._words, place.before(at, 3)
        number = next((words.ordinals[word] for word in before[-2:] if word in words.ordinals), 0)
        running = words.running.intersection((*before, *place.after(at, 3))) or words.lasting.intersection(before)
        if number < 2 or not running:
            return None
        return replace(_fixed(at, at + 1, shifted(place.today, "day", 1 - number)), bound="since")

    def _figure(self, place: _Place, at: int) -> DateMention | None:
        lower, sentence = place.lower, place.sentence
        word = lower[at]
        if (year := year_of(word)) is not None:
            following = lower[at + 1] if at + 1 < sentence.last else ""
            quantity = following[:1].isalpha() and at > sentence.first and lower[at - 1] not in _YEAR_INTRODUCERS
            if quantity and self._words.bare_years and not word.endswith(("00", "50")):
                quantity = False  # "hatte 2014 die Krim annektiert": German years stand without a preposition
            return None if quantity else replace(_fixed(at, at + 1, f"{year:04}"), unit="full")
        if old_year_of(word) and place.before(at, 1) and lower[at - 1] in _YEAR_INTRODUCERS and not _counts(place, at):
            return replace(_fixed(at, at + 1, word), unit="full")
        parts = word.split(".")
        if len(parts) == 3 and all(part.isdecimal() for part in parts) and len(parts[2]) == 4:
            return _absolute(at, at + 1, parts)
        if lower[at + 1 : at + 2] == ["/"] and lower[at + 3 : at + 4] == ["/"] and at + 4 < sentence.last:
            parts = [lower[at], lower[at + 2], lower[at + 4]]
            if all(one.isdecimal() and len(one) <= 4 for one in parts):
                return _absolute(at, at + 5, parts)
        if (day := day_of(word)) and self._is_day(place, at):
            return DateMention(at, at + 1, *monthly(place.today, day), unit="number")
        return None

    def _is_day(self, place: _Place, at: int) -> bool:
        """Whether a figure alone is a day of the month: "el día 18", "on the 18th", "le 18, …"."""
        before, after = place.before(at, 2), place.after(at, 1)
        if self._words.day_marks.intersection(before[-1:]):
            return not place.lower[at].isdecimal() or "the" not in before
        return bool(self._words.day_articles.intersection(before[-1:])) and (not after or after[0] in _MARKS)


_YEAR_INTRODUCERS = frozenset(
    {"in", "en", "since", "depuis", "seit", "desde", "of", "de", "from", "until", "fin", "début", "anfang", "ende"}
    | {",", "(", "im", "jahr", "année", "año", "printemps", "été", "automne", "hiver"}
    | {"the"}
)
"""What stands before a year, and not before a quantity."""
_SEVERAL = frozenset(
    {"days", "weeks", "months", "years", "tage", "tagen", "wochen", "monate", "monaten", "jahre", "jahren"}
    | {"semaines", "jours", "années", "derniers", "dernières", "prochains", "prochaines"}
    | {"días", "semanas", "meses", "años", "últimos", "últimas", "próximos", "próximas"}
)
"""Words that make "last months" several, which is no date."""


def _counts(place: _Place, at: int) -> bool:
    """Whether a figure is followed by what it may count."""
    return any(word[0].isalpha() for word in place.after(at, 1))


def _year_after(place: _Place, at: int) -> tuple[int | None, int]:
    for token in range(at, min(at + 3, place.sentence.last)):
        word = place.lower[token]
        if (year := year_of(word) or old_year_of(word)) is not None:
            return year, token + 1
        if word not in (",", "de", "del", "of"):
            break
    return None, at


def _absolute(first: int, last: int, parts: Sequence[str]) -> DateMention | None:
    day, month, year = (int(part) for part in parts)
    return replace(_fixed(first, last, told), unit="full") if (told := checked(year, month, day)) else None


def _fixed(first: int, last: int, told: str) -> DateMention:
    return DateMention(first, last, told, told)
