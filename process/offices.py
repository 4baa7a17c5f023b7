"""People told again by their office: "the French president", "der Kanzler"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from process.clauses import ClauseReader
from process.lexicon import Lexicon
from process.mention import Mention
from process.scene import Scene

_BEFORE, _BEHIND = 6, 9
"""How near a person's name must stand for the office to be his title."""
_ATTRIBUTE = 3
"""How far from an office its country may stand ("presidente de la República Dominicana")."""
_OWNED = 4
"""Words from an office to what it owns ("the president's two-day visit")."""
_UNHELD = 3
"""How far before an office the word may stand by which nobody holds it yet, or any more ("sworn in as president")."""
_OFFICES = {
    "presidents": frozenset({"head_of_state"}),
    "premiers": frozenset({"head_of_government"}),
    "rulers": frozenset({"head_of_state", "head_of_government", "monarch"}),
    "monarchs": frozenset({"monarch"}),
    "foreign_ministers": frozenset({"foreign_minister"}),
}
"""Lists of words in [names], and the roles of those who are called so."""


class Offices:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, clauses: ClauseReader) -> None:
        names, self._clauses = lexicon.names, clauses
        self._parting = names["perfect"] | names["coordinators"] | names["between"] | names["agents"]
        self._roles: dict[str, list[tuple[list[str], frozenset[str]]]] = {}
        for listed, roles in _OFFICES.items():
            for phrase in names[listed]:
                first, *rest = phrase.split("_")
                self._roles.setdefault(first, []).append((rest, roles))
        self._unheld, self._determiners = names["unheld"], names["determiners"] | names["possessive"]

    def told_again(self, scene: Scene) -> Iterator[Mention]:
        """Persons of the article that the scene's clause means, without naming them."""
        lower = scene.view.lower
        for at in range(scene.clause.first, scene.clause.last):
            words, roles = self._office(lower, at)
            if not roles and lower[at] not in scene.titled:
                continue
            near = (*lower[max(scene.view.first, at - _UNHELD) : at], *_elect(lower, at))
            if not self._unheld.isdisjoint(near) or _owns_another(scene, at):
                continue
            one = (roles and self._holder(scene, at, roles)) or self._titled(scene, at)
            if one:
                yield replace(one, first=at, last=at + max(words, 1), kind="short")

    def _office(self, lower: Sequence[str], at: int) -> tuple[int, frozenset[str]]:
        """How many words from a token on tell an office, and the roles of who is called so."""
        for rest, roles in self._roles.get(lower[at], ()):
            if lower[at + 1 : at + 1 + len(rest)] == rest:
                return 1 + len(rest), roles
        return 0, frozenset()

    def _titled(self, scene: Scene, at: int) -> Mention | None:
        """Whom the article has called so by name: "Chancellor Christian Stocker …", then "the chancellor"; of
        several the one named last.
        """
        lower, near = scene.view.lower, range(at - _ATTRIBUTE, at + _BEHIND)
        bearers = {one.name: one for one in scene.titled.get(lower[at], ())}
        if not bearers or at == scene.view.first or lower[at - 1] not in self._determiners:
            return None
        last = (bearers[one.name] for one in scene.before if one.name in bearers)
        one = next(last, None) if len(bearers) > 1 else next(iter(bearers.values()))
        beside = any(_is_near(other, at) and other.label != "PERSON" for other in scene.mentions)
        named = any(other.first in near and self._may_bear(scene, other, at) for other in scene.mentions)
        return None if beside or named else one

    def _may_bear(self, scene: Scene, one: Mention, at: int, country: str | None = None) -> bool:
        """Whether the office may be this person's title: no verb parts them ("the minister met Macron"), nor is it of
        another country ("North Korea's leader Trump met").
        """
        if one.label != "PERSON" or (country and one.country and one.country != country):
            return False
        between = scene.view.lower[min(one.last, at + 1) : max(one.first, at)]
        return self._parting.isdisjoint(between) and not any(self._clauses.finite(word) for word in between)

    def _holder(self, scene: Scene, at: int, roles: frozenset[str]) -> Mention | None:
        """The person of the article who holds the office, of the country beside it or of the one it is about."""
        beside = (one for one in scene.mentions if one.country and one.label == "GPE" and _is_near(one, at))
        country = next((one.country for one in beside), None)
        near = range(at - _BEFORE, at + _BEHIND)
        if any(one.first in near and self._may_bear(scene, one, at, country) for one in scene.mentions):
            return None
        before = (one for one in scene.mentions if one.last <= at and one.role in roles)
        if any(country in (None, one.country) for one in before):  # told again: "X was shot; the premier died"
            return None
        here = {one.name for one in scene.mentions}
        holders = [one for one in scene.people if one.role in roles and one.name not in here]
        if country is None:
            if at == scene.view.first or scene.view.lower[at - 1] not in self._determiners:
                return None
            if any(
                _is_near(one, at) and one.label != "PERSON" for one in scene.mentions
            ):  # "the foreign ministers of the EU"
                return None
            alone = len({one.name for one in holders}) == 1
            country = holders[0].country if alone else scene.home.country if scene.home else None
        known = (one for one in holders if one.country == country)
        return max(known, key=lambda one: scene.counts.get(one.name, 0), default=None)


def _elect(lower: Sequence[str], at: int) -> Sequence[str]:
    """What is joined to an office by a hyphen: "prime minister-elect"."""
    hyphen = next((other for other in (at + 1, at + 2) if lower[other : other + 1] == ["-"]), None)
    return lower[hyphen + 1 : hyphen + 2] if hyphen else ()


def _owns_another(scene: Scene, at: int) -> bool:
    """Whether the office only tells whose something is: "the president's residence", not "the president's visit"."""
    return scene.view.lower[at + 1 : at + 2] == ["'s"] and not at < scene.match.first <= at + _OWNED


def _is_near(one: Mention, at: int) -> bool:
    return at - _ATTRIBUTE < one.last <= at or at < one.first <= at + _ATTRIBUTE
