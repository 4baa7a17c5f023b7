"""The events of an article: triggers in its sentences, with status, roles and date; one event told twice is one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from process.clauses import ClauseReader
from process.dates import DateMention, DateReader
from process.entities import Named
from process.gazetteer_entry import Entry
from process.genre import Genres
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.patterns import Match, View
from process.places import EntryOf
from process.retold import Candidate, merge
from process.roles import RoleFinder
from process.scene import Scene
from process.status import Standing, StatusReader, Told
from process.tagged import Event
from process.tokens import Sentence

_LEAD = 4
"""Sentences whose undated events are those of the lead's day."""
_SOON = 300
"""Days within which a date without a year lies ahead where the verb stands in the present tense."""
_NEXT = 100
"""Days within which it does where no verb tells: nobody calls a day of last year by day and month alone."""
_STOPS = frozenset(".!?…")
_DASHES = frozenset("—–-")
_HOME = 0.3
"""Share of an article's names that must belong to the country it is about."""
_REMEMBERED = 24
"""How many names told before are looked at."""
_DATELINE = 9
"""Tokens of the longest dateline."""


class EventFinder:
    """All rules for events of one language."""

    def __init__(
        self, lexicon: Lexicon, types: Mapping[str, EventType], country_of: EntryOf, capital_of: EntryOf
    ) -> None:
        self._country_of = country_of
        self._lexicon, self._types = lexicon, types
        self._roles = RoleFinder(lexicon, country_of, capital_of)
        self._genres = Genres.load(lexicon.language)
        self._dates = DateReader(lexicon.dates)
        self._clauses = ClauseReader(lexicon)
        self._status = StatusReader(lexicon, self._clauses)

    def find(self, named: Sequence[Named], published: date) -> tuple[Event, ...]:
        """The events of an article, in the order in which it tells them."""
        if self._genres.of([part.tokens for part in named]):
            return ()
        home = self._home(named)
        counts = Counter(one.name for part in named for one in part.mentions)
        candidates = [one for part in named for one in self._in_part(part, published, home, counts)]
        told = (self._completed(one, candidates, published) for one in merge(candidates))
        return tuple(self._event(one, named) for one in told if self._is_told(one))

    def _home(self, named: Sequence[Named]) -> Entry | None:
        """The country that the article is about: where many of its names belong."""
        codes = Counter(one.country for part in named for one in part.mentions if one.country)
        code, count = next(iter(codes.most_common(1)), (None, 0))
        return self._country_of(code) if code and count >= _HOME * codes.total() else None

    def _completed(self, one: Candidate, candidates: Sequence[Candidate], published: date) -> Candidate:
        """With the names told before where the sentence has too few, and the day of the lead where it tells none."""
        least = self._types[one.type].least
        if len(one.actors) < least:
            actors = tuple(dict.fromkeys((*one.actors, *one.spare)))[:least]
            one = replace(one, actors=actors)
        one = replace(one, place=one.place or one.nearby)
        if one.date is None and one.status in ("happened", "ongoing") and one.order <= _LEAD:
            days = (other.date for other in candidates if other.part == "text" and other.order == 0 and other.date)
            one = replace(one, date=next(days, None))
        if one.date is None and one.recent and (one.status == "planned") == (one.recent >= published.isoformat()):
            one = replace(one, date=one.recent)
        return one

    def _is_told(self, one: Candidate) -> bool:
        """Whether anything is known of it but a word."""
        return bool(one.actors or one.place or one.date)

    def _in_part(
        self, part: Named, published: date, home: Entry | None, counts: Mapping[str, int]
    ) -> Iterable[Candidate]:
        tokens, at = part.tokens, 0
        dateline, begun = None, 0
        latest: str | None = None
        for order, sentence in enumerate(tokens.sentences):
            mentions = []
            while at < len(part.mentions) and part.mentions[at].first < sentence.last:
                mentions.append(part.mentions[at])
                at += 1
            names = {one.first: (one.classes, one.last) for one in mentions}
            if mentions and _is_dateline(part, sentence, mentions[0]):
                dateline, begun = mentions[0], order
            view = View(tokens.lower, sentence.first, sentence.last, names)
            matches = self._triggers(view)
            dates = self._dates.find(tokens, sentence, published, latest)
            before_that, latest = latest, next((one.past for one in reversed(dates) if not one.vague), latest)
            if matches:
                before = part.mentions[max(0, at - len(mentions) - _REMEMBERED) : at - len(mentions)][::-1]
                told = self._status.told(view, headline=_is_headline(part, sentence))
                found: list[Candidate] = []
                for match in matches:
                    around = self._clauses.clause(view, match)
                    lead = order - begun < _LEAD
                    scene = Scene(view, mentions, around, match, before, dateline, lead, home, counts)
                    one = self._candidate(part, sentence, scene, told, dates, published)
                    if one and not self._is_history(one, view, published):
                        found.append(replace(one, order=order, recent=before_that, clause=around))
                yield from _distinct(found)

    def _triggers(self, view: View) -> list[Match]:
        """The triggers of a sentence, but those in an idiom."""
        matches = self._lexicon.triggers.matches(view)
        if not matches:
            return []
        idioms = self._lexicon.cues["idioms"].matches(view)
        return _strongest([one for one in matches if not any(_overlap(one, idiom) for idiom in idioms)])

    def _candidate(
        self, part: Named, sentence: Sentence, scene: Scene, told: Told, dates: Sequence[DateMention], published: date
    ) -> Candidate | None:
        match = scene.match
        event = self._types[match.pattern.event]
        standing = self._status.read(told, match, scene.clause, event)
        if standing is None:
            return None
        status = standing.status
        roles = self._roles.roles(scene, event)
        when = _nearest(dates, scene)
        if status == "ongoing" and not event.lasts:
            status = "happened"
        if when and when.bound and status == "happened" and event.lasts and _is_open(when, standing, published):
            status = "ongoing"
        elif when and event.scheduled and status in ("happened", "ongoing") and _lies_ahead(when, standing, published):
            status = "planned"
        iso = when.read(ahead=status == "planned") if when and when.bound != "until" else None
        return Candidate(
            match=match,
            type=event.name,
            status=status,
            actors=roles.actors,
            place=roles.place,
            date=iso,
            part=part.tokens.part,
            sentence=sentence,
            spare=roles.spare,
            nearby=roles.nearby,
        )

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
    """Of matches that share words the longest, in their order."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda one: (one.first - one.last, one.first)):
        if not any(_overlap(one, match) for one in kept):
            kept.append(match)
    return sorted(kept, key=lambda one: one.first)


def _distinct(found: Sequence[Candidate]) -> Iterable[Candidate]:
    """Of the events of one type in a sentence the one told longest, and those that are clearly others."""
    by_length = sorted(found, key=lambda one: one.match.first - one.match.last)
    kept: list[Candidate] = []
    for one in by_length:
        same = [other for other in kept if other.type == one.type]
        if all(_is_another(one, other) for other in same):
            kept.append(one)
    return sorted(kept, key=lambda one: one.match.first)


def _is_another(one: Candidate, other: Candidate) -> bool:
    """Whether two events of one type in a sentence differ: in another clause, at another time or done by others."""
    if one.clause == other.clause:
        return False
    when = one.date and other.date and one.date != other.date
    return bool(when or (one.actors and other.actors and not set(one.actors) & set(other.actors)))


def _overlap(one: Match, other: Match) -> bool:
    return one.first < other.last and other.first < one.last


def _nearest(dates: Sequence[DateMention], scene: Scene) -> DateMention | None:
    """The date of the clause that stands nearest to the trigger, else of the sentence."""
    if not dates:
        return None
    match, around = scene.match, scene.clause
    return min(
        dates,
        key=lambda one: (
            not around.first <= one.first < around.last,
            max(one.first - match.last, match.first - one.last, 0),
        ),
    )


def _lies_ahead(when: DateMention, standing: Standing, published: date) -> bool:
    """Whether a date can only be one to come: "talks resume on October 15", "Macron trifft am Montag …"."""
    day = published.isoformat()
    if when.bound:
        return when.bound == "since" and when.fixed and when.past[:10] > day[: len(when.past)]
    if when.fixed:
        return when.past[:10] > day[: len(when.past)]
    if standing.past or when.past == day:
        return False
    ahead = (date.fromisoformat(f"{when.future}-01"[:10]) - published).days
    return ahead < (_SOON if standing.present else _NEXT) and (standing.present or (len(when.past) == 10 and ahead > 7))


def _is_open(when: DateMention, standing: Standing, published: date) -> bool:
    """Whether it has gone on since a day, or will until one, and is not over."""
    if when.bound == "until":
        return not standing.past and when.future[:10] >= published.isoformat()[: len(when.future)]
    return not standing.past


def _is_headline(part: Named, sentence: Sentence) -> bool:
    """Whether a sentence is told in the present tense that means the past: a title, or one without a full stop."""
    return part.tokens.part == "title" or not _STOPS.intersection(part.tokens.words[sentence.last - 2 : sentence.last])


def _is_dateline(part: Named, sentence: Sentence, first: Mention) -> bool:
    """Whether a sentence begins with the town where it was written: "KYIV (Reuters) —"."""
    if part.tokens.part == "title" or first.first != sentence.first or first.label != "GPE":
        return False
    words = part.tokens.words[first.last : min(first.last + _DATELINE, sentence.last)]
    return bool(_DASHES.intersection(words)) and (words[0] in _DASHES or words[0] in ",(" or first.sure)
