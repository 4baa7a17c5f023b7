"""The status of an event: what the words around its trigger say about whether it came to pass.

What is imagined, negated or called off is looked for first, then what lies ahead, then what goes on; the rest happened.
"""

import re
from dataclasses import dataclass
from functools import cache

from process.clauses import Clause, ClauseReader, Scope
from process.cues import CueReader, Told, Trigger
from process.lexicon import EventType, Lexicon
from process.patterns import Match, View
from process.tagged import Status
from process.verbs import VerbReader, is_past

_CLOSE = 5
_REACH = 9
_FAR = 13
_INFINITIVE_REACH = 20
"""How far before an infinitive its modal verb may stand ("will ... bis zum Wochenende ... in das Land schicken")."""
_NEGATED = 3
_UNWILLING = 7
_MEANT: tuple[tuple[str, Status], ...] = (("attempted", "happened"), ("planned", "planned"))
_AHEAD = ("planned", "announced", "cancelled", "hypothetical")
_NOT_YET = frozenset({"inf", "fut", "cond"})
"""Tenses of an auxiliary that leave its participle to come: "doit être signé", "seront signés"."""
_AFTER = 4
"""How many words (article, adjectives) may part "after" from its noun, and one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The status, and whether the verb stands in the present tense or in the past, so that a date beside it lies ahead
    or behind. `called`: somebody calls for it, so that it is planned only if a day is set.
    """

    status: Status
    present: bool
    past: bool
    scope: Scope | None = None
    called: bool = False
    nominal: bool = False
    over: bool = False

    def foreign(self, token: int) -> bool:
        """Whether what stands at a token is told of something else."""
        return bool(self.scope and (token not in self.scope.clause or self.scope.foreign(token)))


class StatusReader:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        self._clauses, self._verb_final = clauses, lexicon.verb_final
        self._settings = lexicon.names["locative"] - lexicon.names["infinitive_marks"]
        self._sending, self._modals = lexicon.names["sending"], lexicon.names["modals"]
        self._negators, self._parting = lexicon.names["negators"], lexicon.names["coordinators"] | {","}
        self._cues = CueReader(lexicon, clauses)
        self._verbs = VerbReader(lexicon, clauses, self._cues)

    def told(self, view: View, *, headline: bool) -> Told:
        """A sentence, read once for all triggers in it."""
        return self._cues.told(view, headline=headline)

    def read(self, told: Told, match: Match, clause: Clause, event: EventType) -> Standing | None:
        """The event's standing; None where the words only imagine it (threats, calls for, conditionals)."""
        match = self._verbs.own_verb(told, match)
        scope = self._clauses.scope(told.view, match, clause, told.relatives)
        one = Trigger(told, match, scope, event)
        status = self._fixed(one) if match.pattern.status else self._status(one)
        if status is None:
            return None
        concluded = self._is_concluded(one)
        return Standing(
            status,
            present=self._is_present(one) and not concluded,
            past=is_past(scope) or self._verbs.is_perfect(one) or concluded,
            scope=scope,
            called=self._is_called(one),
            nominal=one.nominal,
            over=self._is_over(one),
        )

    def _fixed(self, one: Trigger) -> Status | None:
        """The status that the trigger shows by itself, unless what stands around it takes it back."""
        status, before = one.match.pattern.status, self._cues.before
        kinds = (("condition", _REACH * 2), ("hypothetical", _CLOSE))
        if any(cue.last <= one.match.first for kind, reach in kinds for cue in before(one, kind, reach)):
            return None
        called_off = before(one, "cancelled", _REACH), self._cues.behind(one, "cancelled")
        if status != "cancelled" and any(True for found in called_off for _ in found):
            return "cancelled"
        return status  # type: ignore[return-value]

    def _status(self, one: Trigger) -> Status | None:
        if self._imagined(one):
            return None
        if self._negated(one) or self._is_unwilling(one):
            return "cancelled" if one.event.scheduled else None  # "made no arrests"
        if self._called_off(one):
            return "cancelled"
        if self._is_called(one):
            return "planned"
        if not one.event.scheduled and self._verbs.is_marked_infinitive(one) and not self._verbs.is_begun(one):
            return self._meant(one)
        if self._verbs.is_conditional(one):
            return "planned" if self._is_said(one) else None  # "said that he would come"
        if self._is_object_of_would(one) or self._lies_ahead(one):
            return "planned"
        if self._goes_on(one):
            return "ongoing"
        if self._is_pledged(one):
            return "planned"
        return "happened"

    def _is_said(self, one: Trigger) -> bool:
        """Whether somebody is quoted before it, and names no condition behind."""
        said = any(cue.last <= one.match.first for cue in one.told.cues["attribution"])
        return said and not any(cue.first >= one.match.last for cue in one.told.cues["condition"])

    def _is_object_of_would(self, one: Trigger) -> bool:
        """ "said that it would send the frigate to the Gulf": a noun, which has no tense of its own."""
        scope = one.scope
        if not (one.nominal and one.event.deferred) or scope.tenses != {"cond"} or scope.adverbial:
            return False
        before = one.told.view.lower[scope.clause.first : one.match.first]
        would = any(self._clauses.tenses(word) == {"cond"} and word in self._modals for word in before)
        return would and self._is_said(one)

    def _is_present(self, one: Trigger) -> bool:
        """Whether a day beside it lies ahead: not in "flew to Sochi on Wednesday to meet"."""
        if self._verbs.is_marked_infinitive(one):
            return False
        return self._verbs.is_present(one) or self._verbs.is_progressive(one)

    def _is_pledged(self, one: Trigger) -> bool:
        """Whether the present tense tells what is to come: "Berlin supplies tanks", "schickt ein Schiff"."""
        if one.match.verb is None or not self._verbs.is_present(one):
            return False
        return one.event.pledged or (one.event.abroad and one.told.view.lower[one.match.verb] in self._sending)

    def _meant(self, one: Trigger) -> Status | None:
        """An infinitive of what nobody sets a day for: "tried to topple him" happened, calls to did not."""
        for kind, status in _MEANT:
            found = self._cues.before(one, kind, _REACH), self._cues.inside(one, kind)
            if any(True for some in found for _ in some):
                return status
        return None

    def _imagined(self, one: Trigger) -> bool:
        if one.told.supposed:
            return True
        if any(True for _ in self._cues.before(one, "condition", _REACH * 2)):
            return True
        announced = {cue.first for cue in one.told.cues["announced"]} if one.event.deferred else set()
        for cue in self._cues.behind(one, "hypothetical"):
            if cue.first in announced:
                continue
            closes = self._verb_final and one.nominal and cue.tenses & {"part", "inf"}  # "hat den Abzug … gefordert"
            if closes or (one.scope.subject and cue.verb is None):
                return True
        reach = _INFINITIVE_REACH if one.match.tenses == {"inf"} or self._verbs.is_marked_infinitive(one) else _CLOSE
        called = announced if one.event.activity else set()
        return any(cue.first not in called for cue in self._cues.before(one, "hypothetical", reach))

    def _is_called(self, one: Trigger) -> bool:
        """ "appelle à un défilé": imagined, but for the announcement in it."""
        return any(True for _ in self._cues.before(one, "hypothetical", _CLOSE))

    def _negated(self, one: Trigger) -> bool:
        match = one.match
        reach = _REACH if self._verb_final and match.tenses & {"inf", "part"} else _NEGATED
        for cue in one.told.cues["negation"]:
            own = one.told.view.lower[cue.first] in _words(match.pattern.source)
            inside = match.first <= cue.first < match.last and not own
            if inside or (cue.last <= match.first and cue.last + reach > match.first):
                beside = inside or cue.last == match.first or not one.nominal or one.event.scheduled
                return cue.first in one.scope.clause and beside  # "did not mention the attack"
        return self._is_negated_behind(one)

    def _is_negated_behind(self, one: Trigger) -> bool:
        """German: "weist die Diplomaten nicht aus", "besucht Algier nicht", with nothing that parts them."""
        match, lower = one.match, one.told.view.lower
        if match.verb is None or not match.tenses & {"pres", "past"}:
            return False
        for cue in one.told.cues["negation"]:
            if match.verb < cue.first < match.verb + _REACH and lower[cue.first] in self._negators:
                between = lower[match.verb + 1 : cue.first]
                return cue.first in one.scope.clause and self._parting.isdisjoint(between)
        return False

    def _is_unwilling(self, one: Trigger) -> bool:
        """ "has no intention of negotiating", "n'a pas l'intention de négocier": its governing verb is negated."""
        meant = self._verbs.is_marked_infinitive(one) or any(True for _ in self._cues.before(one, "planned", _CLOSE))
        return meant and any(self._cues.reaches(one, cue, _UNWILLING) for cue in one.told.cues["negation"])

    def _called_off(self, one: Trigger) -> bool:
        if self._cues.is_denied(one):
            return True
        before, cues = self._cues.before(one, "cancelled", _REACH), self._cues
        found = before, cues.inside(one, "cancelled"), cues.behind(one, "cancelled")
        return any(True for some in found for _ in some)

    def _lies_ahead(self, one: Trigger) -> bool:
        match = one.match
        if (one.nominal and not one.event.scheduled) or self._is_concluded(one):  # "vows revenge for the attack"
            return False
        if one.scope.tenses == {"fut"} and not self._is_over(one):
            return True
        if one.event.scheduled and not one.event.lasts and self._verbs.is_progressive(one):  # "is stepping down"
            return True
        if self._verbs.is_marked_infinitive(one):
            tried = self._cues.before(one, "attempted", _CLOSE), self._cues.inside(one, "attempted")
            return not (any(True for some in tried for _ in some) or self._verbs.is_begun(one))
        reach = _INFINITIVE_REACH if "inf" in match.tenses else _FAR if one.nominal else _REACH
        governing = self._cues.before(one, "planned", reach)
        if any(not self._verbs.is_passive(one, cue) and not self._is_setting(one, cue) for cue in governing):
            return True
        if one.event.deferred and any(cue.verb is not None for cue in self._cues.inside(one, "announced")):
            return True
        if self._is_over(one) or self._verbs.is_perfect(one):
            return False
        if is_past(one.scope) and not (one.nominal and one.event.deferred):
            return False
        deferred = one.event.deferred and (one.nominal or "inf" in match.tenses)  # not "announced that it had tested"
        kinds = ("planned", "announced") if deferred else ("planned",)
        rest = (found(one, kind) for kind in kinds for found in (self._cues.inside, self._cues.behind_all))
        before = self._cues.before(one, "announced", _REACH) if deferred else ()
        announced = (cue for cue in before if not self._is_setting(one, cue))
        if is_past(one.scope) and one.scope.subject:  # "the strike called for today emptied the streets"
            return any(cue.tenses != {"part"} for found in (announced, *rest) for cue in found)
        return any(True for found in (announced, *rest) for _ in found)

    def _is_setting(self, one: Trigger, cue: Match) -> bool:
        """ "decided at a meeting": where it was said, not what is ahead."""
        view, first = one.told.view, one.match.first
        near = view.lower[max(view.first, first - 2) : first]
        return one.scope.adverbial and "past" in cue.tenses and not self._settings.isdisjoint(near)

    def _is_concluded(self, one: Trigger) -> bool:
        """ "the accord signed in April", "les sanctions imposées en 2009": its own participle tells it as done."""
        match, view = one.match, one.told.view
        if not one.nominal or self._verb_final:
            return False
        near = (at for at in range(match.first + 1, match.last + 1) if at < view.last and at not in match.gaps)
        at = next((at for at in near if "part" in self._clauses.tenses(view.lower[at])), None)
        if at is None or (at > view.first and self._clauses.tenses(view.lower[at - 1]) & _NOT_YET):
            return False
        return not any(cue.first <= at < cue.last for kind in _AHEAD for cue in one.told.cues[kind])

    def _is_over(self, one: Trigger) -> bool:
        """ "after the talks", "the talks have been concluded"."""
        behind = (cue for cue in self._cues.behind(one, "done") if cue.verb is not None)
        return one.nominal and any(True for _ in (*self._cues.before(one, "done", _AFTER), *behind))

    def _goes_on(self, one: Trigger) -> bool:
        if self._is_over(one):
            return False
        found = (self._cues.before(one, "ongoing", _REACH), self._cues.inside(one, "ongoing"))
        cues = [cue for some in (*found, self._cues.behind_all(one, "ongoing")) for cue in some]
        if self._verbs.is_german_perfect(one):  # "haben seit dem Sommer geliefert"
            cues = [cue for cue in cues if cue.verb is not None]
        if cues or (one.event.lasts and self._verbs.is_progressive(one)):
            return True
        if self._verbs.is_marked_infinitive(one):  # "tried to storm"
            return False
        return one.event.activity and self._verbs.is_present(one) and not self._is_pledged(one)


@cache
def _words(source: str) -> frozenset[str]:
    """The words that a pattern is written with: "no" is none of "~abandonar"."""
    return frozenset(re.findall(r"[^\W_]+", source))
