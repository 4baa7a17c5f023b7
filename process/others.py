"""Names of another thought than the trigger's, where no comma tells: before a relative clause, or an "and"."""

from process.clauses import ClauseReader
from process.lexicon import Lexicon
from process.mention import Mention
from process.scene import Scene

_RELATIVE = 12
"""How far before the trigger the pronoun of its relative clause may stand."""
_OWNED = 4
"""How many words may part an owner from the trigger: "Israel's latest air attack"."""
_TIME = 6
"""How far before the trigger the word of time may stand that leads to it."""
_STOPS = frozenset(";:()—–")
_JOINT = 2
"""Words that may part two names of one row ("China and the")."""


class OtherThoughts:
    """The rules of one language. There are verbs enough in its lexicon to tell where a thought ends."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        names, self._clauses = lexicon.names, clauses
        self._relatives, self._needs_comma = names["relatives"] - names["where"], lexicon.verb_final
        self._also_that, self._coordinators = names["complementizers"], names["coordinators"]
        self._determiners, self._auxiliaries = names["determiners"], names["perfect"] | names["progressive"]
        self._beyond = names["determiners"] | names["locative"] | names["possessive"]
        self._prepositions = names["locative"] | names["possessive"]
        self._times, self._speech = names["times"], names["speech"]
        self._refers = names["pronouns"] | names["possessives"]

    def parts(self, scene: Scene, one: Mention) -> bool:
        """Whether a name before the trigger belongs to another thought."""
        if one.last >= scene.match.first:
            return False
        return (
            self._is_before_relative(scene, one)
            or self._is_before_and(scene, one)
            or self._is_before_time(scene, one)
            or self._is_before_owner(scene, one)
        )

    def _is_before_relative(self, scene: Scene, one: Mention) -> bool:
        """Before the noun of which the trigger's clause speaks: "praised the officers who arrested X"."""
        at = self._pronoun(scene) if not scene.event.provided else None
        if at is None or one.first > at or not self._is_told(scene, one.last, at):
            return False
        return self._refers.isdisjoint(scene.view.lower[at + 1 : scene.match.last])

    def _pronoun(self, scene: Scene) -> int | None:
        """Where the pronoun of the trigger's relative clause stands."""
        lower, view, match = scene.view.lower, scene.view, scene.match
        named = {token for one in scene.mentions for token in range(one.first, one.last)}
        own = next((one for one in scene.relatives if match.first in one), None)
        if own:
            at = next((at for at in range(own.first, match.first) if lower[at] in self._relatives), None)
            doubtful = at is None or (lower[at] in self._also_that and own.first - 2 not in named)
            return None if match.verb is None or doubtful else at
        if self._needs_comma:
            return None
        passed, verbs = False, 0
        for at in range(match.first - 1, max(view.first, match.first - _RELATIVE), -1):
            word = lower[at]
            if word in self._relatives:
                doubtful = word in self._also_that and (passed or self._leads(lower[at - 1]))
                return at if at - 1 not in named and lower[at - 1].isalpha() and not doubtful else None
            verbs += self._clauses.finite(word) and word not in self._auxiliaries
            passed = passed or at in named or word in self._refers or word in self._determiners
            if not word[0].isalnum() or word in self._coordinators or verbs > (match.verb is None):
                return None
        return None

    def _leads(self, word: str) -> bool:
        """Whether a word makes the "that" behind it no pronoun: a verb, a preposition ("el anuncio de que")."""
        return bool(self._clauses.tenses(word)) or word in self._prepositions

    def _is_before_and(self, scene: Scene, one: Mention) -> bool:
        """In a thought with its verb, before another that has a subject: "X rejected it and Y opened talks"."""
        lower, match = scene.view.lower, scene.match
        starts = {other.first for other in scene.mentions}
        for at in range(match.first - 1, one.last, -1):
            if lower[at] in _STOPS:
                return False
            if lower[at] not in self._coordinators:
                continue
            opens = at + 1 in starts or lower[at + 1] in self._determiners
            if opens and not self._joins(scene, at) and self._is_told(scene, one.last, at):
                end = match.first + 1 if match.verb is not None else match.first
                return self._is_told(scene, at + 1, end)
        return False

    def _is_before_time(self, scene: Scene, one: Mention) -> bool:
        """What a verb acts upon, before a word of time that leads to the trigger: "met Xi ahead of talks with Iran"."""
        lower, match = scene.view.lower, scene.match
        near = range(match.first - 1, max(one.last, match.first - _TIME) - 1, -1)
        ends = self._times | self._relatives
        at = next((at for at in near if lower[at] in ends or self._clauses.finite(lower[at])), None)
        if at is None or lower[at] not in self._times:
            return False
        own = scene.event.won or any(other.first > at for other in scene.mentions)
        acts = self._clauses.follows_name(scene.view, one.last) or lower[one.last] in self._auxiliaries
        said = not self._speech.isdisjoint(lower[scene.view.first : one.first])
        subjects = (other.last for other in scene.mentions if other.last < one.first)
        told = self._is_told(scene, scene.view.first, one.first)
        told = told or any(self._clauses.follows_name(scene.view, at) for at in subjects)  # "Iran meets Grossi"
        return own and told and not acts and not said

    def _is_before_owner(self, scene: Scene, one: Mention) -> bool:
        """Who speaks of another's deed: "worked on a plan to end Israel's invasion", "praised Rubio's visit"."""
        lower, match = scene.view.lower, scene.match
        if scene.event.mutual:
            return False
        end = match.verb if match.verb is not None else match.last
        owners = (other for other in scene.mentions if one.last < other.first and other.last < end)
        owners = (other for other in owners if lower[other.last] == "'s" and match.first - other.last <= _OWNED)
        near = (other for other in owners if self._beyond.isdisjoint(lower[other.last : match.first]))
        owner = next((other for other in near if other.name != one.name), None)
        return owner is not None and self._is_told(scene, one.last, owner.first)

    def _joins(self, scene: Scene, at: int) -> bool:
        """Whether the "and" joins two names: "with Russia and the US"."""
        return any(other.last == at for other in scene.mentions) and any(
            at < other.first <= at + _JOINT for other in scene.mentions
        )

    def _is_told(self, scene: Scene, first: int, last: int) -> bool:
        """Whether a verb stands in [first, last)."""
        words = scene.view.lower[first:last]
        return any(self._clauses.finite(word) or word in self._auxiliaries for word in words)
