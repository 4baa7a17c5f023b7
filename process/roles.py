"""Who takes part in an event: the names around its trigger that act, or that it acts upon."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.offices import Offices
from process.places import EntryOf, PlaceFinder
from process.scene import Scene

_REACH = 16
"""How many tokens from the trigger a name may stand and still take part."""
_RECENT = 8
"""How many names told before are remembered."""
_BODIES = frozenset({"international", "un_body"})
"""Organisations that can meet or decide with nobody else told."""
_SOURCE = 6
"""How far before a name the word may stand that makes it a source ("selon l'état-major sud-coréen")."""
_JOINTS = frozenset("-–'")
_SILENT = frozenset({"media"})
"""What tells the news and takes no part in it."""


@dataclass(frozen=True, slots=True)
class Roles:
    """`actors` and `place` stand with the trigger; `spare` and `nearby` were told before, where no sentence tells.
    `broad` tells whether the place is a whole country.
    """

    actors: tuple[str, ...]
    place: str | None
    broad: bool = False
    spare: tuple[str, ...] = ()
    nearby: str | None = None


class RoleFinder:
    """The rules of one language. `country_of` gives the country of an ISO code, for capitals that stand for it."""

    def __init__(self, lexicon: Lexicon, country_of: EntryOf, capital_of: EntryOf) -> None:
        names = lexicon.names
        self._offices = Offices(lexicon)
        self._places = PlaceFinder(lexicon, capital_of, country_of)
        self._speech, self._sources = names["speech"], names["sources"]
        self._not_acting = names["not_acting"]
        self._places_only, self._determiners = names["places_only"] | {"at"}, names["determiners"]
        self._country_of = country_of

    def roles(self, scene: Scene, event: EventType) -> Roles:
        """Actors and place of the event that the scene's trigger tells."""
        if again := tuple(self._offices.told_again(scene)):
            scene = replace(scene, mentions=(*scene.mentions, *again))
        near = [one for one in scene.mentions if self._in_reach(scene, one)]
        place = self._places.place(scene, near, event)
        acting = [one for one in near if self._receives(scene, one, event) or self._may_act(scene, one, place)]
        wide = [one for one in scene.mentions if one is not scene.dateline and self._may_act(scene, one, place)]
        actors: tuple[str, ...] = ()
        for kind in event.actors:
            actors = self._of(kind, acting)
            if len(actors) < event.least:
                actors = tuple(dict.fromkeys((*actors, *self._of(kind, wide))))
            if actors:
                break
        alone = any(one.role in _BODIES and one.name in actors for one in acting)
        before = [] if alone else self._before(scene)
        spare = next((found for kind in event.actors if (found := self._of(kind, before))), ())
        where = place or self._places.told_again(scene, event) or self._places.beside(scene, event)
        nearby = self._places.nearby(scene, event)
        return Roles(actors, where.name if where else None, bool(where and where.is_state), spare, nearby)

    def _may_act(self, scene: Scene, one: Mention, place: Mention | None) -> bool:
        return one is not place and self._acts(scene, one)

    def _receives(self, scene: Scene, one: Mention, event: EventType) -> bool:
        """Whether it goes to a state ("aid to Haiti", "sanctions on Iran"), which is no mere place."""
        if not event.receives or not one.is_state or one.kind != "name" or one is scene.dateline:
            return False
        at = one.first - 1
        while at > scene.view.first and scene.view.lower[at] in self._determiners:
            at -= 1
        return scene.view.lower[at] not in self._places_only

    def _before(self, scene: Scene) -> list[Mention]:
        """Who acted in the sentences before, first whom the article names most."""
        whole = replace(scene, view=replace(scene.view, first=0), mentions=())
        acted = (one for one in scene.before if not self._is_only_place(whole, one))
        return sorted(islice(acted, _RECENT), key=lambda one: -scene.counts.get(one.name, 0))

    def _in_reach(self, scene: Scene, one: Mention) -> bool:
        if one is scene.dateline:
            return False
        inside = scene.clause.first <= one.first < scene.clause.last
        return inside and one.first < scene.match.last + _REACH and one.last > scene.match.first - _REACH

    def _of(self, kind: str, acting: Sequence[Mention]) -> tuple[str, ...]:
        """The names of a kind (the words of event_types.toml) among those acting."""
        persons = [one.name for one in acting if one.label == "PERSON"]
        vessels = [one.name for one in acting if one.label == "VESSEL"]
        states = [self._power(one) for one in acting if one.label in ("GPE", "ORG")]
        pools: dict[str, Sequence[str | None]] = {
            "person": persons,
            "state": states,
            "org": [one.name for one in acting if one.label == "ORG"],
            "vessel": [*vessels, *states],
            "all": [*persons, *states],
            "none": [],
        }
        return tuple(dict.fromkeys(name for name in pools[kind] if name))

    def _power(self, one: Mention) -> str | None:
        """The state or organisation that a name acts for: itself, or a capital's country. Other towns do not act."""
        if one.label == "ORG" or one.is_state or one.role in ("territory", "region", "disputed"):
            return one.name
        if one.role == "capital" and one.country:
            country = self._country_of(one.country)
            return country.name if country else None
        return None

    def _acts(self, scene: Scene, one: Mention) -> bool:
        """Not a place, and not who only tells it."""
        return one.role not in _SILENT and not self._is_only_place(scene, one) and not self._only_tells(scene, one)

    def _is_only_place(self, scene: Scene, one: Mention) -> bool:
        """Where something is, or an adjective of a thing that cannot act ("Turkish counterpart", "Ukrainian soil")."""
        lower, view = scene.view.lower, scene.view
        after = lower[one.last] if one.last < len(lower) else ""
        before = lower[one.first - 1] if one.first > view.first else ""
        if one.kind == "adjective" and (after in self._not_acting or before in self._not_acting):
            return True
        if one.kind in ("adjective", "demonym") and any(
            other.label == "PERSON" and other.first == one.last for other in scene.mentions
        ):
            return True  # "die Finnin Sini Saarela"
        return one.label in ("GPE", "LOC") and one.kind == "name" and self._places.located(scene, one)

    def _only_tells(self, scene: Scene, one: Mention) -> bool:
        lower, view = scene.view.lower, scene.view
        for at in range(one.first - 1, max(view.first, one.first - _SOURCE) - 1, -1):
            if lower[at] in self._sources:
                return True
            if not lower[at][0].isalnum() and lower[at] not in _JOINTS:
                break
        beside = [*lower[max(view.first, one.first - 2) : one.first], *lower[one.last : one.last + 2]]
        inside = set(range(scene.match.first, scene.match.last))
        return any(word in self._speech for word in beside) and not inside.intersection(
            range(one.first - 2, one.last + 2)
        )
