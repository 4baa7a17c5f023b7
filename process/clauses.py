"""Clauses: which words of a sentence speak about a trigger, and which verb it hangs on.

There is no parser here: marks, conjunctions, relative pronouns and the verb forms that the lexicon knows tell enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from process.lexicon import Lexicon
from process.patterns import Match, View

_HARD = frozenset(";:“”«»„()—–|") | {'"'}
_QUOTES = frozenset('"“”«»„')
_QUOTED_NAME = 4
"""Words between quotation marks that are a name in its sentence („Trident Juncture“), not somebody's speech."""
_APPOSITION = 4
"""Words before a relative pronoun that may be its noun told again (", the commodore who had promised …")."""
_RELATIVE = 30
"""Tokens of the longest relative clause."""
_PREDICATE = 28
"""How far behind its subject a predicate may stand."""
_INSERTION = 9
"""Tokens of the longest insertion that is no relative clause (", Switzerland,")."""
_INSERTIONS = 3
"""How many insertions, or members of an enumeration, may part a subject from its verb."""
_MEMBER = 4
"""How far behind a comma the "and" of an enumeration may stand."""
_NEAR = 3
"""How many words (article, adjectives) may stand between a preposition and its noun."""
_BEFORE = 3
"""How far before an infinitive its auxiliary may stand: "will not yet leave"."""
_MODAL = frozenset({"fut", "cond"})
_FINITE = frozenset({"pres", "past", "fut", "cond"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Tokens [first, last)."""

    first: int
    last: int

    def __contains__(self, token: int) -> bool:
        return self.first <= token < self.last


@dataclass(frozen=True, slots=True)
class Scope:
    """What speaks about a trigger: its clause, the relative clauses of the sentence, the end of the words behind it
    that do (its predicate), and the tenses of the verb that it hangs on, where known. A noun is the `subject` where no
    verb stands before it, `adverbial` behind a preposition ("at the summit").
    """

    clause: Clause
    relatives: Sequence[Clause]
    own: Clause | None  # the relative clause that the trigger itself is in
    last: int
    subject: bool
    adverbial: bool
    tenses: frozenset[str]

    def foreign(self, token: int) -> bool:
        """Whether a token belongs to a relative clause that the trigger is not in."""
        if self.own:
            return token not in self.own
        return any(token in one for one in self.relatives)

    def distance(self, first: int, last: int) -> int:
        """Tokens from `first` to `last`, without the relative clauses between."""
        skipped = sum(one.last - one.first for one in self.relatives if first <= one.first and one.last <= last)
        return max(0, last - first - skipped)


class ClauseReader:
    """The clauses of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        names = lexicon.names
        self._stops = frozenset(_HARD | names["breakers"])
        self._relatives, self._coordinators = names["relatives"], names["coordinators"]
        self._verb_final = lexicon.verb_final
        self._perfect, self._prepositions = names["perfect"], names["locative"]
        self._verbs, self._homographs = lexicon.verbs, lexicon.plain_presents - names["perfect"] - names["progressive"]
        self._finite = frozenset(
            word for word, tenses in lexicon.verbs.items() if tenses & _FINITE and "inf" not in tenses
        )
        self._determiners, self._modals = names["determiners"], names["modals"] | names["infinitive_marks"]
        self._infinitive_marks = names["infinitive_marks"]
        self._before_nouns = names["determiners"] | names["locative"]
        self._also_nouns = names["homographs"] | {word.removesuffix("s") for word in names["homographs"]}

    def clause(self, view: View, match: Match) -> Clause:
        """To the next hard stop, or word that opens another thought, on both sides of a match."""
        first, last = match.first, match.last
        while first > view.first and (step := self._step(view, first - 1, -1)):
            first -= step
        while last < view.last and (step := self._step(view, last, 1)):
            last += step
        return Clause(first, last)

    def _step(self, view: View, at: int, way: int) -> int:
        """How many tokens the clause grows by at `at`: one for a word, all of a short quoted name, 0 at a stop."""
        word = view.lower[at]
        if word not in self._stops or (self._verb_final and word.isalpha() and view.lower[at - 1] != ","):
            return 1
        if view.lower[at] in _QUOTES:
            for size in range(2, _QUOTED_NAME + 2):
                other = at + way * size
                if not view.first <= other < view.last or view.lower[other] in self._stops - _QUOTES:
                    return 0
                if view.lower[other] in _QUOTES:
                    return size + 1
        return 0

    def relatives(self, view: View) -> list[Clause]:
        """The relative clauses between commas: ", who had denied it," and the like."""
        found: list[Clause] = []
        lower = view.lower
        commas = [at for at in range(view.first, view.last) if lower[at] == ","]
        for number, at in enumerate(commas):
            if found and at < found[-1].last:
                continue
            end = commas[number + 1] if number + 1 < len(commas) else view.last
            reach = 1 if self._verb_final else _APPOSITION
            opens = any(lower[token] in self._relatives for token in range(at + 1, min(at + 1 + reach, end)))
            if opens and end - at <= _RELATIVE and (not self._verb_final or self._closes(lower, end)):
                found.append(Clause(at + 1, end))
        return found

    def _closes(self, lower: Sequence[str], end: int) -> bool:
        """German: a finite verb stands before the end ("…, der am Montag anreist,"), else it is an enumeration, or the
        object of an infinitive.
        """
        last = end - 1
        while last > 0 and not lower[last][0].isalnum():
            last -= 1
        if lower[last - 1] in self._infinitive_marks:  # ", das Abkommen zu unterzeichnen"
            return False
        return bool(self._verbs.get(lower[last], frozenset()) & (_FINITE | {"inf"}))

    def scope(self, view: View, match: Match, clause: Clause, relatives: Sequence[Clause]) -> Scope:
        """Everything in the sentence that speaks about a match."""
        own = next((one for one in relatives if match.first in one), None)
        first, last = (max(clause.first, own.first), min(clause.last, own.last)) if own else (clause.first, clause.last)
        rest = Scope(Clause(first, last), relatives, own, last, False, False, frozenset())
        verbs = (at for at in range(match.first - 1, first - 1, -1) if self._governs(view, at, rest))
        before = next((at for at in verbs if not self._qualifies(view, at, match)), None)
        if before is None:  # "was killed" may stand in the trigger as plain words
            before = next((at for at in range(match.first, match.last) if self._has_finite(view, at, rest)), None)
        behind = self._behind(view, match, rest, found=before is not None or match.verb is not None)
        adverbial = match.verb is None and self._is_adverbial(view, match)
        subject = before is None and match.verb is None and not adverbial
        tenses = self._tenses(view, match, before, behind, rest)
        return Scope(rest.clause, relatives, own, behind, subject, adverbial, tenses)

    def _is_adverbial(self, view: View, match: Match) -> bool:
        """Whether a preposition stands right before the match: "at the summit"."""
        near = view.lower[max(view.first, match.first - _NEAR) : match.first]
        return any(word in self._prepositions for word in near)

    def _governs(self, view: View, at: int, scope: Scope) -> bool:
        return self._has_finite(view, at, scope) or (self._is_plural(view, at, scope.clause) and not scope.foreign(at))

    def _has_finite(self, view: View, at: int, scope: Scope) -> bool:
        return (self.finite(view.lower[at]) or self._is_named_verb(view, at)) and not scope.foreign(at)

    def _is_plural(self, view: View, at: int, clause: Clause) -> bool:
        """Whether what may be an infinitive is the present tense of several: "ministers meet", no "will" before it."""
        word, lower = view.lower[at], view.lower
        if not self.tenses(word) >= {"inf", "pres"} or "past" in self.tenses(word) or at == view.first:
            return False
        if lower[at - 1] in self._before_nouns or (self.is_noun_too(word) and at not in view.subjects):
            return False
        near = lower[clause.first if self._verb_final else max(view.first, at - _BEFORE) : at]
        return not any(self.leaves_infinitive(one) for one in near)

    def _is_named_verb(self, view: View, at: int) -> bool:
        """Whether what may be a noun is the verb of a name before it: "Macron visits"."""
        return view.lower[at] in self._homographs and at in view.subjects

    def _qualifies(self, view: View, at: int, match: Match) -> bool:
        """Whether a participle is the match's adjective: "a planned meeting", "die im Mai vereinbarte Waffenruhe"."""
        if "part" not in self.tenses(view.lower[at]) or at + 1 + self._verb_final < match.first:
            return False
        near = view.lower[max(view.first, at - (_NEAR if self._verb_final else 1)) : at]
        return not self._determiners.isdisjoint(near)

    def finite(self, word: str) -> bool:
        """Whether a word can only be a finite verb."""
        return word in self._finite

    def follows_name(self, view: View, at: int) -> bool:
        """Whether the token behind a name is its verb: "Macron visits", "Iran and Iraq agree"."""
        word = view.lower[at]
        return self.finite(word) or self._is_named_verb(view, at) or self.tenses(word) >= {"inf", "pres"}

    def is_noun_too(self, word: str) -> bool:
        """Whether a base form, or its present tense, is a noun as well: "strike", "strikes"."""
        return word in self._also_nouns

    def leaves_infinitive(self, word: str) -> bool:
        """Whether a word makes what follows an infinitive: "to", "can", "will"."""
        return word in self._modals or not _MODAL.isdisjoint(self.tenses(word))

    def tenses(self, word: str) -> frozenset[str]:
        """What a verb form shows; empty for a word that is none."""
        return self._verbs.get(word, frozenset())

    def _behind(self, view: View, match: Match, scope: Scope, *, found: bool) -> int:
        """The end of what is said of the match behind it: where, its verb told, another thought begins."""
        at, end, inserted = match.last, min(scope.clause.last, match.last + _PREDICATE), 0
        if not found and view.lower[at : at + 1] == [","] and "," in view.lower[match.first : match.last]:
            at += 1  # it closes what a comma in the match has opened ("the visit of the envoy, Tom Barrack, …")
        while at < end:
            word = view.lower[at]
            joins = word in self._coordinators and not _joins_names(view, at)
            told = found or (self._verb_final and "part" in self.tenses(view.lower[at - 1]))  # "ist eingetroffen und …"
            if (found and word == ",") or (told and joins):
                return at
            if word == ",":
                after = self._after_insertion(view, at, end, scope) or self._after_apposition(view, match, at)
                inserted += 1
                if not after or inserted > _INSERTIONS:
                    return at
                at = after
                continue
            found = found or self._governs(view, at, scope)
            at += 1
        return end

    def _after_insertion(self, view: View, comma: int, end: int, scope: Scope) -> int:
        """The token behind what is put in between commas, or the next member of an enumeration; 0 for neither."""
        for one in scope.relatives:
            if one.first == comma + 1:
                return one.last + 1
        for at in range(comma + 1, min(comma + _INSERTION, end)):
            if view.lower[at] == ",":
                return at + 1
            if at <= comma + _MEMBER and view.lower[at] in self._coordinators:
                return at + 1
        return 0

    def _after_apposition(self, view: View, match: Match, comma: int) -> int:
        """The next token where the match tells a name again ("Balikatan, the war games, will …"); else 0."""
        lower, first = view.lower, view.first
        opens = any(lower[at] == "," for at in range(first + 1, min(first + _NEAR + 1, match.first)))
        return comma + 1 if opens and lower[first] not in self._prepositions else 0

    def _tenses(self, view: View, match: Match, before: int | None, behind: int, scope: Scope) -> frozenset[str]:
        if match.verb is not None:
            return match.tenses
        after = next((at for at in range(match.last, behind) if self._governs(view, at, scope)), None)
        at = before if before is not None else after
        if at is None or view.lower[at] in self._perfect:
            return frozenset()
        return self.tenses(view.lower[at]) if self.finite(view.lower[at]) else frozenset({"pres"})

    def auxiliary(self, view: View, clause: Clause) -> bool:
        """Whether a verb that forms the perfect stands in a clause."""
        return any(view.lower[at] in self._perfect for at in range(clause.first, clause.last))


def _joins_names(view: View, at: int) -> bool:
    """Whether the "and" at a token joins names ("with Russia and China")."""
    before = any(end == at for _, end in view.names.values())
    return before and any(token in view.names for token in (at + 1, at + 2))
