"""Who takes part in an event: the names around its trigger that act, or that it acts upon."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import islice

from process.clauses import ClauseReader
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.offices import Offices
from process.places import EntryOf, PlaceFinder
from process.scene import Scene
from process.speakers import Speakers
from process.ties import Ties

_REACH = 16
"""How many tokens from the trigger a name may stand and still take part."""
_OPENING = 6
"""Tokens before a trigger that opens its sentence."""
_RECENT = 8
"""How many names told before are remembered."""
_OWNED = 5
"""Tokens from whose visit it is to the visit ("Rubio's two-day visit")."""
_COUPLE = 2
_BODIES = frozenset({"international", "un_body"})
"""Organisations that can meet or decide with nobody else told."""
_AUTHORITIES = frozenset({"police", "armed_force", "intelligence", "government_seat", "court"})
"""Organisations that do not march in the streets."""
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

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader, country_of: EntryOf, capital_of: EntryOf) -> None:
        names = lexicon.names
        self._offices = Offices(lexicon, clauses)
        self._places = PlaceFinder(lexicon, capital_of, country_of)
        self._speakers, self._causes = Speakers(lexicon, clauses), names["causes"]
        self._ties = Ties(lexicon, clauses)
        self._pronouns, self._days = names["pronouns"], names["months"]
        self._refers = names["pronouns"] | names["referring"]
        self._pairs = names["referring"] - names["pronouns"] - names["possessives"]
        self._not_acting = names["not_acting"]
        self._places_only, self._determiners = names["places_only"] | {"at"}, names["determiners"]
        self._country_of = country_of

    def roles(self, scene: Scene) -> Roles:
        """Actors and place of the event that the scene's trigger tells."""
        event = scene.event
        if again := tuple(self._offices.told_again(scene)):
            scene = replace(scene, mentions=(*scene.mentions, *again))
        near = [one for one in scene.mentions if self._in_reach(scene, one)]
        place = self._places.place(scene, [one for one in near if not self._ties.compounded(scene, one)], event)
        told = place or self._places.told_again(scene, event) or self._places.beside(scene, event)
        if event.goes:  # "visited North Korea"
            place = told
        acting, wide = self._acting(scene, near, place, event)
        tellers = self._tellers(scene, place, event)
        stands = frozenset(one.first for one in wide if "state" in event.actors and self._speakers.stands(scene, one))
        actors = self._those_who_act(scene, acting, (wide, tellers), stands)
        actors = self._couple(scene, actors, event)
        alone = any(one.role in _BODIES and one.name in actors for one in acting)
        spare: tuple[str, ...] = ()
        if not alone and not event.alone and self._may_be_told_before(scene, actors):
            before = self._before(scene)
            spare = next((found for kind in event.actors if (found := self._of(kind, before, frozenset()))), ())
        nearby = self._places.nearby(scene, event)
        if event.abroad and nearby in actors[:1]:
            nearby = None
        return Roles(actors, told.name if told else None, bool(told and told.is_state), spare, nearby)

    def _those_who_act(
        self, scene: Scene, acting: Sequence[Mention], others: Sequence[Sequence[Mention]], stands: Set[int]
    ) -> tuple[str, ...]:
        """The actors of the first kind that the event asks for and has, with those further off where some are missing;
        and persons who act where it asks for states.
        """
        event, actors = scene.event, tuple[str, ...]()
        for kind in event.actors:
            actors = self._of(kind, acting, stands)
            for more in others:
                if len(actors) < event.least:
                    actors = tuple(dict.fromkeys((*actors, *self._of(kind, more, stands))))
            if actors:
                break
        if event.actors[0] != "state" or event.official:
            return actors
        deeds = tuple(one.name for one in acting if self._speakers.acts_himself(scene, one))
        persons = tuple(dict.fromkeys(one.name for one in acting if one.label == "PERSON"))
        if deeds and event.mutual and len(persons) == _COUPLE:  # "Macron met Modi for talks": not their countries
            return persons
        return tuple(dict.fromkeys((*deeds, *actors)))

    def _couple(self, scene: Scene, actors: tuple[str, ...], event: EventType) -> tuple[str, ...]:
        """With both countries that the sentence names, where it says that there are two: "near Iran ahead of talks
        between the two countries".
        """
        if len(actors) >= event.least or self._pairs.isdisjoint(scene.view.lower[scene.match.last : scene.clause.last]):
            return actors
        states = tuple(dict.fromkeys(one.name for one in scene.mentions if one.is_state))
        return states if len(states) == _COUPLE and actors and set(actors) <= set(states) else actors

    def _acting(
        self, scene: Scene, near: Sequence[Mention], place: Mention | None, event: EventType
    ) -> tuple[list[Mention], list[Mention]]:
        """Who acts, or is acted upon, near the trigger, and in all the sentence."""
        cause = self._cause(scene)
        wide = [
            one
            for one in scene.mentions
            if one is not scene.dateline
            and one.first < cause
            and self._may_act(scene, one, place, event)
            and not (event.undergone and self._ties.is_agent(scene, one, scene.match.first))
            and not (event.undergone and self._ties.appoints(scene, one))
            and not (event.won and self._ties.is_agent(scene, one))
            and not (event.civil and self._ties.is_civilian(scene, one))
        ]
        wide += [
            one
            for one in scene.mentions
            if self._speakers.tells_own(scene, one) and not self._is_only_place(scene, one)
        ]
        acts = {id(one) for one in wide}
        acting = [one for one in near if id(one) in acts or self._receives(scene, one, event)]
        return self._travellers(scene, acting) if event.goes else acting, wide

    def _cause(self, scene: Scene) -> int:
        """Where behind the trigger it is told why it happened: who is named from there on takes no part."""
        lower, last = scene.view.lower, scene.view.last
        behind = (at for at in range(scene.match.last, last - 1) if lower[at] in self._causes)
        return next((at for at in behind if not self._is_day(lower[at + 1])), last)

    def _is_day(self, word: str) -> bool:
        """Whether a word is of a date: "since Friday"."""
        return word[0].isdigit() or word in self._days

    def _travellers(self, scene: Scene, acting: Sequence[Mention]) -> list[Mention]:
        """Whose visit it is ("Erdogan put off his visit"); who is named behind it, beside a traveller, stays."""
        if owner := self._ties.owner(scene):
            return [owner]
        lower, first = scene.view.lower, scene.match.first
        going = [one for one in acting if one.label == "PERSON" and one.first < scene.match.last]
        going = [one for one in going if not self._ties.is_origin(scene, one)]
        going = [one for one in going if lower[one.last : one.last + 1] != ["'s"] or first - one.last < _OWNED] or going
        return going or list(acting)

    def _may_be_told_before(self, scene: Scene, actors: Sequence[str]) -> bool:
        """Whether who takes part may have been named before: the sentence refers back, or its verb lacks a subject."""
        return self._refers_back(scene) or (not actors and bool(scene.match.tenses))

    def _refers_back(self, scene: Scene) -> bool:
        return not self._refers.isdisjoint(scene.view.lower[scene.view.first : scene.view.last])

    def _tellers(self, scene: Scene, place: Mention | None, event: EventType) -> list[Mention]:
        """Who tells what he does himself: "Araghchi wrote that he was meeting …", "Speaking on a visit to Hungary,
        Rubio said". A headline leaves the pronoun out.
        """
        lower, view, first = scene.view.lower, scene.view, scene.match.first
        headline, opens = lower[view.last - 1] != ".", event.goes and first < view.first + _OPENING
        return [
            one
            for one in scene.mentions
            if one is not place
            and one is not scene.dateline
            and not self._is_only_place(scene, one)
            and self._speakers.only_tells(scene, one)
            and (
                (opens and one.label == "PERSON")
                if one.last > first
                else (headline or not self._pronouns.isdisjoint(lower[one.last : first]))
            )
        ]

    def _may_act(self, scene: Scene, one: Mention, place: Mention | None, event: EventType) -> bool:
        if one is place or self._ties.parted(scene, one):
            return False
        return self._acts(scene, one) and (event.at_work or not self._is_venue(scene, one))

    def _is_venue(self, scene: Scene, one: Mention) -> bool:
        """Whether an organisation only tells where or what it is: "at the Munich Security Conference"."""
        if one.label != "ORG" or one.first <= scene.view.first:
            return False
        lower, at = scene.view.lower, one.first - 1
        while at > scene.view.first and lower[at] in self._determiners:
            at -= 1
        return lower[at] in self._places_only

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
        acted = (one for one in scene.before if one.role != "police" and not self._is_only_place(whole, one))
        return sorted(islice(acted, _RECENT), key=lambda one: -scene.counts.get(one.name, 0))

    def _in_reach(self, scene: Scene, one: Mention) -> bool:
        if one is scene.dateline:
            return False
        inside = scene.clause.first <= one.first < scene.clause.last
        return inside and one.first < scene.match.last + _REACH and one.last > scene.match.first - _REACH

    def _of(self, kind: str, acting: Sequence[Mention], stands: Set[int]) -> tuple[str, ...]:
        """The names of a kind (the words of event_types.toml) among those acting. `stands` are those whose unnamed
        officials act as persons do.
        """
        persons = [self._power(one) if one.first in stands else one.name for one in acting if _is_person(one, stands)]
        vessels = [one.name for one in acting if one.label == "VESSEL"]
        states = [self._power(one) for one in acting if one.label in ("GPE", "ORG")]
        pools: dict[str, Sequence[str | None]] = {
            "person": persons,
            "state": states,
            "org": [one.name for one in acting if one.label == "ORG" and one.role not in _AUTHORITIES],
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
        return (
            one.role not in _SILENT
            and not self._is_only_place(scene, one)
            and not self._speakers.only_tells(scene, one)
        )

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
        located = one.label in ("GPE", "LOC") and one.kind == "name" and self._places.located(scene, one)
        return located and not self._ties.compounded(scene, one) and not self._ties.sent(scene, one)


def _is_person(one: Mention, stands: Set[int]) -> bool:
    return one.label == "PERSON" or one.first in stands
