"""The events of an article, with status, roles and date; one event told twice is one."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from functools import partial

from process.clauses import ClauseReader
from process.entities import Named
from process.gazetteer_entry import Entry
from process.genre import Genres
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.newsworthiness import Array, Newsworthiness
from process.parties import Verdict
from process.patterns import Match
from process.places import EntryOf
from process.reader import Reader
from process.retold import Candidate, merge, without_general
from process.roles import RoleFinder
from process.tagged import Event
from process.telling import Report, Seen, SentenceReader, is_history
from process.tokens import Tokens

_LEAD = 4
"""Sentences whose undated events are those of the lead's day."""
_LISTED = 2
"""Sentences behind an event's that may list who takes part."""
_LIST = 3
"""Countries that make a list."""
_STEP = 3
"""Tokens between two members of a list, and one: ", ships from"."""
_TITLE = 3
"""Words behind a name's comma to a title: ", Italy's defence minister"."""
_SHORT = 60
"""Tokens of the longest text that may tell an event in passing, without who, where or when."""
_FULL = 60
"""Tokens from which on a text is an article. In shorter ones, as feeds bring them, what no trigger names is seldom an
event: of sixty that the reader found in recorded feeds two in five.
"""
_NEWS, _NO_NEWS = 0.3, 0.96
"""An article that reports nothing less likely than the first is news, though it has the words of a genre; one that does
so more likely than the second is none …"""
_SURELY = 0.1
"""… and one that does so less likely than this may tell nobody, nowhere and at no time."""
_OPENING = 2
"""Sentences in which a report on a stage or a stadium tells what happened there …"""
_FRESH = 31
"""… and the days that lie between that and the report at most."""
_HOME = 0.3
"""Share of an article's names that must belong to the country it is about."""


class EventFinder:
    """All rules for events of one language. `country_of` and `capital_of` tell both by an ISO code."""

    def __init__(
        self,
        lexicon: Lexicon,
        types: Mapping[str, EventType],
        country_of: EntryOf,
        capital_of: EntryOf,
        reader: Reader,
    ) -> None:
        self._language, self._types, self._country_of = lexicon.language, types, country_of
        self._genres = Genres.load(lexicon.language)
        known = partial(reader.vectors, lexicon.language, verbs=lexicon.verbs)
        plain = lexicon.names["function"] | lexicon.names["determiners"] | lexicon.names["pronouns"]
        self._newsworthiness = Newsworthiness.load(known, plain)
        self._titles, self._premiers = lexicon.names["titles"], lexicon.names["premiers"]
        clauses = ClauseReader(lexicon)
        roles = RoleFinder(lexicon, clauses, country_of, capital_of)
        self._sentences = SentenceReader(lexicon, types, roles, clauses, reader)

    def find(self, named: Sequence[Named], published: date) -> tuple[Event, ...]:
        """The events of an article, in the order in which it tells them."""
        parts, lands = [part.tokens for part in named], _lands(named)
        counted = self._genres.counted(parts)
        none = self._newsworthiness.none(parts, counted, lands)
        figurative = none > _NEWS and counted.is_figurative(lands)
        if none > _NO_NEWS or (figurative and not counted.opening):
            return ()
        report = self._report(named, published)
        asides = [self._genres.asides(part) for part in parts]
        candidates = list(self._sentences.candidates(named, report, asides))
        if figurative:
            candidates = _reported(candidates, published, counted.opens_with_news)
        if none > _SURELY and _is_feature(candidates, named, counted.opens_with_news):
            return ()
        told = [self._completed(self._joined(one, named), candidates, report) for one in merge(candidates, self._types)]
        told = [one for one in told if _is_told(one) and not is_history(one.date, published)]
        return tuple(self._event(one, named) for one in without_general(told, self._types))

    def known(self, named: Sequence[Named]) -> Array:
        """What is known of whether an article reports anything."""
        parts = [part.tokens for part in named]
        return self._newsworthiness.known(parts, self._genres.counted(parts), _lands(named))

    def seen(self, named: Sequence[Named], published: date) -> list[Seen]:
        """What the rules see in each sentence."""
        report = self._report(named, published)
        return [one for part in named for one in self._sentences.seen(part, report)]

    def verdicts(self, seen: Seen, match: Match, published: date) -> Sequence[Verdict]:
        """What the rules say of each name of a sentence beside words that tell an event."""
        return self._sentences.verdicts(seen, match, self._report([seen.row.part], published))

    def _report(self, named: Sequence[Named], published: date) -> Report:
        counts = Counter(one.name for part in named for one in part.mentions)
        people = [one for part in named for one in part.mentions if one.label == "PERSON" and one.role]
        titled = _titled(named, self._titles, self._premiers)
        long_ago = any(self._sentences.is_long_ago(part, published) for part in named if part.tokens.part == "title")
        full = sum(len(part.tokens.words) for part in named) >= _FULL
        return Report(published, self._home(named), counts, people, titled, long_ago, full)

    def _joined(self, one: Candidate, named: Sequence[Named]) -> Candidate:
        """With all who take part, where the text lists them."""
        if not self._types[one.type].gathers:
            return one
        part = next(part for part in named if part.tokens.part == one.part)
        return replace(one, actors=tuple(dict.fromkeys((*one.actors, *_listed(one, part)))))

    def _home(self, named: Sequence[Named]) -> Entry | None:
        """The country that the article is about: where many of its names belong."""
        codes = Counter(one.country for part in named for one in part.mentions if one.country)
        code, count = next(iter(codes.most_common(1)), (None, 0))
        return self._country_of(code) if code and count >= _HOME * codes.total() else None

    def _completed(self, one: Candidate, candidates: Sequence[Candidate], report: Report) -> Candidate:
        """With the names, place and day told before where its sentence tells none. Aid, sanctions and strikes go to
        the country that it is all about, unless it tells another.
        """
        event, published = self._types[one.type], report.published
        actors = one.actors
        if event.receives and len(actors) == 1 and report.home:
            actors = tuple(dict.fromkeys((*actors, report.home.name)))
        if len(actors) < event.least:
            actors = tuple(dict.fromkeys((*actors, *one.spare)))[: event.least]
        when = one.date or _lead_day(one, candidates, published) or _day_told(one, candidates, published)
        return replace(one, actors=actors, place=one.place or one.nearby, date=when)

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
            rule=f"{self._language}: {_reason(one, tokens)}",
        )


def _lands(named: Sequence[Named]) -> int:
    """How many things of known countries an article names."""
    return len({one.name for part in named for one in part.mentions if one.country})


def _reason(one: Candidate, tokens: Tokens) -> str:
    """The trigger as written in the lexicon or, of what only the reader found, the words that tell it."""
    match = one.match
    return match.pattern.source if match.pattern.elements else f"read: {tokens.span(match.first, match.last)}"


def _titled(named: Sequence[Named], titles: Set[str], premiers: Set[str]) -> dict[str, list[Mention]]:
    """Whom the text calls by each title, before the name or behind its comma: "Chancellor Stocker", "X, the envoy"."""
    found: dict[str, list[Mention]] = {}
    for part in named:
        lower = part.tokens.lower
        for one in part.mentions:
            if one.label != "PERSON":
                continue
            before = lower[max(0, one.first - 2) : one.first]
            title = before[-1] if before else ""
            if title in titles and premiers.isdisjoint(before[:-1]):  # a prime minister is not "the minister"
                found.setdefault(title, []).append(one)
            elif lower[one.last : one.last + 1] == [","]:
                behind = next((word for word in lower[one.last + 1 : one.last + 1 + _TITLE] if word in titles), "")
                if behind:
                    found.setdefault(behind, []).append(one)
    return found


def _is_feature(candidates: Sequence[Candidate], named: Sequence[Named], is_news: bool) -> bool:
    """Whether a text of some length tells nobody, nowhere and at no time, and nothing of what its headline tells: its
    events are figures of speech. A headline counts where the opening has the words of news.
    """
    bare = all(not (one.own or one.place or one.date) for one in candidates)
    headline, told = ({one.type for one in candidates if one.part == part} for part in ("title", "text"))
    counts = headline if is_news else headline & told
    return bare and not counts and sum(len(part.tokens.words) for part in named) > _SHORT


def _is_fresh(one: Candidate, published: date) -> bool:
    """Whether it opens the text and has a day near that of the report: the plot of a novel has none."""
    if one.part != "text" or one.order >= _OPENING or not one.date or len(one.date) < len("2026-01-31"):
        return False
    return abs((date.fromisoformat(one.date) - published).days) <= _FRESH


def _reported(candidates: Sequence[Candidate], published: date, is_news: bool) -> list[Candidate]:
    """What a text about a stage or a stadium reports: all, where it opens with the words of news and tells something
    fresh, or what its headline tells too; else what its opening tells twice, in the headline or afresh.
    """
    headline = {one.type for one in candidates if one.part == "title"}
    opening = {one.type for one in candidates if one.part == "text" and one.order < _OPENING}
    fresh = {one.type for one in candidates if _is_fresh(one, published)}
    if is_news and (fresh or headline & opening):
        return list(candidates)
    lead = {(one.type, one.part, one.order) for one in candidates if one.order < _LEAD}
    told = Counter(kind for kind, _, _ in lead)
    known = {one.type for one in candidates if one.part == "text" and (one.own or one.place or one.date)}
    return [one for one in candidates if told[one.type] > 1 and one.type in (headline & known) | fresh]


def _listed(one: Candidate, part: Named) -> Sequence[str]:
    """The countries of the longest list in the event's sentence or the next."""
    longest: list[Mention] = []
    for sentence in part.tokens.sentences[one.order : one.order + 1 + _LISTED]:
        row: list[Mention] = []
        for mention in part.mentions:
            if sentence.first <= mention.first < sentence.last and mention.is_land:
                row = [*row, mention] if row and mention.first - row[-1].last < _STEP else [mention]
                longest = max(longest, row, key=len)
    return [mention.name for mention in longest] if len(longest) >= _LIST else ()


def _lead_day(one: Candidate, candidates: Sequence[Candidate], published: date) -> str | None:
    """The day of the text's first sentence, for what the lead tells without one."""
    if one.status not in ("happened", "ongoing") or one.order > _LEAD:
        return None
    days = (other.date for other in candidates if other.part == "text" and other.order == 0 and other.date)
    return next((day for day in days if day <= published.isoformat()), None)


def _day_told(one: Candidate, candidates: Sequence[Candidate], published: date) -> str | None:
    """The day told last where it fits; else, for news in the lead, the day of the report."""
    today = published.isoformat()
    if one.recent:
        ahead = any(other.status == "planned" and other.date == one.recent.future for other in candidates)
        day = one.recent.future if ahead else one.recent.past
        if day > today if one.status == "planned" else day <= today:
            return day
    is_news = one.status in ("happened", "ongoing") and (one.part == "title" or one.order <= _LEAD)
    return today if is_news else None


def _is_told(one: Candidate) -> bool:
    """Whether anything is known of it but a word."""
    return bool(one.named or one.actors or one.place or one.date)
