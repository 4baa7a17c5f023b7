"""What the verb of a trigger shows: which of its words it is, its tense, and infinitives that are only meant."""

from dataclasses import replace

from process.clauses import ClauseReader, Scope
from process.cues import CueReader, Told, Trigger
from process.lexicon import Lexicon
from process.patterns import Match, View

_BEGUN = 2
_BEGUN_FAR = 10
"""How many tokens may part "begin" from its infinitive, and an auxiliary from its verb."""


class VerbReader:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader, cues: CueReader) -> None:
        names = lexicon.names
        self._verb_final, self._clauses, self._cues = lexicon.verb_final, clauses, cues
        self._infinitive_marks, self._progressive = names["infinitive_marks"], names["progressive"]
        self._clitics = names["clitics"]
        self._are = frozenset(word for word in names["progressive"] if word.isalpha())  # not "Lavrov's meeting"
        self._perfect, self._passive, self._determiners = names["perfect"], names["passive"], names["determiners"]
        self._perfect_infinitives = names["perfect_infinitives"]
        self._plain_presents = lexicon.plain_presents

    def own_verb(self, told: Told, match: Match) -> Match:
        """Without a verb that is a noun, or another clause's ("the summit, which was to open in May, …"); with one that
        the trigger has as a plain word ("landed in").
        """
        if match.verb is None:
            match = self._with_plain_verb(told.view, match)
        match = self._with_participle(told.view, match)
        if self._is_attributive(told.view, match):
            return replace(match, verb=None, tenses=frozenset())
        if self._is_plain_past(told.view, match):
            match = replace(match, tenses=frozenset({"past"}))
        if self._is_state(told.view, match):
            match = replace(match, tenses=match.tenses - {"past"})
        if self._cues.is_noun(told.view, match):
            return replace(match, verb=None, tenses=frozenset())
        for one in told.relatives:
            if match.verb is not None and match.verb in one and match.first < one.first:
                return replace(match, verb=None, tenses=frozenset(), last=one.first - 1)
        return match

    def _with_plain_verb(self, view: View, match: Match) -> Match:
        lower, ends = view.lower, view.subjects
        for at in range(match.first, match.last):
            if at in match.gaps:
                continue
            if self._is_verb(lower[at]) or (self._clauses.tenses(lower[at]) & {"past"} and at in ends):
                return replace(match, verb=at, tenses=self._clauses.tenses(lower[at]))
            if self._is_infinitive(view, at):  # "would visit"
                return replace(match, verb=at, tenses=frozenset({"inf"}))
            if lower[at] in self._plain_presents and at in ends:  # "Macron travels to", no noun as in "his travels"
                return replace(match, verb=at, tenses=frozenset({"pres"}))
            if at > view.first and lower[at - 1] in self._are and self._clauses.tenses(lower[at]) == {"ger"}:
                return replace(match, verb=at, tenses=frozenset({"ger"}))  # "is flying to"
        return match

    def _with_participle(self, view: View, match: Match) -> Match:
        """ "a eu … au bout du fil": what is matched as the verb is the auxiliary of the participle behind it."""
        verb = match.verb
        if self._verb_final or verb is None or verb + 1 not in match.gaps or view.lower[verb] not in self._perfect:
            return match
        tenses = self._clauses.tenses(view.lower[verb + 1])
        return replace(match, verb=verb + 1, tenses=tenses) if "part" in tenses else match

    def _is_attributive(self, view: View, match: Match) -> bool:
        """ "the seized ship", "la retirada": a participle behind its article, which in German may be a pronoun."""
        if self._verb_final or match.verb is None or match.verb == view.first or "part" not in match.tenses:
            return False
        return view.lower[match.verb - 1] in self._determiners

    def _is_plain_past(self, view: View, match: Match) -> bool:
        """ "put", "cut": what looks like an infinitive is none without "to" or "will"."""
        if match.verb is None or not match.tenses >= {"inf", "past"} or self._verb_final:
            return False
        near = view.lower[max(view.first, match.verb - 2) : match.verb]
        return self._infinitive_marks.isdisjoint(near) and not any(
            self._clauses.tenses(word) & {"fut", "cond"} for word in near
        )

    def _is_verb(self, word: str) -> bool:
        """Whether a plain word of a trigger is its verb; a German past may be an adjective ("die inhaftierten …")."""
        tenses = self._clauses.tenses(word)
        if self._verb_final:
            return bool(tenses & {"pres", "part"}) and not tenses & {"past", "inf"}
        return self._clauses.finite(word)

    def _is_infinitive(self, view: View, at: int) -> bool:
        """Right behind "will" or "would"."""
        if at == view.first or "inf" not in self._clauses.tenses(view.lower[at]):
            return False
        return bool(self._clauses.tenses(view.lower[at - 1]) & {"fut", "cond"})

    def _is_state(self, view: View, match: Match) -> bool:
        """ "are headed": a participle, though it looks like the past."""
        if match.verb is None or not match.tenses >= {"part", "past"}:
            return False
        return not self._progressive.isdisjoint(view.lower[max(view.first, match.verb - 2) : match.verb])

    def is_conditional(self, one: Trigger) -> bool:
        if one.scope.tenses == {"cond"}:
            return one.scope.subject or not one.nominal
        match, view = one.match, one.told.view
        if match.verb is None or "inf" not in match.tenses:
            return False
        before = view.lower[max(view.first, match.verb - _BEGUN) : match.verb]
        return any(self._clauses.tenses(word) == {"cond"} for word in before)

    def is_begun(self, one: Trigger) -> bool:
        """ "began to withdraw", "continuent d'attaquer"."""
        verb = one.match.verb or one.match.first
        reach = _BEGUN_FAR if self._verb_final else _BEGUN  # "begonnen, Ziele in Libyen aus der Luft anzugreifen"
        return any(verb - reach <= cue.last <= verb for cue in one.told.cues["ongoing"] if cue.verb is not None)

    def is_passive(self, one: Trigger, cue: Match) -> bool:
        """German: "wird verhandelt" is no future, "soll geliefert haben" hearsay of what is past."""
        match, lower = one.match, one.told.view.lower
        if not self._verb_final or match.verb is None or "part" not in match.tenses:
            return False
        after = lower[match.verb + 1] if match.verb + 1 < one.told.view.last else ""
        return after in self._perfect_infinitives or (lower[cue.first] in self._passive and after not in self._passive)

    def is_perfect(self, one: Trigger) -> bool:
        """ "ont signé un accord": what it brings may lie ahead ("… qui prévoit de …"), it does not."""
        match, view = one.match, one.told.view
        if match.verb is None or "part" not in match.tenses or self._verb_final:
            return False
        return not self._perfect.isdisjoint(view.lower[max(view.first, match.verb - 2) : match.verb])

    def is_marked_infinitive(self, one: Trigger) -> bool:
        """ "to visit", "zu entsenden", "abzuziehen", "para visitar": what is only meant yet."""
        match, view = one.match, one.told.view
        if "inf" not in match.tenses or match.verb is None:
            return False
        if self._verb_final and "zu" in view.lower[match.verb][1:] and not self._clauses.tenses(view.lower[match.verb]):
            return True
        at = match.verb - 1
        if at > view.first and view.lower[at] in self._clitics:  # "avant de s'envoler"
            at -= 1
        return at >= view.first and view.lower[at] in self._infinitive_marks

    def is_progressive(self, one: Trigger) -> bool:
        """ "are practising", "are being exchanged"."""
        match, lower = one.match, one.told.view.lower
        if match.verb is None:
            return one.event.lasts and self._is_predicate_progressive(one)
        before = lower[max(one.told.view.first, match.verb - 2) : match.verb]
        return bool("ger" in match.tenses or "being" in before) and not self._progressive.isdisjoint(before)

    def _is_predicate_progressive(self, one: Trigger) -> bool:
        """ "warships are cruising off": of a noun its predicate."""
        match, lower = one.match, one.told.view.lower
        last = one.scope.last if one.scope.subject else match.last
        return any(
            lower[at] in self._are and self._clauses.tenses(lower[at + 1]) == {"ger"} and not one.scope.foreign(at)
            for at in range(match.first, last - 1)
        )

    def is_german_perfect(self, one: Trigger) -> bool:
        """ "hat … verteilt"."""
        if not self._verb_final or one.match.verb is None or "part" not in one.scope.tenses:
            return False
        return self._clauses.auxiliary(one.told.view, one.scope.clause)

    def is_present(self, one: Trigger) -> bool:
        """Whether the trigger's verb stands in the present tense, and means it."""
        tenses, view, clause = one.scope.tenses, one.told.view, one.scope.clause
        if self._verb_final and one.match.verb is not None and "part" in tenses and not one.told.headline:
            if self.is_german_perfect(one):
                return False
            return "pres" in tenses or not self._passive.isdisjoint(view.lower[clause.first : clause.last])
        if one.told.headline or "pres" not in tenses or tenses & {"past", "fut", "cond"}:
            return False
        return not self._clauses.auxiliary(view, clause) if self._verb_final else "part" not in tenses


def is_past(scope: Scope) -> bool:
    """Whether the verb can only tell of what is past; what it has brought may lie ahead ("an accord that will …")."""
    return "past" in scope.tenses and not scope.tenses & {"pres", "inf"}
