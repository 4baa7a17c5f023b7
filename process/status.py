"""The status of an event: what the words around its trigger say about whether it came to pass.

The cues are the lexicon's [cues]. Each is looked for once in the sentence; whether it speaks about a trigger is a
question of where it stands: before the trigger, in its predicate, in its own clause and not in somebody else's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from process.clauses import Clause, ClauseReader, Scope
from process.lexicon import EventType, Lexicon
from process.patterns import Match, View
from process.tagged import Status

_CLOSE = 5
_REACH = 9
_FAR = 13
_INFINITIVE_REACH = 20
"""How far before an infinitive its modal verb may stand ("will ... bis zum Wochenende ... in das Land schicken")."""
_NEGATED = 3
_BEGUN = 2
"""How many tokens may part "begin" from its infinitive."""
_AFTER = 4
"""How many words (article, adjectives) may part "after" from its noun, and one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the cues in it. `headline`: it is one, or told like one: its present tense means the past."""

    view: View
    cues: Mapping[str, Sequence[Match]]
    relatives: Sequence[Clause]
    headline: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The status, and whether the verb stands in the present tense or in the past, so that a date beside it lies ahead
    or behind.
    """

    status: Status
    present: bool
    past: bool


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
        self._cues = lexicon.cues
        self._coordinators = lexicon.names["coordinators"]
        self._infinitive_marks = lexicon.names["infinitive_marks"]
        self._verb_final = lexicon.verb_final
        self._progressive = lexicon.names["progressive"]
        self._determiners = lexicon.names["determiners"]
        self._passive, self._perfect_infinitives = lexicon.names["passive"], lexicon.names["perfect_infinitives"]
        self._clauses = clauses

    def told(self, view: View, *, headline: bool) -> Told:
        """A sentence, read once for all triggers in it."""
        cues = self._found(view)
        return Told(view, cues, self._clauses.relatives(view), headline)

    def _found(self, view: View) -> dict[str, list[Match]]:
        """The cues, without what stands in a name, is a noun, or tells a place ("depuis Paris")."""
        named = {token for first, (_, last) in view.names.items() for token in range(first, last)}
        found: dict[str, list[Match]] = defaultdict(list)
        for cue in self._cues.matches(view):
            if cue.pattern.event == "history" or (cue.first not in named and not self.is_noun(view, cue)):
                found[cue.pattern.event].append(cue)
        found["ongoing"] = [
            cue
            for cue in found["ongoing"]
            if cue.verb is not None or cue.last - cue.first > 1 or not named.intersection((cue.last, cue.last + 1))
        ]
        return found

    def is_noun(self, view: View, match: Match) -> bool:
        """Whether what looks like a verb is a noun behind its article ("the strike", "la rencontre")."""
        finite = match.verb is not None and match.verb > view.first and "part" not in match.tenses
        return finite and match.verb is not None and view.lower[match.verb - 1] in self._determiners

    def read(self, told: Told, match: Match, clause: Clause, event: EventType) -> Standing | None:
        """The event's standing; None where the words only imagine it (threats, calls for, conditionals)."""
        match = self._own_verb(told, match)
        scope = self._clauses.scope(told.view, match, clause, told.relatives)
        one = _Trigger(told, match, scope, event)
        status = match.pattern.status or self._status(one)
        return Standing(status, self._present(one), _is_past(scope)) if status else None  # type: ignore[arg-type]

    def _own_verb(self, told: Told, match: Match) -> Match:
        """Without a verb that is a noun, or another clause's ("the summit, which was to open in May, …")."""
        if self.is_noun(told.view, match):
            return replace(match, verb=None, tenses=frozenset())
        for one in told.relatives:
            if match.verb is not None and match.verb in one and match.first < one.first:
                return replace(match, verb=None, tenses=frozenset(), last=one.first - 1)
        return match

    def _status(self, one: _Trigger) -> Status | None:
        if self._imagined(one):
            return None
        if self._called_off(one):
            return "cancelled"
        if self._lies_ahead(one):
            return "planned"
        if self._goes_on(one):
            return "ongoing"
        if "cond" in one.scope.tenses and len(one.scope.tenses) == 1 and (one.scope.subject or not one.nominal):
            # "said that he would come"
            return "planned" if one.told.cues["attribution"] else None
        return "happened"

    def _imagined(self, one: _Trigger) -> bool:
        if any(True for _ in self._before(one, "condition", _REACH * 2)):
            return True
        modal = (cue for cue in self._behind(one, "hypothetical") if cue.verb is None)
        if one.scope.subject and any(True for _ in modal):
            return True
        reach = _INFINITIVE_REACH if one.match.tenses == {"inf"} or self._is_marked_infinitive(one) else _CLOSE
        return any(True for _ in self._before(one, "hypothetical", reach))

    def _called_off(self, one: _Trigger) -> bool:
        match = one.match
        reach = _REACH if self._verb_final and match.tenses & {"inf", "part"} else _NEGATED
        for cue in one.told.cues["negation"]:
            inside = (
                match.first <= cue.first < match.last and one.told.view.lower[cue.first] not in match.pattern.source
            )
            if inside or (cue.last <= match.first and cue.last + reach > match.first):
                return cue.first in one.scope.clause
        cues = self._before(one, "cancelled", _REACH), self._inside(one, "cancelled"), self._behind(one, "cancelled")
        return any(True for found in cues for _ in found)

    def _lies_ahead(self, one: _Trigger) -> bool:
        match = one.match
        if one.scope.tenses == {"fut"}:
            return True
        if self._is_marked_infinitive(one):
            return not self._is_begun(one)
        reach = _INFINITIVE_REACH if "inf" in match.tenses else _FAR if one.nominal else _REACH
        if any(not self._is_passive(one, cue) for cue in self._before(one, "planned", reach)):
            return True
        if one.event.deferred and any(cue.verb is not None for cue in self._inside(one, "announced")):
            return True
        if self._is_over(one) or (_is_past(one.scope) and not (one.nominal and one.event.deferred)):
            return False
        deferred = one.event.deferred and (one.nominal or "inf" in match.tenses)  # not "announced that it had tested"
        kinds = ("planned", "announced") if deferred else ("planned",)
        rest = (found(one, kind) for kind in kinds for found in (self._inside, self._behind_all))
        announced = self._before(one, "announced", _REACH) if deferred else ()
        return any(True for found in (announced, *rest) for _ in found)

    def _is_begun(self, one: _Trigger) -> bool:
        """ "began to withdraw", "continuent d'attaquer"."""
        verb = one.match.verb or one.match.first
        return any(verb - _BEGUN <= cue.last <= verb for cue in one.told.cues["ongoing"] if cue.verb is not None)

    def _is_passive(self, one: _Trigger, cue: Match) -> bool:
        """German: "wird verhandelt" is no future, "soll geliefert haben" hearsay of what is past."""
        match, lower = one.match, one.told.view.lower
        if not self._verb_final or match.verb is None or "part" not in match.tenses:
            return False
        after = lower[match.verb + 1] if match.verb + 1 < one.told.view.last else ""
        return after in self._perfect_infinitives or (lower[cue.first] in self._passive and after not in self._passive)

    def _is_over(self, one: _Trigger) -> bool:
        """ "after the talks", "the talks have been concluded"."""
        behind = (cue for cue in self._behind(one, "done") if cue.verb is not None)
        return one.nominal and any(True for _ in (*self._before(one, "done", _AFTER), *behind))

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
        if self._is_over(one):
            return False
        if any(True for _ in self._before(one, "ongoing", _REACH)):
            return True
        if any(True for found in (self._inside, self._behind_all) for _ in found(one, "ongoing")):
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
        if one.told.headline or "pres" not in tenses or tenses & {"past", "fut", "cond"}:
            return False
        if not self._verb_final:
            return "part" not in tenses
        return not self._clauses.auxiliary(one.told.view, one.scope.clause)  # "verteilt", "hatte verteilen lassen"

    def _before(self, one: _Trigger, kind: str, reach: int) -> Iterator[Match]:
        """The cues that stand before the trigger and govern it, or span it ("sagte seine Reise ab")."""
        match, scope = one.match, one.scope
        for cue in one.told.cues[kind]:
            if cue.first < match.first and cue.first in scope.clause and not scope.foreign(cue.first):
                last = max(cue.last, cue.particle or 0)
                if last > match.first or (scope.distance(last, match.first) < reach and self._governs(one, cue)):
                    yield cue

    def _governs(self, one: _Trigger, cue: Match) -> bool:
        """A verb does not govern what "and" joins to it with a verb of its own ("scrapped the deal and expelled the
        envoy"); one that tells a purpose governs no finite verb ("to prepare the visit he flew to Paris").
        """
        if cue.verb is None or "inf" in one.match.tenses:
            return True
        lower, joined = one.told.view.lower, False
        for at in range(cue.last, one.match.first if one.nominal else one.match.first + 1):
            joined = joined or lower[at] in self._coordinators
            if joined and (at == one.match.verb or self._clauses.finite(lower[at])):
                return False
        purpose = cue.tenses == {"inf"} and cue.verb > 0 and lower[cue.verb - 1] in self._infinitive_marks
        return one.nominal or not purpose

    def _inside(self, one: _Trigger, kind: str) -> Iterator[Match]:
        """The cues among the trigger's words; what the trigger itself says cancels nothing ("bloquent", "bars")."""
        for cue in one.told.cues[kind]:
            if one.match.first <= cue.first < one.match.last and (kind != "cancelled" or cue.first in one.match.gaps):
                yield cue

    def _behind_all(self, one: _Trigger, kind: str) -> Iterator[Match]:
        """The cues behind, those in its relative clauses too."""
        return self._behind(one, kind, relatives=True)

    def _behind(self, one: _Trigger, kind: str, *, relatives: bool = False) -> Iterator[Match]:
        """The cues in what is said of the trigger behind it; of a verb only adverbs and such, near it."""
        match, scope = one.match, one.scope
        last = scope.last if one.nominal else min(scope.last, match.last + _CLOSE)
        for cue in one.told.cues[kind]:
            within = match.last <= cue.first < last and (relatives or not scope.foreign(cue.first))
            if within and (cue.verb is None or self._is_predicate(one, cue, kind)):
                yield cue

    def _is_predicate(self, one: _Trigger, cue: Match, kind: str) -> bool:
        """Whether a verb behind speaks about the trigger: its subject's, or German, where the object stands before."""
        if not one.nominal:
            return cue.first == one.match.last
        if one.scope.adverbial:
            return kind == "done"
        return one.scope.subject or self._verb_final or kind in ("ongoing", "done") or one.scope.foreign(cue.first)


def _is_past(scope: Scope) -> bool:
    """Whether the verb can only tell of what is past; what it has brought may lie ahead ("an accord that will …")."""
    return "past" in scope.tenses and not scope.tenses & {"pres", "inf"}
