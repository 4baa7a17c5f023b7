"""The names of an article: known and unknown ones, short mentions led back to the full name, once each."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from process.lexicon import Lexicon
from process.mention import Mention
from process.names import Found, NameIndex, known_names, supported
from process.ships import Ships, is_quoted
from process.sites import Sites
from process.tagged import Entity
from process.tokens import Tokens
from process.trained import TrainedNames
from process.unknown import UnknownNames


@dataclass(frozen=True, slots=True)
class Named:
    """A part with its names, from left to right, none overlapping."""

    tokens: Tokens
    mentions: Sequence[Mention]


class NameFinder:
    """All rules for names of one language, and what a trained pipeline adds to them."""

    def __init__(
        self, lexicon: Lexicon, index: NameIndex, unknown: UnknownNames, trained: TrainedNames | None = None
    ) -> None:
        self._lexicon, self._index, self._unknown, self._trained = lexicon, index, unknown, trained
        self._ships, self._sites = Ships(lexicon), Sites(lexicon)

    def find(self, parts: Sequence[Tokens]) -> list[Named]:
        """The names of an article's parts, which support each other."""
        known = [known_names(tokens, self._index, self._ships) for tokens in parts]
        everywhere = {(one.label, one.name) for found in known for one in found.sure}
        named = [self._part(tokens, found, everywhere) for tokens, found in zip(parts, known, strict=True)]
        surnames = _known_surnames(named)
        people = {one.name for part in named for one in part.mentions if one.label == "PERSON" and _is_full(one)}
        full = {name for name in people if name.split()[-1] not in surnames or surnames[name.split()[-1]].name == name}
        return [Named(one.tokens, _with_surnames(one, surnames, full)) for one in named]

    def _part(self, tokens: Tokens, found: Found, everywhere: Set[tuple[str, str]]) -> Named:
        sure = [_ship_again(tokens, one, everywhere) for one in found.sure if not self._is_somebody_else(tokens, one)]
        weak = [
            one
            for one in supported(tokens, found, everywhere, self._lexicon)
            if not self._is_somebody_else(tokens, one)
        ]
        taken = [one for one in (*sure, *weak) if not self._sites.bears(tokens, one)]
        taken += list(self._sites.find(tokens, {at for one in taken for at in range(one.first, one.last)}))
        taken += self._unknown.find(tokens, taken)
        if self._trained:
            taken += self._trained.find(tokens, taken)
        return Named(tokens, sorted(taken, key=lambda one: one.first))

    def _is_somebody_else(self, tokens: Tokens, one: Mention) -> bool:
        """A known name that is a piece of an unknown person's: "Jordan Bardella", "Bruno Macron"."""
        if one.label == "PERSON":
            return " " in one.name and self._unknown.is_namesake(tokens, one)
        return one.label != "VESSEL" and one.kind == "name" and self._unknown.inside_person(tokens, one)


def _ship_again(tokens: Tokens, one: Mention, everywhere: Set[tuple[str, str]]) -> Mention:
    """A town's or person's name between quotation marks is the ship's of that name, where the article tells of it."""
    if one.label != "VESSEL" and ("VESSEL", one.name) in everywhere and is_quoted(tokens, one.first, one.last):
        return replace(one, label="VESSEL", kind="name", country=None, location=None, role="")
    return one


def _surnames(mentions: Iterable[Mention]) -> dict[str, Mention | None]:
    """The last names of the persons named in full; None where several persons bear one."""
    found: dict[str, Mention | None] = {}
    for one in mentions:
        if one.label == "PERSON" and one.kind != "short" and " " in one.name:
            surname = one.name.split()[-1]
            known = found.get(surname, one)
            found[surname] = one if known and known.name == one.name else None
    return found


def _known_surnames(named: Sequence[Named]) -> dict[str, Mention]:
    """Whom a surname alone means: of several who bear it, the one whom the headline names in full."""
    headline = (one for part in named if part.tokens.part == "title" for one in part.mentions if _is_full(one))
    found = _surnames(one for part in named for one in part.mentions)
    found |= {surname: one for surname, one in _surnames(headline).items() if found.get(surname) is None}
    return {surname: one for surname, one in found.items() if one and len(surname) > 2}


def _is_full(one: Mention) -> bool:
    return one.last - one.first > 1


def _with_surnames(part: Named, surnames: Mapping[str, Mention], full: Set[str]) -> list[Mention]:
    """With surnames alone led back to who is named in full, also those of a namesake whom nothing else names."""
    if not surnames:
        return list(part.mentions)
    mentions = [_bearer(part.tokens, one, surnames, full) for one in part.mentions]
    taken = {place for one in mentions for place in range(one.first, one.last)}
    short = [
        replace(surnames[word], first=place, last=place + 1, kind="short", rule="surname of a person named in full")
        for place, word in enumerate(part.tokens.words)
        if word in surnames and place not in taken
    ]
    return sorted([*mentions, *short], key=lambda one: one.first)


def _bearer(tokens: Tokens, one: Mention, surnames: Mapping[str, Mention], full: Set[str]) -> Mention:
    """ "Rahman" in an article that names a Tarique Rahman in full, and no other, is he."""
    other = surnames.get(tokens.words[one.first]) if one.label == "PERSON" and not _is_full(one) else None
    if other is None or other.name == one.name or one.name in full:
        return one
    return replace(other, first=one.first, last=one.last, kind="short", rule="surname of a person named in full")


def entities(named: Sequence[Named]) -> tuple[Entity, ...]:
    """One record per distinct thing, at its first mention."""
    found: dict[tuple[str, str], Entity] = {}
    for part in named:
        for one in part.mentions:
            if (one.label, one.name) not in found:
                tokens = part.tokens
                start, end = tokens.starts[one.first], tokens.end(one.last - 1)
                found[one.label, one.name] = Entity(
                    name=one.name,
                    label=one.label,
                    text=tokens.text[start:end],
                    part=tokens.part,
                    start=start,
                    end=end,
                    country=one.country,
                    location=one.location,
                    rule=one.rule,
                )
    return tuple(found.values())
