"""The events that each sentence of a text tells, by the triggers in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from process.acting import Ruled
from process.clauses import ClauseReader
from process.cues import Told
from process.dates import DateMention, DateReader
from process.entities import Named
from process.gazetteer_entry import Entry
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.parties import Asked, Share, Verdict
from process.patterns import Match, View
from process.reader import Line, Reader, Reading, Spotted, spotted
from process.retold import Candidate
from process.roles import RoleFinder
from process.scene import Scene
from process.status import Standing, StatusReader
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
    full: bool = True
    """Whether it is a whole article, no short item of a feed."""


@dataclass(frozen=True, slots=True)
class _Row:
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


@dataclass(frozen=True, slots=True)
class Sight:
    """A trigger where it stands, with its standing by the rules; None where they take it for imagined."""

    scene: Scene
    told: Told
    standing: Standing | None
    spotted: Spotted


@dataclass(frozen=True, slots=True)
class _Event:
    """What a sentence tells, with its status and with who and where by the rules."""

    sight: Sight
    status: Status
    ruled: Ruled


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence with the triggers in it; `line` is what the trained reader gets of it. Without triggers its cues are
    not `told` yet.
    """

    row: _Row
    told: Told | None
    sights: Sequence[Sight]
    line: Line


class SentenceReader:
    """All rules for events in the sentences of one language."""

    def __init__(
        self,
        lexicon: Lexicon,
        types: Mapping[str, EventType],
        roles: RoleFinder,
        clauses: ClauseReader,
        reader: Reader,
    ) -> None:
        self._lexicon, self._types, self._roles, self._clauses, self._reader = lexicon, types, roles, clauses, reader
        self._dates = DateReader(lexicon.dates)
        self._status = StatusReader(lexicon, clauses)

    def candidates(
        self, parts: Sequence[Named], report: Report, asides: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[Candidate]:
        """The events of an article's parts, sentence by sentence, but those in a part's `asides`, which are no news."""
        seen = [one for part, out in zip(parts, asides, strict=True) for one in self.seen(part, report, out)]
        readings = self._reader.read(self._lexicon.language, [one.line for one in seen], self._lexicon.verbs)
        told = [list(self._told(*each, report)) for each in zip(seen, readings, strict=True)]
        asked = [_asked(reading, each) for reading, some in zip(readings, told, strict=True) for each in some]
        shares = iter(self._reader.shares(self._lexicon.language, asked))
        for one, some in zip(seen, told, strict=True):
            found = [self._candidate(one.row, each, next(shares), report) for each in some]
            found = [each for each in found if not is_history(each.date, report.published)]
            for each in _distinct(found):
                yield each
                if each.status == "cancelled":
                    yield from self._moved(one.row, each, report.published)

    def seen(self, part: Named, report: Report, asides: Sequence[tuple[int, int]] = ()) -> Iterator[Seen]:
        """What the rules see in each sentence that is not of long ago."""
        for line in self._lines(part, report):
            first = line.sentence.first
            if line.aged or any(low <= first < high for low, high in asides):
                continue
            matches = self._lexicon.triggers.matches(line.view)
            told = self._status.told(line.view, headline=line.headline) if matches else None
            if told and told.cues["history"]:
                continue
            sights = []
            if told:
                strongest = _strongest([one for one in matches if not _is_name(one, line.view)], told.cues["idioms"])
                sights = [self._sight(line, told, match, report) for match in strongest]
            found = [one.spotted for one in sights]
            day = report.published.isoformat()
            yield Seen(line, told, sights, Line(line.view, line.mentions, line.dates, found, line.headline, day))

    def verdicts(self, seen: Seen, match: Match, report: Report) -> Sequence[Verdict]:
        """What the rules say of each name of a sentence beside words that tell an event."""
        told = seen.told or self._status.told(seen.row.view, headline=seen.row.headline)
        return self._roles.ruled(self._sight(seen.row, told, match, report).scene).verdicts

    def is_long_ago(self, title: Named, published: date) -> bool:
        """Whether a headline tells a day of history, or begins with its year."""
        dates = (one for line in title.tokens.sentences for one in self._dates.find(title.tokens, line, published))
        old = (one for one in dates if _is_long_ago(one, published))
        return any(len(one.past) > _YEAR or one.first <= 1 for one in old)

    def _lines(self, part: Named, report: Report) -> Iterator[_Row]:
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
            yield _Row(part, sentence, order, view, own, before, dates, recent, dateline, lead, aged)
            told = next((one.past for one in reversed(dates) if not one.vague), told)
            recent = next((one for one in reversed(dates) if _is_carried(one, published)), recent)

    def _sight(self, line: _Row, told: Told, match: Match, report: Report) -> Sight:
        """A trigger with its standing by the rules, and by the date beside it."""
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
        standing = self._status.read(told, match, clause, scene.event)
        if standing is None:
            return Sight(scene, told, None, spotted(match, None))
        if standing.status == "ongoing" and not scene.event.lasts:
            standing = replace(standing, status="happened")
        when = self._when(line, scene, told, standing.status, standing.past, report.published)
        if standing.called and not when:
            return Sight(scene, told, standing, spotted(match, None))
        status = standing.status
        if when and not standing.foreign(when.first):
            status = dated(standing, when, report.published, scene.event)
        return Sight(scene, told, standing, spotted(match, status))

    def _told(self, seen: Seen, reading: Reading, report: Report) -> Iterator[_Event]:
        """The events of a sentence: those of triggers that the reader does not doubt and, in a whole article, those
        that it finds itself.
        """
        line, known = seen.row, set[str]()
        for sight in seen.sights:
            if status := reading.status(sight.spotted):
                known.add(sight.scene.event.name)
                yield self._event(sight, status)
        told = seen.told
        for other in reading.others() if report.full else ():
            if other.match.pattern.event in known:
                continue
            told = told or self._status.told(line.view, headline=line.headline)
            idiom = any(one.shares(other.match) for one in told.cues["idioms"])
            if not (idiom or told.cues["history"]):
                yield self._event(self._sight(line, told, other.match, report), other.status or "happened")

    def _event(self, sight: Sight, status: Status) -> _Event:
        scene = self._roles.with_offices(sight.scene)
        return _Event(sight if scene is sight.scene else replace(sight, scene=scene), status, self._roles.ruled(scene))

    def _when(
        self, line: _Row, scene: Scene, told: Told, status: Status, past: bool, published: date
    ) -> DateMention | None:
        """The date that is the event's, as it stands. `past`: its verb can only tell of what is past."""
        done = past and scene.match.verb is not None
        dates = [one for one in line.dates if not (done and is_to_come(one, published))]
        if status == "cancelled":
            dates = [one for one in dates if not self._is_moved(line.view, one, published)]
        if status == "planned":
            dates = [one for one in dates if not _is_of_saying(one, told)]
        if not scene.event.scheduled and not past:
            dates = [one for one in dates if not is_likely_ahead(one, published)]
        return nearest(dates, scene.match, scene.clause, status, line.view.lower)

    def _candidate(self, line: _Row, one: _Event, shares: Sequence[Share], report: Report) -> Candidate:
        """The event with its status, and who, where and when it tells."""
        sight, status, scene, event = one.sight, one.status, one.sight.scene, one.sight.scene.event
        if status == "ongoing" and not event.lasts:
            status = "happened"
        if status == "planned" and not event.scheduled:  # "fifty million for the victims of the quake"
            status = sight.spotted.status or status
        past = sight.standing is not None and sight.standing.past
        when = self._when(line, scene, sight.told, status, past, report.published)
        iso = day_of(when, status, report.published) if when and _tells_day(when, status) else None
        roles = self._roles.roles(scene, one.ruled, shares)
        return Candidate(
            match=scene.match,
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

    def _moved(self, line: _Row, one: Candidate, published: date) -> Iterator[Candidate]:
        """What is called off, planned again where a new day is named."""
        for when in line.dates:
            if one.clause and when.first in one.clause and self._is_moved(line.view, when, published):
                yield replace(one, status="planned", date=when.future)

    def _is_moved(self, view: View, when: DateMention, published: date) -> bool:
        """Whether something is moved to a day: "postponed to December 13"."""
        near = view.lower[max(view.first, when.first - _MOVED) : when.first]
        moved = not self._lexicon.names["moved"].isdisjoint(near)
        return moved and when.future >= published.isoformat()[: len(when.future)]


def _asked(reading: Reading, one: _Event) -> Asked:
    """What the reader is asked of who takes part."""
    scene, tokens, event = one.sight.scene, one.sight.spotted.tokens, reading.types.index(one.sight.scene.event.name)
    return Asked(reading.near, scene.view.first, event, tokens, scene.mentions, one.ruled.verdicts, reading.headline)


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
    tokens, behind = part.tokens, range(first.last, min(first.last + _DATELINE, sentence.last))
    dashes = (at for at in behind if tokens.words[at] in _DASHES)
    free = any(tokens.words[at] != "-" or tokens.starts[at] > tokens.end(at - 1) for at in dashes)  # not "M-9"
    return free and (tokens.words[first.last] in _DASHES or tokens.words[first.last] in ",(" or first.sure)
