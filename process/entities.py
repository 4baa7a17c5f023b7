"""The names of an article: known and unknown ones, short mentions led back to the full name, once each."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from process.lexicon import Lexicon
from process.mention import Mention
from process.names import Found, NameIndex, known_names, supported
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

    def find(self, parts: Sequence[Tokens]) -> list[Named]:
        """The names of an article's parts, which support each other."""
        known = [known_names(tokens, self._index) for tokens in parts]
        everywhere = {(one.label, one.name) for found in known for one in found.sure}
        named = [self._part(tokens, found, everywhere) for tokens, found in zip(parts, known, strict=True)]
        surnames = _surnames(one for part in named for one in part.mentions)
        return [Named(one.tokens, _with_surnames(one, surnames)) for one in named]

    def _part(self, tokens: Tokens, found: Found, everywhere: Set[tuple[str, str]]) -> Named:
        sure = [one for one in found.sure if not self._is_part_of_person(tokens, one)]
        weak = supported(tokens, found, everywhere, self._lexicon)
        taken = [*sure, *weak]
        taken += self._unknown.find(tokens, taken)
        if self._trained:
            taken += self._trained.find(tokens, taken)
        return Named(tokens, sorted(taken, key=lambda one: one.first))

    def _is_part_of_person(self, tokens: Tokens, one: Mention) -> bool:
        """A town's or country's name that is someone's: "Jordan Bardella", "Denzel Washington"."""
        return one.label in ("GPE", "LOC") and one.kind == "name" and self._unknown.inside_person(tokens, one)


def _surnames(mentions: Iterable[Mention]) -> dict[str, Mention]:
    """The last names of the persons named in full, where only one person bears them."""
    found: dict[str, Mention | None] = {}
    for one in mentions:
        if one.label == "PERSON" and one.kind != "short":
            surname = one.name.split()[-1]
            known = found.get(surname, one)
            found[surname] = one if known and known.name == one.name else None
    return {surname: one for surname, one in found.items() if one and len(surname) > 2 and " " in one.name}


def _with_surnames(part: Named, surnames: Mapping[str, Mention]) -> list[Mention]:
    if not surnames:
        return list(part.mentions)
    taken = {place for one in part.mentions for place in range(one.first, one.last)}
    short = [
        replace(surnames[word], first=place, last=place + 1, kind="short", rule="surname of a person named in full")
        for place, word in enumerate(part.tokens.words)
        if word in surnames and place not in taken
    ]
    return sorted([*part.mentions, *short], key=lambda one: one.first)


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
