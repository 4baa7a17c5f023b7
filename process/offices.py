"""People told again by their office: "the French president", "der Kanzler"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from process.lexicon import Lexicon
from process.mention import Mention
from process.scene import Scene

_BEFORE, _BEHIND = 6, 9
"""How near a person's name must stand for the office to be his title."""
_ATTRIBUTE = 3
"""How far from an office its country may stand ("presidente de la República Dominicana")."""
_UNHELD = 3
"""How far before an office the word may stand by which nobody holds it yet, or any more ("sworn in as president")."""
_OFFICES = {
    "presidents": frozenset({"head_of_state"}),
    "premiers": frozenset({"head_of_government"}),
    "rulers": frozenset({"head_of_state", "head_of_government", "monarch"}),
    "foreign_ministers": frozenset({"foreign_minister"}),
}
"""Lists of words in [names], and the roles of those who are called so."""


class Offices:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        names = lexicon.names
        self._roles = {word: roles for listed, roles in _OFFICES.items() for word in names[listed]}
        self._unheld, self._determiners = names["unheld"], names["determiners"] | names["possessive"]

    def told_again(self, scene: Scene) -> Iterator[Mention]:
        """Persons of the article that the scene's clause means, without naming them."""
        lower = scene.view.lower
        for at in range(scene.clause.first, scene.clause.last):
            roles = self._roles.get(lower[at])
            if roles is None and lower[at] not in scene.titled:
                continue
            near = (*lower[max(scene.view.first, at - _UNHELD) : at], *_elect(lower, at))
            if not self._unheld.isdisjoint(near):
                continue
            one = (roles and self._holder(scene, at, roles)) or self._titled(scene, at)
            if one:
                yield replace(one, first=at, last=at + 1, kind="short")

    def _titled(self, scene: Scene, at: int) -> Mention | None:
        """Whom alone the article has called so by name: "Chancellor Christian Stocker …", then "the chancellor"."""
        lower, near = scene.view.lower, range(at - _ATTRIBUTE, at + _BEHIND)
        one = scene.titled.get(lower[at])
        if one is None or at == scene.view.first or lower[at - 1] not in self._determiners:
            return None
        beside = any(_is_near(other, at) and other.label != "PERSON" for other in scene.mentions)
        named = any(other.first in near and other.label == "PERSON" for other in scene.mentions)
        return None if beside or named else one

    def _holder(self, scene: Scene, at: int, roles: frozenset[str]) -> Mention | None:
        """The person of the article who holds the office, of the country beside it or of the one it is about."""
        beside = (one for one in scene.mentions if one.country and one.label == "GPE" and _is_near(one, at))
        country = next((one.country for one in beside), None)
        near = range(at - _BEFORE, at + _BEHIND)
        if any(one.first in near and _may_hold(one, country) for one in scene.mentions):
            return None
        if country is None:
            article = scene.view.lower[at - 1] in self._determiners if at > scene.view.first else False
            country = scene.home.country if scene.home and article else None
        known = (one for one in scene.people if one.country == country and one.role in roles) if country else ()
        return max(known, key=lambda one: scene.counts.get(one.name, 0), default=None)


def _elect(lower: Sequence[str], at: int) -> Sequence[str]:
    """What is joined to an office by a hyphen: "prime minister-elect"."""
    hyphen = next((other for other in (at + 1, at + 2) if lower[other : other + 1] == ["-"]), None)
    return lower[hyphen + 1 : hyphen + 2] if hyphen else ()


def _is_near(one: Mention, at: int) -> bool:
    return at - _ATTRIBUTE < one.last <= at or at < one.first <= at + _ATTRIBUTE


def _may_hold(one: Mention, country: str | None) -> bool:
    """Whether the office may be this person's title: not for another country's ("North Korea's leader met Trump")."""
    return one.label == "PERSON" and not (country and one.country and one.country != country)
