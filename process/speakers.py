"""Who only tells what happened, and whose office stands for a country ("Iran's top diplomat")."""

from process.clauses import ClauseReader
from process.lexicon import Lexicon
from process.mention import Mention
from process.scene import Scene

_SOURCE = 6
"""How far before a name the word may stand that makes it a source ("selon l'état-major sud-coréen")."""
_TITLE = 8
"""Words of the longest title between a word of speech and a name ("said Capitol Police Chief Michael Sullivan")."""
_UNKNOWN = 2
"""Other words in a title ("Capitol Police Chief")."""
_MARKS = frozenset(',.;:!?()"“”«»')
_OFFICE = 4
"""How far from an office its country may stand ("der Außenminister der Slowakei")."""
_JOINTS = frozenset("-–'")


class Speakers:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        names, self._clauses = lexicon.names, clauses
        self._speech, self._sources = names["speech"], names["sources"]
        self._pronouns = names["pronouns"]
        self._links = names["determiners"] | names["possessive"]
        self._plain = names["function"] | names["locative"] | names["coordinators"] | lexicon.verbs.keys()
        self._officials = names["officials"]
        self._own = (names["pronouns"] - names["possessives"]) | names["subjectless"]
        self._parting = names["causes"] | names["times"] | names["subordinators"] | names["relatives"] | {","}
        self._auxiliaries = names["perfect"] | names["progressive"] | names["modals"]
        self._titles = names["titles"] | names["roles"] | self._officials | self._links | names["organisations"]

    def only_tells(self, scene: Scene, one: Mention) -> bool:
        """Whether a name is a source's, or stands beside a word of speech that is no part of the trigger."""
        lower, view = scene.view.lower, scene.view
        if (bearer := self._bearer(scene, one)) and self.only_tells(scene, bearer):
            return True
        for at in range(one.first - 1, max(view.first, one.first - _SOURCE) - 1, -1):
            if lower[at] in self._sources:
                return True
            if not lower[at][0].isalnum() and lower[at] not in _JOINTS:
                break
        inside = range(scene.match.first, scene.match.last)
        start = self._title_start(scene, one)
        near = [at for at in (*range(start - 1, one.first), one.last, one.last + 1) if view.first <= at < view.last]
        if any(at in inside for at in range(one.first - 2, one.last + 2)):
            return False
        return any(lower[at] in self._speech and at not in inside and not self._has_said(scene, at, one) for at in near)

    def tells_own(self, scene: Scene, one: Mention) -> bool:
        """Whether who tells it does it: "Iran said it had arrested 17 spies", "Irán dijo que había detenido"."""
        lower, match = scene.view.lower, scene.match
        at = (match.first if match.verb is None else match.verb) - 1
        while at > one.last and lower[at] in self._auxiliaries:
            at -= 1
        if at <= one.last or lower[at] not in self._own or not self.only_tells(scene, one):
            return False
        return not any(one.last <= other.first < at for other in scene.mentions)

    def acts_himself(self, scene: Scene, one: Mention) -> bool:
        """Whether a person is the subject of the trigger, or of the verb before it: "Trump ordered airstrikes"."""
        lower, match = scene.view.lower, scene.match
        if one.label != "PERSON" or one.last > match.first:
            return False
        at = one.last
        while at < match.first and lower[at] in self._auxiliaries:
            at += 1
        if match.verb is not None:
            return at in (match.first, match.verb)
        between = lower[at + 1 : match.first]
        parted = not self._parting.isdisjoint(between) or any(self._clauses.finite(word) for word in between)
        return not parted and self._clauses.follows_name(scene.view, at)

    def _bearer(self, scene: Scene, one: Mention) -> Mention | None:
        """Who bears a title that begins with a country: "US Vice President JD Vance"."""
        if one.label != "GPE":
            return None
        person = next((other for other in scene.mentions if other.first > one.last), None)
        if person is None or person.label != "PERSON" or person.first - one.last > _OFFICE:
            return None
        return person if self._titles.issuperset(scene.view.lower[one.last : person.first]) else None

    def _has_said(self, scene: Scene, at: int, one: Mention) -> bool:
        """Whether a word of speech before a name has its speaker before it: "Putin said Iran had agreed"."""
        view = scene.view
        return at < one.first and (at in view.subjects or (at > view.first and view.lower[at - 1] in self._pronouns))

    def _title_start(self, scene: Scene, one: Mention) -> int:
        """Where what is told of a name before it begins: its title, and whose it is."""
        named = {token for other in scene.mentions for token in range(other.first, other.last)}
        at = one.first - 1
        lower, unknown = scene.view.lower, 0
        while at > max(scene.view.first, one.first - _TITLE):
            if at not in named and lower[at] not in self._titles:
                unknown += lower[at].isalpha()
                if not at < one.first - 1 or unknown > _UNKNOWN or lower[at] in self._plain or lower[at][0] in _MARKS:
                    break
            at -= 1
        return min(at + 1, one.first - 1)

    def stands(self, scene: Scene, one: Mention) -> bool:
        """Whether an unnamed official beside it acts for a country: "the Chinese foreign minister"."""
        if one.label not in ("GPE", "ORG"):
            return False
        lower, view = scene.view.lower, scene.view
        people = {other.first for other in scene.mentions if other.label == "PERSON"}
        behind = range(one.last, min(view.last, one.last + _OFFICE))
        for at in behind:
            if lower[at] in self._officials:
                return not people.intersection(range(one.last, at + _OFFICE))
            if not (lower[at][0].isalpha() or lower[at] in ("'s", "-")) or at in people:
                return False
        if one.kind == "name" and one.first > view.first and lower[one.first - 1] in self._links:
            before = range(max(view.first, one.first - _OFFICE), one.first)
            return any(lower[at] in self._officials for at in before) and not people.intersection(
                range(one.first - _OFFICE, one.last + 2)
            )
        return False
