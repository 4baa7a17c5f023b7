"""The events that each sentence of a text tells, by the triggers in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from process.clauses import ClauseReader
from process.cues import Told
from process.dates import DateMention, DateReader
from process.entities import Named
from process.gazetteer_entry import Entry
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.patterns import Match, View
from process.retold import Candidate
from process.roles import RoleFinder
from process.scene import Scene
from process.status import StatusReader
from process.tagged import Status
from process.tokens import Sentence
from process.when import dated, day_of, is_likely_ahead, is_to_come, nearest

_LEAD = 4
"""Sentences of a report's lead."""
_HISTORY = 30
"""Years after which an event is history."""
_YEAR = 4
"""Characters of a date that tells but the year."""
_BESIDE = 1
"""Words, such as "on", that may part a verb of saying from its date."""
_MOVED = 2
"""Words from the preposition on ("to", "auf den") before the day that something is moved to."""
_STOPS = frozenset(".!?…")
_DASHES = frozenset("—–-")
_DATELINE = 9
"""Tokens of the longest dateline."""
_REMEMBERED = 24
"""How many names told before are looked at."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of the article as a whole: its day, the country it is about, how often it names each thing."""

    published: date
    home: Entry | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    people: Sequence[Mention] = ()
    titled: Mapping[str, Sequence[Mention]] = field(default_factory=dict)
    long_ago: bool = False
    """Whether the headline sets a day of history: "30 November 1939: Stalin attacks Finland"."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence with its names and dates, and what the text has told when it is reached."""

    part: Named
    sentence: Sentence
    order: int
    view: View
    mentions: Sequence[Mention]
    before: Sequence[Mention]
    dates: Sequence[DateMention]
    recent: DateMention | None
    dateline: Mention | None
    lead: bool
    aged: bool

    @property
    def headline(self) -> bool:
        """Whether its present tense means the past: a title's, or of a sentence without a full stop."""
        words, last = self.part.tokens.words, self.sentence.last
        return self.part.tokens.part == "title" or not _STOPS.intersection(words[last - 2 : last])


class SentenceReader:
    """All rules for events in the sentences of one language."""

    def __init__(
        self, lexicon: Lexicon, types: Mapping[str, EventType], roles: RoleFinder, clauses: ClauseReader
    ) -> None:
        self._lexicon, self._types, self._roles, self._clauses = lexicon, types, roles, clauses
        self._dates = DateReader(lexicon.dates)
        self._status = StatusReader(lexicon, clauses)

    def candidates(self, part: Named, report: Report, asides: Sequence[tuple[int, int]] = ()) -> Iterator[Candidate]:
        """The events of a title or text, sentence by sentence, but those in `asides`, which are no news."""
        for line in self._lines(part, report):
            first = line.sentence.first
            if not any(low <= first < high for low, high in asides):
                yield from self._in_line(line, report)

    def is_long_ago(self, title: Named, published: date) -> bool:
        """Whether a headline tells a day of history, or begins with its year."""
        dates = (one for line in title.tokens.sentences for one in self._dates.find(title.tokens, line, published))
        old = (one for one in dates if _is_long_ago(one, published))
        return any(len(one.past) > _YEAR or one.first <= 1 for one in old)

    def _lines(self, part: Named, report: Report) -> Iterator[_Line]:
        tokens, mentions, at, published = part.tokens, part.mentions, 0, report.published
        dateline: Mention | None = None
        begun, told, recent, aged = 0, None, None, report.long_ago
        for order, sentence in enumerate(tokens.sentences):
            first = at
            while at < len(mentions) and mentions[at].first < sentence.last:
                at += 1
            own = mentions[first:at]
            if own and _is_dateline(part, sentence, own[0]):
                dateline, begun = own[0], order
            names = {one.first: (one.classes, one.last) for one in own}
            subjects = frozenset(one.last for one in own if one.kind != "adjective")
            view = View(tokens.lower, sentence.first, sentence.last, names, subjects)
            named = {token for one in own for token in range(one.first, one.last)}
            dates = [
                one for one in self._dates.find(tokens, sentence, published, told) if one.first not in named
            ]  # "Jean-Noël" is no Christmas
            before = mentions[max(0, first - _REMEMBERED) : first][::-1]
            if dates:  # a feature opens with its year of long ago, and tells of it until it comes to the present
                aged = (aged or order == begun) and all(_is_long_ago(one, published) for one in dates)
            lead = order - begun < _LEAD
            yield _Line(part, sentence, order, view, own, before, dates, recent, dateline, lead, aged)
            told = next((one.past for one in reversed(dates) if not one.vague), told)
            recent = next((one for one in reversed(dates) if _is_carried(one, published)), recent)

    def _in_line(self, line: _Line, report: Report) -> Iterator[Candidate]:
        matches = self._lexicon.triggers.matches(line.view)
        if not matches:
            return
        told = self._status.told(line.view, headline=line.headline)
        if told.cues["history"] or line.aged:
            return
        found = []
        for match in _strongest([one for one in matches if not _is_name(one, line.view)], told.cues["idioms"]):
            clause = self._clauses.clause(line.view, match)
            scene = Scene(
                line.view,
                line.mentions,
                clause,
                match,
                self._types[match.pattern.event],
                told.relatives,
                line.before,
                line.dateline,
                line.lead,
                report.home,
                report.counts,
                report.people,
                report.titled,
            )
            one = self._candidate(line, scene, told, report.published)
            if one and not is_history(one.date, report.published):
                found.append(one)
        for one in _distinct(found):
            yield one
            if one.status == "cancelled":
                yield from self._moved(line, one, report.published)

    def _candidate(self, line: _Line, scene: Scene, told: Told, published: date) -> Candidate | None:
        match, event = scene.match, scene.event
        standing = self._status.read(told, match, scene.clause, event)
        if standing is None:
            return None
        if standing.status == "ongoing" and not event.lasts:
            standing = replace(standing, status="happened")
        done = standing.past and match.verb is not None
        dates = [one for one in line.dates if not (done and is_to_come(one, published))]
        if standing.status == "cancelled":
            dates = [one for one in dates if not self._is_moved(line.view, one, published)]
        if standing.status == "planned":
            dates = [one for one in dates if not _is_of_saying(one, told)]
        if not event.scheduled and not standing.past:
            dates = [one for one in dates if not is_likely_ahead(one, published)]
        when = nearest(dates, match, scene.clause, standing.status, line.view.lower)
        if standing.called and not when:
            return None
        status, iso = standing.status, None
        if when:
            status = standing.status
            if not standing.foreign(when.first):
                status = dated(standing, when, published, event)
            iso = day_of(when, status, published) if _tells_day(when, status) else None
        roles = self._roles.roles(scene)
        return Candidate(
            match=match,
            type=event.name,
            status=status,
            actors=roles.actors,
            place=roles.place,
            date=iso,
            part=line.part.tokens.part,
            sentence=line.sentence,
            order=line.order,
            clause=scene.clause,
            named=bool(line.mentions),
            broad=roles.broad,
            own=bool(roles.actors),
            spare=roles.spare,
            nearby=roles.nearby,
            recent=line.recent,
        )

    def _moved(self, line: _Line, one: Candidate, published: date) -> Iterator[Candidate]:
        """What is called off, planned again where a new day is named."""
        for when in line.dates:
            if one.clause and when.first in one.clause and self._is_moved(line.view, when, published):
                yield replace(one, status="planned", date=when.future)

    def _is_moved(self, view: View, when: DateMention, published: date) -> bool:
        """Whether something is moved to a day: "postponed to December 13"."""
        near = view.lower[max(view.first, when.first - _MOVED) : when.first]
        moved = not self._lexicon.names["moved"].isdisjoint(near)
        return moved and when.future >= published.isoformat()[: len(when.future)]


def _is_of_saying(when: DateMention, told: Told) -> bool:
    """Whether a date tells when somebody spoke, behind his verb in the past: "announced on Friday"."""
    said = (cue for kind in ("attribution", "announced") for cue in told.cues[kind])
    return any(cue.tenses & {"past", "part"} and 0 <= when.first - cue.last <= _BESIDE for cue in said)


def is_history(iso: str | None, published: date) -> bool:
    """Whether a date lies a generation back."""
    return bool(iso and published.year - int(iso[:4]) > _HISTORY)


def _is_long_ago(one: DateMention, published: date) -> bool:
    return one.bound != "since" and is_history(one.past, published)


def _is_carried(one: DateMention, published: date) -> bool:
    """Whether what follows without a date may be of this one: no mere year of history, nor since when it is so."""
    aside = len(one.past) == _YEAR and is_history(one.past, published)  # "for the first time since the war of 1973"
    return not one.vague and one.bound != "since" and not aside


def _tells_day(when: DateMention, status: Status) -> bool:
    """Not where it ends, but a deadline does; nor since what year something else has been so."""
    return (when.bound != "until" or status == "planned") and (
        when.bound != "since" or len(when.past) > _YEAR or status == "ongoing"
    )


def _strongest(matches: Sequence[Match], idioms: Sequence[Match]) -> list[Match]:
    """Of matches that share words the longest, in their order, before it those that tell the same called off; none
    that is part of an idiom.
    """
    kept: list[Match] = []
    called_off = [one for one in matches if one.pattern.status == "cancelled"]
    for match in sorted(matches, key=lambda one: (one.first - one.last, one.first)):
        if match not in called_off and any(_tells_same(one, match) for one in called_off):
            continue
        if not any(other.shares(match) for other in (*kept, *idioms)):
            kept.append(match)
    return sorted(kept, key=lambda one: one.first)


def _is_name(match: Match, view: View) -> bool:
    """Whether a trigger is part of a name: "Pussy Riot"."""
    return any(
        first <= match.first and match.last <= last and match.last - match.first < last - first
        for first, (_, last) in view.names.items()
    )


def _tells_same(one: Match, other: Match) -> bool:
    return one.pattern.event == other.pattern.event and one.shares(other)


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    """Of the events of one type in a sentence the one told longest, and those that are clearly others."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda one: one.match.first - one.match.last):
        if all(_is_another(one, other) for other in kept if other.type == one.type):
            kept.append(one)
    return sorted(kept, key=lambda one: one.match.first)


def _is_another(one: Candidate, other: Candidate) -> bool:
    """Whether two events of one type in a sentence differ: in another clause, at another time, of another
    status or done by others."""
    if one.clause == other.clause:
        return False
    when = one.date and other.date and one.date != other.date
    who = one.actors and other.actors and not set(one.actors) & set(other.actors)
    return bool(when or who or one.status != other.status)


def _is_dateline(part: Named, sentence: Sentence, first: Mention) -> bool:
    """Whether a sentence begins with the town where it was written, or is it: "KYIV (Reuters) —", "Berlin. …"."""
    if part.tokens.part == "title" or first.first != sentence.first or first.label != "GPE":
        return False
    if part.tokens.words[first.last : sentence.last] == ["."]:
        return not first.is_state
    words = part.tokens.words[first.last : min(first.last + _DATELINE, sentence.last)]
    return bool(_DASHES.intersection(words)) and (words[0] in _DASHES or words[0] in ",(" or first.sure)
