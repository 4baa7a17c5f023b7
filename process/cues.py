"""The cues of status in a sentence, and which of them speak about a trigger.

The cues are the lexicon's [cues]. Each is looked for once in the sentence; whether it speaks about a trigger is a
question of where it stands: before the trigger, in its predicate, in its own clause and not in somebody else's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from process.clauses import Clause, ClauseReader, Scope
from process.lexicon import EventType, Lexicon
from process.patterns import Match, View

_CLOSE = 5
"""How far behind a verb its adverbs may stand."""
_HYPHENS = frozenset("-‐")


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the cues in it. `headline`: it is one, or told like one: its present tense means the past;
    `supposed`: it begins with a condition without "if" ("Should it fail, …").
    """

    view: View
    cues: Mapping[str, Sequence[Match]]
    relatives: Sequence[Clause]
    headline: bool
    supposed: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A match in its sentence, with what speaks about it."""

    told: Told
    match: Match
    scope: Scope
    event: EventType

    @property
    def nominal(self) -> bool:
        return self.match.verb is None


class CueReader:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        names = lexicon.names
        self._cues, self._verb_final, self._clauses = lexicon.cues, lexicon.verb_final, clauses
        self._coordinators, self._complementizers = names["coordinators"], names["complementizers"]
        self._infinitive_marks, self._determiners = names["infinitive_marks"], names["determiners"]
        self._causes, self._suppositions = names["causes"], names["suppositions"]
        self._places = names["locative"]
        self._parting = names["coordinators"] | names["complementizers"] | {","}
        self._reflexives, self._having = names["reflexives"], names["having"]
        self._belonging = names["possessive"] | names["between"]

    def told(self, view: View, *, headline: bool) -> Told:
        """A sentence, read once for all triggers in it."""
        cues = self._found(view)
        first = next((word for word in view.lower[view.first : view.last] if word[0].isalnum()), "")
        return Told(view, cues, self._clauses.relatives(view), headline, first in self._suppositions)

    def _found(self, view: View) -> dict[str, list[Match]]:
        """The cues, without what stands in a name, is a noun, or tells a place ("depuis Paris")."""
        named = {token for first, (_, last) in view.names.items() for token in range(first, last)}
        found: dict[str, list[Match]] = defaultdict(list)
        for cue in self._cues.matches(view):
            if cue.first > view.first and view.lower[cue.first - 1] in _HYPHENS:  # "last-ditch"
                continue
            if cue.pattern.event == "history" or (cue.first not in named and not self.is_noun(view, cue)):
                found[cue.pattern.event].append(cue)
        if unmeant := found["unmeant"]:
            for kind, cues in found.items():
                found[kind] = [cue for cue in cues if not any(one.shares(cue) for one in unmeant)]
        found["ongoing"] = [
            cue
            for cue in found["ongoing"]
            if cue.verb is not None or cue.last - cue.first > 1 or not self._is_before_name(view, cue, named)
        ]
        return found

    def _is_before_name(self, view: View, cue: Match, named: set[int]) -> bool:
        """ "depuis Paris", "since the Crimea"; not "still visiting Beijing"."""
        doing = cue.last < view.last and "ger" in self._clauses.tenses(view.lower[cue.last])
        return not doing and not named.isdisjoint((cue.last, cue.last + 1))

    def is_noun(self, view: View, match: Match) -> bool:
        """Whether what looks like a verb is a noun: behind its article ("the strike", "a planned meeting between"), or
        an English base form without a subject ("their first joint exercise", but "the navies exercise").
        """
        if match.verb is None or match.verb == view.first or "part" in match.tenses:
            return False
        lower, verb = view.lower, match.verb
        if lower[verb - 1] in self._determiners:
            return lower[verb - 1] not in self._reflexives or match.tenses != {"past"}  # "la canceló"
        if not self._verb_final and match.tenses >= {"inf", "pres"} and self._clauses.is_noun_too(lower[verb]):
            return not self._is_subject(view, verb)
        described = not self._determiners.isdisjoint(lower[max(view.first, verb - 2) : verb])
        return match.tenses == {"ger"} and described and not self._belonging.isdisjoint(lower[verb + 1 : verb + 2])

    def _is_subject(self, view: View, verb: int) -> bool:
        """English: whether what stands before a base form makes it a verb: several, a name, "to" or "will"."""
        word = view.lower[verb - 1]
        return self._clauses.leaves_infinitive(word) or verb in view.subjects or word.endswith(("s", "ly"))

    def before(self, one: Trigger, kind: str, reach: int) -> Iterator[Match]:
        """The cues that stand before the trigger and govern it, or span it ("sagte seine Reise ab")."""
        match, scope = one.match, one.scope
        for cue in one.told.cues[kind]:
            if cue.first < match.first and cue.first in scope.clause and not scope.foreign(cue.first):
                last = max(cue.last, cue.particle or 0)
                if last > match.first or (scope.distance(last, match.first) < reach and self._governs(one, cue, kind)):
                    yield cue

    def is_denied(self, one: Trigger) -> bool:
        """Whether the trigger is what somebody denies: "denied that they had met", "nie avoir bombardé"."""
        lower, end = one.told.view.lower, one.match.first if one.match.verb is None else one.match.verb
        for cue in one.told.cues["denied"]:
            own = cue.first in one.scope.clause and not one.scope.foreign(cue.first)
            if own and not self._complementizers.isdisjoint(lower[max(cue.last, cue.particle or 0) : end]):
                return True
        return False

    def reaches(self, one: Trigger, cue: Match, reach: int) -> bool:
        """Whether a cue stands before the trigger in its clause, and neither a comma nor "and" parts them."""
        if not cue.last <= one.match.first < cue.last + reach or cue.first not in one.scope.clause:
            return False
        return self._parting.isdisjoint(one.told.view.lower[cue.last : one.match.first])

    def _governs(self, one: Trigger, cue: Match, kind: str) -> bool:
        """A verb does not govern what "and" joins to it with a verb of its own ("scrapped the deal and expelled the
        envoy"); one that tells a purpose governs no finite verb ("to prepare the visit he flew to Paris").
        """
        lower = one.told.view.lower
        after = any(self._is_cause(one.told.view, at) for at in range(cue.last, one.match.first))
        if after and one.nominal and kind != "planned":  # "called off the visit after the attack"
            return False
        infinitive = "inf" in one.match.tenses and not (after and "pres" in one.match.tenses)
        verbal = cue.verb is not None or self._clauses.tenses(lower[cue.first])
        if not verbal or infinitive or self._is_perfect_infinitive(one):
            return True
        if self._is_joined(one, cue) or self._is_closed(one, cue):
            return False
        verb = cue.verb or 0
        purpose = verb > 0 and cue.tenses == {"inf"} and lower[verb - 1] in self._infinitive_marks
        return one.nominal or not purpose

    def _is_cause(self, view: View, at: int) -> bool:
        """Whether "after" or the like stands there, and not German "nach" before the place that something leads to."""
        word = view.lower[at]
        return word in self._causes and not (word in self._places and at + 1 in view.names)

    def _is_joined(self, one: Trigger, cue: Match) -> bool:
        """Whether "and" or a comma, and a verb of its own, part the trigger from a cue."""
        lower, joined = one.told.view.lower, False
        end = one.match.first if one.match.verb is None else one.match.verb + 1
        for at in range(cue.last, end):
            joined = (joined or lower[at] in self._coordinators or lower[at] == ",") and lower[
                at
            ] not in self._complementizers
            if joined and not one.scope.foreign(at) and (at == one.match.verb or self._clauses.finite(lower[at])):
                return True
        return False

    def _is_closed(self, one: Trigger, cue: Match) -> bool:
        """German: whether a participle and "and" end the cue's clause ("hat … beschlossen und das Embargo …")."""
        after = one.told.view.lower[cue.last : cue.last + 1]
        return self._verb_final and "part" in cue.tenses and not self._coordinators.isdisjoint(after)

    def _is_perfect_infinitive(self, one: Trigger) -> bool:
        """German: "beschossen zu haben"."""
        verb, view = one.match.verb, one.told.view
        after = view.lower[verb + 1 : verb + 2] if verb is not None and self._verb_final else []
        return bool(after) and after[0] in self._infinitive_marks

    def _is_done_by_subject(self, one: Trigger, cue: Match) -> bool:
        """Whether the trigger calls off something else ("la huelga paralizó los trenes"), and is not what is called off
        ("la visita se canceló"); only for languages that have a word for the latter.
        """
        if not self._reflexives or not one.scope.subject or cue.last - cue.first > 1:
            return False
        lower, verb = one.told.view.lower, cue.first
        if "part" in self._clauses.tenses(lower[verb]):
            if lower[verb - 1] not in self._having:
                return False
            verb -= 1
        return lower[verb - 1] not in self._reflexives

    def inside(self, one: Trigger, kind: str) -> Iterator[Match]:
        """The cues among the trigger's words; what the trigger itself says cancels nothing ("bloquent", "bars")."""
        for cue in one.told.cues[kind]:
            own = kind == "cancelled" and not (cue.first in one.match.gaps and one.event.scheduled)
            if one.match.first <= cue.first < one.match.last and not own:
                yield cue

    def behind_all(self, one: Trigger, kind: str) -> Iterator[Match]:
        """The cues behind, those in its relative clauses too."""
        return self.behind(one, kind, relatives=True)

    def behind(self, one: Trigger, kind: str, *, relatives: bool = False) -> Iterator[Match]:
        """The cues in what is said of the trigger behind it; of a verb only adverbs and such, near it."""
        match, scope = one.match, one.scope
        far = one.nominal or (self._verb_final and kind == "ongoing")  # "beliefern … trotz aller Kritik weiter"
        last = scope.last if far else min(scope.last, match.last + _CLOSE)
        for cue in one.told.cues[kind]:
            within = match.last <= cue.first < last and (relatives or not scope.foreign(cue.first))
            verbal = cue.verb is not None or self._clauses.finite(one.told.view.lower[cue.first])
            if within and (not verbal or self._is_predicate(one, cue, kind)):
                yield cue

    def _is_predicate(self, one: Trigger, cue: Match, kind: str) -> bool:
        """Whether a verb behind speaks about the trigger: its subject's, or German, where the object stands before."""
        if not one.nominal:
            return cue.first == one.match.last
        if one.scope.adverbial:
            return kind == "done"
        if kind == "cancelled" and self._is_done_by_subject(one, cue):
            return False
        return one.scope.subject or self._verb_final or kind in ("ongoing", "done") or one.scope.foreign(cue.first)
