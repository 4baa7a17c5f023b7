"""What parts a name from a trigger: a compound ("pro-Trump"), kinship ("son of …"), a clause or phrase of its own."""

from collections.abc import Iterator, Set

from process.clauses import ClauseReader
from process.lexicon import Lexicon
from process.mention import Mention
from process.others import OtherThoughts
from process.scene import Scene

_HYPHENS = frozenset("-–")
_CURRENCY = frozenset("$€£")
_KIN = 12
"""How far behind "son of" the name may stand ("son of former president X and of …")."""
_AFTER = 5
"""How far behind a name the kin may be named ("X's eldest daughter, Y")."""
_VERB = 12
"""How far behind "as" the verb of its clause may stand."""
_OWNER = 2
"""How many words may part "his" from "visit"."""
_FINITE = frozenset({"pres", "past", "fut", "cond"})
_TOWNS = frozenset({"capital", "city"})
_LANDS = frozenset({"territory", "region"})
_TITLE = 3
"""Words from "since" to whose event it was since ("since President Maduro's ouster")."""
_TITLES = 5
"""Words of a name's title: "as U.S. Secretary of State Marco Rubio …"."""


class Ties:
    """The rules of one language. A language without such compounds or clauses has empty lists for them."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        names, self._clauses = lexicon.names, clauses
        self._others = OtherThoughts(lexicon, clauses)
        self._camps, self._backed = names["camps"], names["backed"]
        self._relations, self._genitive = names["relations"], names["possessive"]
        self._possessives, self._prepositions = names["possessives"], names["locative"] | names["possessive"]
        self._origins, self._officials = names["origins"], names["officials"]
        self._meanwhile, self._absolutes = names["meanwhile"], names["absolutes"]
        self._openers = self._meanwhile | self._absolutes | {","}
        self._subordinators, self._agents = names["subordinators"], names["agents"]
        self._determiners, self._apart = names["determiners"], names["places_only"]
        self._speech = names["speech"]
        self._times, self._coordinators = names["causes"] | names["subordinators"], names["coordinators"]
        self._wholes, self._judging, self._they = names["wholes"], names["judging"], names["pronouns"]
        self._they -= self._possessives
        self._objects = names["objects"]
        self._joints = names["coordinators"] | names["relatives"] | {","}
        self._accords, self._appointing, self._civilians = names["accords"], names["appointing"], names["civilians"]

    def parted(self, scene: Scene, one: Mention) -> bool:
        """Whether something shows that the name takes no part in what the trigger tells."""
        return (
            self._is_in_compound(scene, one)
            or self.is_kin(scene, one)
            or self._is_set_aside(scene, one)
            or self._is_in_other_clause(scene, one)
            or self._is_in_relative(scene, one)
            or self._is_in_main_clause(scene, one)
            or self.is_ground(scene, one)
            or self._owns_another(scene, one)
            or self._has_verb(scene, one)
            or self._is_in_phrase(scene, one)
            or self._is_judging(scene, one)
            or self._others.parts(scene, one)
        )

    def compounded(self, scene: Scene, one: Mention) -> bool:
        """Whether it is one of two in a row that deal with each other: "US-Iran talks"."""
        lower = scene.view.lower
        joined = (
            min(other.last, one.last)
            for other in scene.mentions
            if other.first == one.last + 1 or one.first == other.last + 1
        )
        return any(lower[at] in _HYPHENS for at in joined)

    def sent(self, scene: Scene, one: Mention) -> bool:
        """Whether it is a party's name, behind "from": "negotiators from Ukraine"."""
        at = one.first - 1
        while at > scene.view.first and scene.view.lower[at] in self._determiners:
            at -= 1
        return (
            at > scene.view.first
            and scene.view.lower[at] in self._origins
            and scene.view.lower[at - 1] in self._officials
        )

    def owner(self, scene: Scene) -> Mention | None:
        """Whose the trigger is: "Erdogan put off his visit"."""
        lower, view, first = scene.view.lower, scene.view, scene.match.first
        near = range(max(view.first, first - _OWNER), first + 1)
        at = next((at for at in near if lower[at] in self._possessives), None)
        if at is None:
            return None
        people = (one for one in reversed(scene.mentions) if one.label == "PERSON" and one.last <= at)
        return next((one for one in people if not self._is_beside(scene, one)), None)

    def _is_beside(self, scene: Scene, one: Mention) -> bool:
        """Behind a preposition or a word for kin ("his wife X"), so no subject."""
        before = scene.view.lower[one.first - 1] if one.first > scene.view.first else ""
        return before in self._prepositions or before in self._relations

    def _is_in_compound(self, scene: Scene, one: Mention) -> bool:
        """ "pro-Trump leaders", "US-mediated talks", "U.S.$2 billion"."""
        words = scene.view.lower
        camp = one.first > 1 and words[one.first - 1] in _HYPHENS and words[one.first - 2] in self._camps
        after = words[one.last : one.last + 2]
        backed = len(after) > 1 and after[0] in _HYPHENS and after[1] in self._backed
        mediates = one.first > 1 and words[one.first - 1] in self._agents and words[one.first - 2] in self._backed
        return camp or backed or mediates or (len(after) > 0 and after[0] in _CURRENCY)

    def is_kin(self, scene: Scene, one: Mention) -> bool:
        """ "son of X and Y", "X's daughter", "X allies": who is called so acts, not they."""
        lower, view = scene.view.lower, scene.view
        if one.label == "PERSON" and not self._relations.isdisjoint(lower[one.last : one.last + 1]):
            return True
        after = range(one.last + 1, min(one.last + _AFTER, view.last))
        if lower[one.last : one.last + 1] == ["'s"] and any(lower[at] in self._relations for at in after):
            return any(other.label == "PERSON" and other.first - 1 in after for other in scene.mentions)
        for at in range(one.first - 1, max(view.first, one.first - _KIN), -1):
            if lower[at] in self._genitive and lower[at - 1] in self._relations:
                return True
            participle = "part" in self._clauses.tenses(lower[at])  # "and assassinated president Y"
            if not lower[at][0].isalnum() or (self._clauses.finite(lower[at]) and not participle):
                return False
        return False

    def _is_set_aside(self, scene: Scene, one: Mention) -> bool:
        """An adjective in a phrase of place of its own: "in an Australian court"."""
        lower, at = scene.view.lower, one.first - 1
        if one.kind != "adjective" or one.last >= scene.match.first:
            return False
        while at > scene.view.first and lower[at] in self._determiners:
            at -= 1
        return at >= scene.view.first and lower[at] in self._apart

    def _is_in_other_clause(self, scene: Scene, one: Mention) -> bool:
        """Beyond "as Trump pressed …", "with ICE making …", or behind ", accusing …"."""
        low, high = min(one.last, scene.match.last), max(one.first, scene.match.first)
        between = scene.view.lower[low:high]
        return not self._openers.isdisjoint(between) and any(self._opens(scene, at) for at in range(low, high))

    def _is_in_relative(self, scene: Scene, one: Mention) -> bool:
        """In another noun's relative clause: "the envoy, whom Putin had received,"."""
        return any(one.first in relative and scene.match.first not in relative for relative in scene.relatives)

    def _is_in_main_clause(self, scene: Scene, one: Mention) -> bool:
        """Before the conjunction of a trigger that has a subject of its own: "X fled days after Y was overthrown"."""
        match, lower = scene.match, scene.view.lower
        if one.last >= match.first or self._subordinators.isdisjoint(lower[one.last : match.first]):
            return False
        subject = any(other.last == match.first for other in scene.mentions)
        if not (match.tenses or subject):
            return False
        opens = (at for at in range(match.first - 1, one.last - 1, -1) if lower[at] in self._subordinators)
        at = next(opens, None)
        return at is not None and any(at < other.first < match.first for other in scene.mentions)

    def is_ground(self, scene: Scene, one: Mention) -> bool:
        """A land that only tells where: "the Gaza ceasefire", "a Rhode Island school", "the border of Gaza"; so does
        the town of an accord ("the Paris Agreement").
        """
        if one.role in _TOWNS and self._names_accord(scene, one):
            return True
        if one.role not in _LANDS:
            return False
        lower, view, match, at = scene.view.lower, scene.view, scene.match, one.first - 1
        behind = lower[one.last] if one.last < view.last else ""
        noun = behind.isalpha() and not self._clauses.tenses(behind) and behind not in self._prepositions
        if one.kind == "name" and noun and one.first > view.first:
            return True
        if behind == "'s" and not self._owns(scene, one):  # "Gaza's reconstruction"
            return True
        while at > view.first and lower[at] in self._determiners:
            at -= 1
        owner = at > view.first and lower[at] in self._genitive
        return owner and not match.first <= at - 1 < match.last and lower[at - 1] not in self._officials

    def _names_accord(self, scene: Scene, one: Mention) -> bool:
        """ "the Paris Agreement", "les accords de Minsk"."""
        lower, first = scene.view.lower, one.first
        behind = (
            first - 1 > scene.view.first and lower[first - 1] in self._genitive and lower[first - 2] in self._accords
        )
        return behind or not self._accords.isdisjoint(lower[one.last : one.last + 1])

    def is_civilian(self, scene: Scene, one: Mention) -> bool:
        """Whether it only tells where somebody is from who acts for nobody: "German men were detained"."""
        beside = scene.view.lower[max(scene.view.first, one.first - 1) : min(one.last + 1, scene.view.last)]
        return one.kind == "adjective" and not self._civilians.isdisjoint(beside)

    def appoints(self, scene: Scene, one: Mention) -> bool:
        """Whether it is who puts another in an office or out of it: "Trump fires Bolton", "Obama appointed him"."""
        lower, match = scene.view.lower, scene.match
        at = next((at for at in range(one.last, match.last) if lower[at] in self._appointing), None)
        if at is not None and not self._objects.isdisjoint(lower[at + 1 : at + 2]):
            return True
        others = (other for other in scene.mentions if other.label == "PERSON" and other.name != one.name)
        return at is not None and any(other.first > at and not self.is_agent(scene, other, at) for other in others)

    def _owns(self, scene: Scene, one: Mention) -> bool:
        """Whether the trigger is a name's: "Iran's nuclear talks", but not "Gaza's rebuilding and sent troops"."""
        match = scene.match
        between = scene.view.lower[one.last : match.first]
        return one.last <= match.first <= one.last + _AFTER and self._coordinators.isdisjoint(between)

    def _owns_another(self, scene: Scene, one: Mention) -> bool:
        """Whose event the trigger's came after, or before: "the first trip since President Maduro's ouster"."""
        lower, match = scene.view.lower, scene.match
        if one.first < match.last or lower[one.last : one.last + 1] != ["'s"]:
            return False
        near = lower[max(match.last, one.first - _TITLE) : one.first]
        return not self._times.isdisjoint(near)

    def _has_verb(self, scene: Scene, one: Mention) -> bool:
        """Whether it is the subject of a clause put behind the trigger's by a comma: "police to deploy, Iran says"."""
        lower, view, at = scene.view.lower, scene.view, one.first - 1
        if at < scene.match.last or one.last >= view.last or one.kind == "adjective":
            return False
        while at > scene.match.last and lower[at] in self._determiners:
            at -= 1
        speaks = lower[one.last] in self._speech
        return lower[at] == "," and (speaks or self._clauses.follows_name(view, one.last))

    def _is_in_phrase(self, scene: Scene, one: Mention) -> bool:
        """What another noun is of: "as part of U.N. peacekeepers", "in front of a flag of X"."""
        lower, at = scene.view.lower, one.first - 1
        while at > scene.view.first and lower[at] in self._determiners:
            at -= 1
        return at > scene.view.first and lower[at] in self._genitive and lower[at - 1] in self._wholes

    def _is_judging(self, scene: Scene, one: Mention) -> bool:
        """Who only prosecutes it, or acts while it goes on: "Austria charges a man over the attack", "amid the war"."""
        between = scene.view.lower[one.last : scene.match.first]
        at = next((at for at, word in enumerate(between) if word in self._judging), None)
        if at is None or not self._they.isdisjoint(between[at:]):  # "X condemns it as he closes a summit"
            return False
        joined = scene.match.tenses & _FINITE and not self._joints.isdisjoint(between[at:])
        return not joined  # "X condemned it and expelled Y"

    def is_origin(self, scene: Scene, one: Mention) -> bool:
        """Whether something comes from it: "an invitation from Prime Minister X"."""
        return self._is_behind(scene, one, self._origins)

    def is_agent(self, scene: Scene, one: Mention, low: int = 0) -> bool:
        """Whether it is who did something, behind a "by" from token `low` on: "sworn in by judge X"."""
        return self._is_behind(scene, one, self._agents, low)

    def _is_behind(self, scene: Scene, one: Mention, words: Set[str], low: int = 0) -> bool:
        """Whether one of the words stands before the name and its title."""
        lower, first = scene.view.lower, max(low, scene.view.first, one.first - _TITLES)
        named = {token for other in scene.mentions for token in range(other.first, other.last)}
        for at in range(one.first - 1, first - 1, -1):
            if lower[at] in words:
                return True
            if at not in named and (not lower[at].isalpha() or lower[at] in self._prepositions):
                return False
        return False

    def _opens(self, scene: Scene, at: int) -> bool:
        """Whether a clause with a subject of its own, or without one, opens at a token behind the trigger or name."""
        lower, view = scene.view.lower, scene.view
        if lower[at] in self._meanwhile:
            return any(self._clauses.finite(lower[other]) for other in self._after_name(scene, at))
        if lower[at] in self._absolutes:
            return any("ger" in self._clauses.tenses(lower[other]) for other in self._after_name(scene, at, 1))
        comma = lower[at] == "," and at + 1 < view.last and at >= scene.match.last
        return comma and "ger" in self._clauses.tenses(lower[at + 1])

    def _after_name(self, scene: Scene, at: int, reach: int = _VERB) -> Iterator[int]:
        """The tokens behind the name that stands behind a token."""
        name = next((one for one in scene.mentions if at < one.first <= at + _TITLES), None)
        if name and not any(self._clauses.finite(scene.view.lower[other]) for other in range(at, name.first)):
            yield from range(name.last, min(name.last + reach, scene.view.last))
