"""Where an event happens: the place named with its trigger, or told again ("the capital"), else where it was before."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from process.gazetteer_entry import Entry
from process.lexicon import EventType, Lexicon
from process.mention import Mention, of_entry
from process.patterns import Match
from process.scene import Scene

_BESIDE = 3
"""How many tokens after the trigger the thing may stand that it acts upon."""
_BACK = 7
"""How far before a name its preposition may stand ("auf dem Militärstützpunkt Camp Lemonnier bei Dschibuti")."""
_TOWNS = frozenset({"city", "capital"})
EntryOf = Callable[[str], Entry | None]


class PlaceFinder:
    """The rules of one language. `capital_of` gives the capital of a country by its ISO code."""

    def __init__(self, lexicon: Lexicon, capital_of: EntryOf, country_of: EntryOf) -> None:
        names = lexicon.names
        self._locative, self._fillers = names["locative"], names["fillers"]
        self._genitive, self._origins = names["possessive"], names["origins"]
        self._coordinators = names["coordinators"]
        self._speech = names["speech"]
        self._nouns = names["settlements"] | names["waters"]
        self._grounds, self._capitals = names["grounds"], names["capitals"]
        self._towns, self._land = names["towns"], names["land"]
        self._again = self._capitals | self._grounds | self._towns | self._land
        self._capital_of, self._country_of = capital_of, country_of

    def located(self, scene: Scene, one: Mention) -> bool:
        """Whether a preposition of place stands before the name; articles, adjectives and "city of" between aside."""
        lower, first = scene.view.lower, scene.view.first
        adjectives = {token for other in scene.mentions if other.kind == "adjective" for token in _tokens(other)}
        if (listed := self._listed_before(scene, one)) and self.located(scene, listed):
            return True
        at = one.first - 1
        while at >= max(first, one.first - _BACK):
            word = lower[at]
            if word in self._locative and not (word in self._genitive and lower[at - 1] in self._nouns):
                return True
            if not (word in self._fillers or word in self._nouns or word in self._genitive or at in adjectives):
                return False
            at -= 1
        return False

    def _listed_before(self, scene: Scene, one: Mention) -> Mention | None:
        """The place before it in a list: "in Paris, Seoul and Rome"; not what opens the sentence: "In Paris, Iran"."""
        at = one.first - 1
        if at <= scene.view.first or not (scene.view.lower[at] == "," or scene.view.lower[at] in self._coordinators):
            return None
        places = (other for other in scene.mentions if other.last == at and self._is_place(other))
        before = next((other for other in places if other.first > scene.view.first + 1), None)
        if before and scene.view.lower[before.first - 1] in self._origins:  # "negotiators from Ukraine and Russia"
            return None
        return before

    def place(self, scene: Scene, near: Sequence[Mention], event: EventType) -> Mention | None:
        """The nearest place of the clause with a preposition of place, but not in "the Baltic state"; where one comes
        from only what is left.
        """
        if event.place == "none":
            return None
        lower = scene.view.lower
        found = [one for one in near if self._is_place(one) and self.located(scene, one)]
        found = [one for one in found if one.label != "LOC" or self._land.isdisjoint(lower[one.last : one.last + 1])]
        found = [one for one in found if self._speech.isdisjoint(lower[one.last : one.last + 1])]  # "in Wien nannte er"
        fitting = (one for one in found if event.place == "near" or lower[one.first - 1] not in self._origins)
        return min(fitting, key=lambda one: (distance(scene.match, one), one.is_state), default=None)

    def _is_place(self, one: Mention) -> bool:
        return one.label in ("GPE", "LOC") and one.kind == "name"

    def told_again(self, scene: Scene, event: EventType) -> Mention | None:
        """ "in the Ukrainian capital", "off the Norwegian coast", "in the same city"."""
        ruling = event.place == "country" and "person" in event.actors  # a coup's is the country, not "the capital"
        if event.place == "none" or ruling:
            return None
        lower, clause = scene.view.lower, scene.clause
        for at in range(clause.first, clause.last):
            word = lower[at]
            located = word in self._again and self._is_located_noun(scene, at)
            if located and (found := self._described(scene, at)):
                return found
        return None

    def _is_located_noun(self, scene: Scene, at: int) -> bool:
        return any(word in self._locative for word in scene.view.lower[max(scene.clause.first, at - 4) : at])

    def _described(self, scene: Scene, at: int) -> Mention | None:
        word = scene.view.lower[at]
        owner = next((one for one in scene.mentions if one.country and self._beside(scene, one, at)), None)
        if word in self._land | self._towns:
            towns = word in self._towns
            named = self._before(scene)
            if towns and scene.dateline:
                named = chain([scene.dateline], named)  # "in the city": where it was written
            known = (one for one in named if (one.role in _TOWNS) == towns and (towns or one.is_land))
            if not towns and scene.home and not owner:  # "into the country"
                return of_entry(at, at + 1, scene.home, "name")
            return None if owner else next(known, None)
        code = owner.country if owner else None
        if word in self._capitals:
            code = code or next((one.country for one in self._before(scene) if one.country), None)
            entry = self._capital_of(code) if code else None
        else:
            entry = self._country_of(code) if code else None
        return of_entry(at, at + 1, entry, "name") if entry else None

    def _beside(self, scene: Scene, one: Mention, at: int) -> bool:
        """Whether a name or an adjective of a country belongs to the noun at a token."""
        if one.last == at or one.first == at + 1:
            return one.kind in ("adjective", "demonym") or one.last == at
        between = scene.view.lower[at + 1 : one.first]
        return one.is_state and 0 < len(between) < 3 and all(word in self._genitive | self._fillers for word in between)

    def _before(self, scene: Scene) -> Iterator[Mention]:
        """What was named before the trigger, the latest first."""
        inside = [one for one in scene.mentions if one.first < scene.match.first and one.kind != "adjective"]
        yield from (one for one in (*reversed(inside), *scene.before) if one.label in ("GPE", "LOC"))

    def beside(self, scene: Scene, event: EventType) -> Mention | None:
        """Where no preposition tells: the town or sea that the trigger acts upon ("bombed Kharkiv")."""
        if event.place == "none":
            return None
        after = (one for one in scene.mentions if scene.match.first <= one.first < scene.match.last + _BESIDE)
        for one in after:
            town = one.label == "LOC" or (one.label == "GPE" and not one.is_state)
            if one.kind == "name" and (town or (event.place == "target" and one.is_state)):
                return one
        return None

    def nearby(self, scene: Scene, event: EventType) -> str | None:
        """Where no sentence tells: the country it is all about, or the dateline."""
        if event.place == "none":
            return None
        if event.place == "country":
            states = [one for one in scene.mentions if one.is_state]
            state = min(states, key=lambda one: (one.kind == "demonym", distance(scene.match, one)), default=None)
            return state.name if state else self._country(scene)
        if event.place in ("near", "named") and scene.dateline and scene.lead:
            return scene.dateline.name
        if event.place == "named":
            return None
        return scene.dateline.name if scene.dateline else scene.home.name if scene.home else None

    def _country(self, scene: Scene) -> str | None:
        """The country that a report is about, else that of its dateline, else the one told last."""
        code = scene.dateline.country if scene.dateline else None
        country = scene.home or (self._country_of(code) if code else None)
        return country.name if country else next((one.name for one in scene.before if one.is_state), None)


def _tokens(one: Mention) -> range:
    return range(one.first, one.last)


def distance(match: Match, one: Mention) -> int:
    """Tokens between trigger and name; what stands before the trigger counts double."""
    return (match.first - one.last) * 2 if one.first < match.first else one.first - match.last
