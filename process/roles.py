"""Who takes part in an event and where it happens: the names around its trigger, each in its part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from process.gazetteer_entry import Entry
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.patterns import Match, View
from process.status import Clause

_REACH = 16
"""How many tokens from the trigger a name may stand and still take part."""
CountryOf = Callable[[str], Entry | None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the search for roles looks at: a sentence, its names, the clause and trigger in it."""

    view: View
    mentions: Sequence[Mention]
    clause: Clause
    match: Match


@dataclass(frozen=True, slots=True)
class Roles:
    actors: tuple[str, ...]
    place: str | None


class RoleFinder:
    """The rules of one language. `country_of` gives the country of an ISO code, for capitals that stand for it."""

    def __init__(self, lexicon: Lexicon, country_of: CountryOf) -> None:
        names = lexicon.names
        self._locative = names["locative"]
        self._fillers = names["fillers"]
        self._speech = names["speech"]
        self._not_acting = names["not_acting"]
        self._country_of = country_of

    def roles(self, scene: Scene, event: EventType) -> Roles:
        """Actors and place of the event that the scene's trigger tells."""
        near = [one for one in scene.mentions if self._in_reach(scene, one)]
        place = self._place(scene, near, event)
        acting = [one for one in near if one is not place and self._acts(scene, one)]
        return Roles(self._actors(acting, event), place.name if place else None)

    def _in_reach(self, scene: Scene, one: Mention) -> bool:
        inside = scene.clause.first <= one.first < scene.clause.last
        return inside and one.first < scene.match.last + _REACH and one.last > scene.match.first - _REACH

    def _actors(self, acting: Sequence[Mention], event: EventType) -> tuple[str, ...]:
        persons = [one.name for one in acting if one.label == "PERSON"]
        vessels = [one.name for one in acting if one.label == "VESSEL"]
        states = [self._power(one) for one in acting if one.label in ("GPE", "ORG")]
        orgs = [one.name for one in acting if one.label == "ORG"]
        pools: dict[str, Sequence[str | None]] = {
            "person": persons,
            "state": states,
            "org": orgs,
            "vessel": [*vessels, *states],
            "all": [*persons, *states],
            "none": [],
        }
        for kind in event.actors:
            if found := tuple(dict.fromkeys(name for name in pools[kind] if name)):
                return found
        return ()

    def _power(self, one: Mention) -> str | None:
        """The state or organisation that a name acts for: itself, or the country of a capital. Other towns do not act."""
        if one.label == "ORG" or one.is_state or one.role in ("territory", "region", "disputed"):
            return one.name
        if one.role == "capital" and one.country:
            country = self._country_of(one.country)
            return country.name if country else None
        return None

    def _acts(self, scene: Scene, one: Mention) -> bool:
        """Not a place, not who only tells it, not an adjective of a thing that cannot act ("Turkish counterpart")."""
        lower, view = scene.view.lower, scene.view
        after = lower[one.last] if one.last < view.last else ""
        if one.kind == "adjective" and after in self._not_acting:
            return False
        if one.label in ("GPE", "LOC") and one.kind == "name" and self._located(scene, one):
            return False
        return not self._only_tells(scene, one)

    def _only_tells(self, scene: Scene, one: Mention) -> bool:
        lower, view = scene.view.lower, scene.view
        beside = [*lower[max(view.first, one.first - 2) : one.first], *lower[one.last : one.last + 2]]
        inside = set(range(scene.match.first, scene.match.last))
        return any(word in self._speech for word in beside) and not inside.intersection(range(one.first - 2, one.last + 2))

    def _located(self, scene: Scene, one: Mention) -> bool:
        """A preposition of place before the name, articles and such between them aside."""
        lower, at = scene.view.lower, one.first - 1
        while at >= scene.view.first and one.first - at < 4 and lower[at] in self._fillers:
            at -= 1
        return at >= scene.view.first and lower[at] in self._locative

    def _place(self, scene: Scene, near: Sequence[Mention], event: EventType) -> Mention | None:
        if event.place == "none":
            return None
        located = [
            one for one in near if one.label in ("GPE", "LOC") and one.kind == "name" and self._located(scene, one)
        ]
        if not located:
            return None
        return min(located, key=lambda one: (_distance(scene.match, one), one.is_state))


def _distance(match: Match, one: Mention) -> int:
    """Tokens between trigger and name; what stands before the trigger counts double."""
    return (match.first - one.last) * 2 if one.first < match.first else one.first - match.last
