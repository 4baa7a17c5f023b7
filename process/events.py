"""The events of an article: triggers in its sentences, with status, roles and date; one event told twice is one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from process.dates import DateMention, DateReader
from process.entities import Named
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.patterns import Match, View
from process.roles import CountryOf, RoleFinder, Scene
from process.status import clause, status_of
from process.tagged import Event, Part, Status
from process.tokens import Sentence

_GENRES = ("sport", "culture", "markets")
_GENRE_WORDS = 4
"""Distinct words of a genre that make an article one of it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An event as one sentence tells it."""

    match: Match
    type: str
    status: Status
    actors: tuple[str, ...]
    place: str | None
    date: str | None
    part: Part
    sentence: Sentence
    order: int


class EventFinder:
    """All rules for events of one language."""

    def __init__(self, lexicon: Lexicon, types: Mapping[str, EventType], country_of: CountryOf) -> None:
        self._lexicon, self._types = lexicon, types
        self._roles = RoleFinder(lexicon, country_of)
        self._dates = DateReader(lexicon.dates)

    def find(self, named: Sequence[Named], published: date) -> tuple[Event, ...]:
        """The events of an article, in the order in which it tells them."""
        if self._genre(named):
            return ()
        candidates = [one for part in named for one in self._in_part(part, published)]
        return tuple(self._event(one, named) for one in merge(candidates))

    def _genre(self, named: Sequence[Named]) -> str | None:
        """Sport, culture or markets, whose figures of speech are no events."""
        words = {word for part in named for word in part.tokens.lower}
        size = sum(len(part.tokens.lower) for part in named)
        for genre in _GENRES:
            known = self._lexicon.names[genre] & words
            if len(known) >= _GENRE_WORDS and len(known) * 60 >= size:
                return genre
        return None

    def _in_part(self, part: Named, published: date) -> Iterable[Candidate]:
        tokens, at = part.tokens, 0
        for order, sentence in enumerate(tokens.sentences):
            mentions = []
            while at < len(part.mentions) and part.mentions[at].first < sentence.last:
                mentions.append(part.mentions[at])
                at += 1
            names = {one.first: (one.classes, one.last) for one in mentions}
            view = View(tokens.lower, sentence.first, sentence.last, names)
            matches = _strongest(self._lexicon.triggers.matches(view))
            if matches:
                dates = self._dates.find(tokens, sentence, published)
                for match in matches:
                    one = self._candidate(part, sentence, view, mentions, dates, match)
                    if one and not self._is_history(one, view, published):
                        yield replace(one, order=order)

    def _candidate(
        self,
        part: Named,
        sentence: Sentence,
        view: View,
        mentions: Sequence[Mention],
        dates: Sequence[DateMention],
        match: Match,
    ) -> Candidate | None:
        event = self._types[match.pattern.event]
        around = clause(view, match, self._lexicon.names["breakers"])
        status = status_of(view, match, around, self._lexicon)
        if status is None:
            return None
        roles = self._roles.roles(Scene(view, mentions, around, match), event)
        when = _nearest(dates, match)
        iso = when.read(ahead=status == "planned") if when else None
        return Candidate(match, event.name, status, roles.actors, roles.place, iso, part.tokens.part, sentence, 0)

    def _is_history(self, one: Candidate, view: View, published: date) -> bool:
        """Commemorations, and what lies a generation back."""
        if one.date and published.year - int(one.date[:4]) > 30:
            return True
        return bool(self._lexicon.cues["history"].matches(view))

    def _event(self, one: Candidate, named: Sequence[Named]) -> Event:
        tokens = next(part.tokens for part in named if part.tokens.part == one.part)
        sentence = one.sentence
        return Event(
            type=one.type,
            plover=self._types[one.type].plover,
            status=one.status,
            actors=one.actors,
            place=one.place,
            date=one.date,
            sentence=tokens.text[sentence.start : sentence.end],
            part=one.part,
            start=sentence.start,
            end=sentence.end,
            rule=f"{self._lexicon.language}: {one.match.pattern.source}",
        )


def _strongest(matches: Sequence[Match]) -> list[Match]:
    """Of matches that share words the longest; of one type the first."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.first - one.last, one.first)):
        rivals = [one for one in kept if one.first < match.last and match.first < one.last]
        if not rivals and all(one.pattern.event != match.pattern.event for one in kept):
            kept.append(match)
    return sorted(kept, key=lambda one: one.first)


def _nearest(dates: Sequence[DateMention], match: Match) -> DateMention | None:
    if not dates:
        return None
    return min(dates, key=lambda one: max(one.first - match.last, match.first - one.last, 0))


def merge(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One event per type, actors and date: what two sentences tell of it is put together."""
    kept: list[Candidate] = []
    for one in candidates:
        for place, other in enumerate(kept):
            if _same(one, other):
                kept[place] = _together(other, one)
                break
        else:
            kept.append(one)
    return kept


def _same(one: Candidate, other: Candidate) -> bool:
    if one.type != other.type:
        return False
    if one.status != other.status and {one.status, other.status} != {"happened", "ongoing"}:
        return False
    if one.date and other.date and not (one.date.startswith(other.date) or other.date.startswith(one.date)):
        return False
    if one.place and other.place and one.place != other.place and one.part == other.part:
        return False
    return not (one.actors and other.actors) or bool(set(one.actors) & set(other.actors))


def _together(first: Candidate, second: Candidate) -> Candidate:
    """The better told of the two, with what only the other knows. The text tells better than the title."""
    if (first.part == "title") != (second.part == "title"):
        better, other = (second, first) if first.part == "title" else (first, second)
        if len(better.actors) < len(other.actors):
            better = replace(better, actors=other.actors)
    else:
        better, other = first, second
    longest = max((better.date, other.date), key=lambda iso: len(iso or ""))
    return replace(
        better, actors=better.actors or other.actors, place=better.place or other.place, date=better.date and longest or other.date
    )
