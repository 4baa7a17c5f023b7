"""Who takes part in an event by rule: the names around its trigger that act, or that it acts upon."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from process.clauses import ClauseReader
from process.lexicon import EventType, Lexicon
from process.mention import Mention
from process.parties import Verdict
from process.places import EntryOf, PlaceFinder
from process.scene import Scene
from process.speakers import Speakers
from process.ties import Ties

_REACH = 16
"""How many tokens from the trigger a name may stand and still take part."""
_OPENING = 6
"""Tokens before a trigger that opens its sentence."""
_OWNED = 5
"""Tokens from whose visit it is to the visit ("Rubio's two-day visit")."""
_COUPLE = 2
_AUTHORITIES = frozenset({"police", "armed_force", "intelligence", "government_seat", "court"})
"""Organisations that do not march in the streets."""
_SILENT = frozenset({"media"})
"""What tells the news and takes no part in it."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """The place by the rules alone, and their verdict on each name of the scene. Of the `certain` actors the sentence
    says so in words that are not beside the name ("speaking on a visit", "the two countries").
    """

    place: Mention | None
    verdicts: Sequence[Verdict]
    certain: frozenset[str]


class Acting:
    """The rules of one language. `country_of` gives the country of an ISO code, for capitals that stand for it."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader, places: PlaceFinder, country_of: EntryOf) -> None:
        names = lexicon.names
        self._places, self._country_of = places, country_of
        self._speakers, self._causes = Speakers(lexicon, clauses), names["causes"]
        self._ties = Ties(lexicon, clauses)
        self._pronouns, self._days = names["pronouns"], names["months"]
        self._pairs = names["referring"] - names["pronouns"] - names["possessives"]
        self._not_acting = names["not_acting"]
        self._places_only, self._determiners = names["places_only"] | {"at"}, names["determiners"]

    def ruled(self, scene: Scene) -> Ruled:
        """What the rules make of the names of the scene."""
        event = scene.event
        near = [one for one in scene.mentions if self._in_reach(scene, one)]
        place = self._places.place(scene, [one for one in near if not self._ties.compounded(scene, one)], event)
        told = place or self._places.told_again(scene, event) or self._places.beside(scene, event)
        if event.goes:  # "visited North Korea"
            place = told
        acting, wide = self._acting(scene, near, place, event)
        tellers = self._tellers(scene, place, event)
        stands = frozenset(one.first for one in wide if "state" in event.actors and self._speakers.stands(scene, one))
        actors = self._those_who_act(scene, acting, (wide, tellers), stands)
        couple = self._couple(scene, actors, event)
        certain = frozenset({*couple} - {*actors} | ({*actors} & {one.name for one in tellers}))
        may = {id(one) for one in wide}
        verdicts = [Verdict(self.named(one) in couple, id(one) not in may, one is told) for one in scene.mentions]
        return Ruled(told, verdicts, certain)

    def is_barred(self, scene: Scene, one: Mention) -> bool:
        """Whether it takes no part whatever else tells: who puts another in office, whose kin or critic it is told of,
        the nationality of people who act for nobody, the coast or soil where it is.
        """
        event, ties = scene.event, self._ties
        return (
            (event.undergone and (ties.is_agent(scene, one, scene.match.first) or ties.appoints(scene, one)))
            or (event.won and ties.is_agent(scene, one))
            or (event.civil and ties.is_civilian(scene, one))
            or ties.is_kin(scene, one)
            or (one.kind == "adjective" and self.is_only_place(scene, one))
        )

    def is_only_place(self, scene: Scene, one: Mention) -> bool:
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

    def named(self, one: Mention) -> str | None:
        """Under what name it acts, if it does."""
        return self._power(one) if one.label == "GPE" else one.name

    def of_kind(self, kind: str, acting: Sequence[Mention], stands: Set[int]) -> tuple[str, ...]:
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

    def _those_who_act(
        self, scene: Scene, acting: Sequence[Mention], others: Sequence[Sequence[Mention]], stands: Set[int]
    ) -> tuple[str, ...]:
        """The actors of the first kind that the event asks for and has, with those further off where some are missing;
        and persons who act where it asks for states.
        """
        event, actors = scene.event, tuple[str, ...]()
        for kind in event.actors:
            actors = self.of_kind(kind, acting, stands)
            for more in others:
                if len(actors) < event.least:
                    actors = tuple(dict.fromkeys((*actors, *self.of_kind(kind, more, stands))))
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
            and not self.is_barred(scene, one)
        ]
        wide += [
            one for one in scene.mentions if self._speakers.tells_own(scene, one) and not self.is_only_place(scene, one)
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
            and not self.is_only_place(scene, one)
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

    def _in_reach(self, scene: Scene, one: Mention) -> bool:
        if one is scene.dateline:
            return False
        inside = scene.clause.first <= one.first < scene.clause.last
        return inside and one.first < scene.match.last + _REACH and one.last > scene.match.first - _REACH

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
            one.role not in _SILENT and not self.is_only_place(scene, one) and not self._speakers.only_tells(scene, one)
        )


def _is_person(one: Mention, stands: Set[int]) -> bool:
    return one.label == "PERSON" or one.first in stands
