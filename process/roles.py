"""Who takes part in an event and where it happens: by rule, by what the reader makes of it, by what was told before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from process.acting import Acting, Ruled
from process.clauses import ClauseReader
from process.lexicon import Lexicon
from process.mention import Mention
from process.offices import Offices
from process.parties import Share
from process.places import EntryOf, PlaceFinder
from process.scene import Scene

_DOUBTED = 0.28
"""Of those who take part by the rules, who does so less likely than this does not …"""
_SURE = 0.62
"""… and of all others, who does so likelier than this does."""
_THERE = 0.3
"""The likeliest name is the place if it is one likelier than this …"""
_NOWHERE = 0.1
"""… else what the rules take for it, unless it is one less likely than this."""
_RECENT = 8
"""How many names told before are remembered."""
_BODIES = frozenset({"international", "un_body"})
"""Organisations that can meet or decide with nobody else told."""


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
        self._acting = Acting(lexicon, clauses, self._places, country_of)
        self._refers = names["pronouns"] | names["referring"]

    def with_offices(self, scene: Scene) -> Scene:
        """The scene with the names of those whom it calls by their office."""
        again = tuple(self._offices.told_again(scene))
        return replace(scene, mentions=(*scene.mentions, *again)) if again else scene

    def ruled(self, scene: Scene) -> Ruled:
        """What the rules make of the names of the scene."""
        return self._acting.ruled(scene)

    def roles(self, scene: Scene, ruled: Ruled, shares: Sequence[Share]) -> Roles:
        """Actors and place of the event that the scene's trigger tells. `shares` are those of the scene's names."""
        event = scene.event
        acting = [] if event.actors == ("none",) else self._believed(scene, ruled, shares)
        actors = tuple(dict.fromkeys(filter(None, map(self._acting.named, acting))))
        told = self._likeliest(scene, ruled.place, shares)
        alone = any(one.role in _BODIES for one in acting)
        spare: tuple[str, ...] = ()
        if not alone and not event.alone and self._may_be_told_before(scene, actors):
            before = self._before(scene)
            spare = next(
                (found for kind in event.actors if (found := self._acting.of_kind(kind, before, frozenset()))), ()
            )
        nearby = self._places.nearby(scene, event)
        if event.abroad and nearby in actors[:1]:
            nearby = None
        return Roles(actors, told.name if told else None, bool(told and told.is_state), spare, nearby)

    def _believed(self, scene: Scene, ruled: Ruled, shares: Sequence[Share]) -> list[Mention]:
        """Who takes part, from left to right."""
        likely = zip(scene.mentions, ruled.verdicts, shares, strict=True)
        acting = [
            one
            for one, verdict, share in likely
            if (share.actor > (_DOUBTED if verdict.actor else _SURE) or one.name in ruled.certain)
            and one is not scene.dateline
            and not self._acting.is_barred(scene, one)
        ]
        return sorted(acting, key=lambda one: one.first)

    def _likeliest(self, scene: Scene, ruled: Mention | None, shares: Sequence[Share]) -> Mention | None:
        """The place. Whose country a coup or an election is in, no preposition tells, and the rules know better."""
        if scene.event.place in ("none", "country"):
            return ruled
        lands = [
            (share.place, one)
            for one, share in zip(scene.mentions, shares, strict=True)
            if one.label in ("GPE", "LOC") and one is not scene.dateline
        ]
        likely, best = max(lands, key=lambda each: each[0], default=(0.0, None))
        if likely > _THERE:
            return best
        return None if any(one is ruled and share < _NOWHERE for share, one in lands) else ruled

    def _may_be_told_before(self, scene: Scene, actors: Sequence[str]) -> bool:
        """Whether who takes part may have been named before: the sentence refers back, or its verb lacks a subject."""
        refers_back = not self._refers.isdisjoint(scene.view.lower[scene.view.first : scene.view.last])
        return refers_back or (not actors and bool(scene.match.tenses))

    def _before(self, scene: Scene) -> list[Mention]:
        """Who acted in the sentences before, first whom the article names most."""
        whole = replace(scene, view=replace(scene.view, first=0), mentions=())
        acted = (one for one in scene.before if one.role != "police" and not self._acting.is_only_place(whole, one))
        return sorted(islice(acted, _RECENT), key=lambda one: -scene.counts.get(one.name, 0))
