"""The status of an event: what the words around its trigger say about whether it came to pass.

The cues are the lexicon's [cues]. Each is looked for once in the sentence; whether it speaks about a trigger is a
question of where it stands: before the trigger, in its predicate, in its own clause and not in somebody else's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from process.clauses import Clause, ClauseReader, Scope
from process.lexicon import EventType, Lexicon
from process.patterns import Match, View
from process.tagged import Status

_CLOSE = 5
_REACH = 9
_INFINITIVE_REACH = 20
"""How far before an infinitive its modal verb may stand ("will ... bis zum Wochenende ... in das Land schicken")."""
_NEGATED = 3
_KINDS = ("hypothetical", "condition", "negation", "cancelled", "planned", "announced", "done", "ongoing")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the cues in it. `headline`: it is one, or told like one, where the present tense means the past."""

    view: View
    cues: Mapping[str, Sequence[Match]]
    relatives: Sequence[Clause]
    headline: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The status, and whether the verb stands in the present tense, so that a date beside it lies ahead."""

    status: Status
    present: bool


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A match in its sentence, with what speaks about it."""

    told: Told
    match: Match
    scope: Scope
    event: EventType

    @property
    def nominal(self) -> bool:
        return self.match.verb is None


class StatusReader:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        self._cues = {kind: lexicon.cues[kind] for kind in _KINDS}
        self._attribution = lexicon.cues["attribution"]
        self._coordinators = lexicon.names["coordinators"]
        self._infinitive_marks = lexicon.names["infinitive_marks"]
        self._verb_final = lexicon.verb_final
        self._progressive = lexicon.names["progressive"]
        self._clauses = clauses

    def told(self, view: View, *, headline: bool) -> Told:
        """A sentence, read once for all triggers in it."""
        cues = {kind: index.matches(view) for kind, index in self._cues.items()}
        return Told(view, cues, self._clauses.relatives(view), headline)

    def read(self, told: Told, match: Match, clause: Clause, event: EventType) -> Standing | None:
        """The event's standing; None where the words only imagine it (threats, calls for, conditionals)."""
        scope = self._clauses.scope(told.view, match, clause, told.relatives)
        one = _Trigger(told, match, scope, event)
        status = match.pattern.status or self._status(one)
        return Standing(status, self._present(one)) if status else None  # type: ignore[arg-type]

    def _status(self, one: _Trigger) -> Status | None:
        if self._imagined(one):
            return None
        if self._called_off(one):
            return "cancelled"
        if self._lies_ahead(one):
            return "planned"
        if self._goes_on(one):
            return "ongoing"
        if one.match.tenses == {"cond"}:  # "said that he would come"
            return "planned" if self._attribution.matches(one.told.view) else None
        return "happened"

    def _imagined(self, one: _Trigger) -> bool:
        if any(True for _ in self._before(one, "condition", _REACH * 2)):
            return True
        return any(True for _ in self._before(one, "hypothetical", _CLOSE))

    def _called_off(self, one: _Trigger) -> bool:
        match = one.match
        reach = _REACH if self._verb_final and match.tenses & {"inf", "part"} else _NEGATED
        for cue in one.told.cues["negation"]:
            inside = (
                match.first <= cue.first < match.last and one.told.view.lower[cue.first] not in match.pattern.source
            )
            if inside or (cue.last <= match.first and cue.last + reach > match.first):
                return cue.first in one.scope.clause
        before = self._before(one, "cancelled", _REACH)
        return any(True for _ in before) or any(True for _ in self._behind(one, "cancelled", relatives=False))

    def _lies_ahead(self, one: _Trigger) -> bool:
        match = one.match
        if match.tenses and match.tenses <= {"fut"}:
            return True
        if self._is_marked_infinitive(one):
            return True
        reach = _INFINITIVE_REACH if "inf" in match.tenses else _REACH
        if any(True for _ in self._before(one, "planned", reach)):
            return True
        if one.nominal and any(True for _ in self._before(one, "done", 1)):
            return False
        if any(True for _ in self._behind(one, "planned", relatives=True)):
            return True
        if not one.event.deferred:
            return False
        if any(True for _ in self._before(one, "announced", _REACH)):
            return True
        return one.scope.subject and any(True for _ in self._behind(one, "announced", relatives=True))

    def _is_marked_infinitive(self, one: _Trigger) -> bool:
        """ "to visit", "zu entsenden", "para visitar": what is only meant yet."""
        match, view = one.match, one.told.view
        return (
            "inf" in match.tenses
            and match.verb is not None
            and match.verb > view.first
            and view.lower[match.verb - 1] in self._infinitive_marks
        )

    def _goes_on(self, one: _Trigger) -> bool:
        if any(True for _ in self._before(one, "ongoing", _CLOSE)):
            return True
        inside = (cue for cue in one.told.cues["ongoing"] if one.match.first <= cue.first < one.match.last)
        if any(True for _ in inside) or any(True for _ in self._behind(one, "ongoing", relatives=True)):
            return True
        return (one.event.activity and self._present(one)) or self._is_progressive(one)

    def _is_progressive(self, one: _Trigger) -> bool:
        """ "are practising", "are being exchanged"."""
        match, lower = one.match, one.told.view.lower
        if match.verb is None or not one.event.lasts:
            return False
        before = lower[max(one.told.view.first, match.verb - 2) : match.verb]
        return bool("ger" in match.tenses or "being" in before) and not self._progressive.isdisjoint(before)

    def _present(self, one: _Trigger) -> bool:
        """Whether the trigger's verb stands in the present tense, and means it."""
        tenses = one.scope.tenses
        return not one.told.headline and "pres" in tenses and not tenses & {"past", "part", "fut", "cond"}

    def _before(self, one: _Trigger, kind: str, reach: int) -> Iterator[Match]:
        """The cues that stand before the trigger and govern it, or span it ("sagte seine Reise ab")."""
        match, scope = one.match, one.scope
        for cue in one.told.cues[kind]:
            if cue.first < match.first and cue.first in scope.clause and not scope.foreign(cue.first):
                spans = max(cue.last, cue.particle or 0) > match.first
                if spans or (scope.distance(cue.last, match.first) < reach and self._governs(one, cue)):
                    yield cue

    def _governs(self, one: _Trigger, cue: Match) -> bool:
        """A verb does not govern another that "and" joins to it ("scrapped the deal and expelled the envoy")."""
        if cue.verb is None or one.match.verb is None or "inf" in one.match.tenses:
            return True
        lower = one.told.view.lower
        return not any(word in self._coordinators for word in lower[max(cue.last, one.match.verb - 2) : one.match.verb])

    def _behind(self, one: _Trigger, kind: str, *, relatives: bool) -> Iterator[Match]:
        """The cues in what is said of the trigger behind it; of a verb only adverbs and such, near it."""
        match, scope = one.match, one.scope
        last = scope.last if one.nominal else min(scope.last, match.last + _CLOSE)
        for cue in one.told.cues[kind]:
            if match.last <= cue.first < last and (relatives or not scope.foreign(cue.first)):
                if one.nominal or cue.verb is None or cue.first < match.last + 1:
                    yield cue
