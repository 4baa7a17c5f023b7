"""Reads trigger patterns, as a lexicon writes them, for `patterns.py` to search with; that file explains the signs."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from process.inflect import NO_TENSES, TENSES, Forms, Paradigm, forms, regular, shared
from process.patterns import Choice, Element, Pattern
from process.tokens import split_words

STATUSES = ("happened", "ongoing", "planned", "cancelled")
CLASSES = frozenset({"PERSON", "ORG", "GPE", "LOC", "VESSEL", "STATE", "ANY", "NUM"})
_GAPS = {"..": 3, "...": 9}
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_CLASSES: frozenset[str] = frozenset()


class PatternReader:
    """Of one language: `lists` are what `@list` stands for, `verbs` what the lexicon tells of the forms of verbs.

    `verbs` then holds the forms of each verb that was asked for.
    """

    def __init__(self, language: str, lists: Mapping[str, frozenset[str]], verbs: Mapping[str, str]) -> None:
        self._language, self._lists, self._listed_verbs = language, lists, verbs
        self._choices: dict[str, Choice] = {}
        self.verbs: dict[str, Forms] = {}

    def pattern(self, event: str, row: str) -> Pattern:
        """A row of a lexicon. Raises ValueError telling what is wrong."""
        head, *tails = re.split(r" (?=[+=-] )", row)
        behind: dict[str, str] = {}
        for tail in tails:
            sign, _, value = tail.partition(" ")
            if sign in behind or len(value.split()) != 1:
                raise ValueError(f"`{sign}` must stand once, with one choice of words behind it")
            behind[sign] = value
        status = behind.get("=")
        if status is not None and status not in STATUSES:
            raise ValueError(f"{status!r} is no status; there are {', '.join(STATUSES)}")
        need, block = (self._choice(behind[sign]) if sign in behind else None for sign in "+-")
        return Pattern(event, tuple(self._elements(head)), row, need, block, status)

    def forms(self, verb: str) -> Forms:
        """All forms of a verb. Raises ValueError where they cannot be told."""
        if verb not in self.verbs:
            listed = self._listed_verbs.get(verb)
            paradigm: Paradigm = {} if listed and listed.startswith("only ") else regular(self._language, verb)
            if listed:
                paradigm |= _listed(verb, listed.removeprefix("only "))
            self.verbs[verb] = forms(paradigm)
        return self.verbs[verb]

    def _elements(self, row: str) -> Iterator[Element]:
        gap, any_yet = 0, False
        for piece in row.split():
            if piece in _GAPS:
                gap = _GAPS[piece]
                continue
            optional = piece.endswith("?") and len(piece) > 1
            choice = self._choice(piece.removesuffix("?") if optional else piece)
            if not any_yet and (
                gap
                or optional
                or not (choice.beginnings or choice.prefixes or choice.suffixes or choice.classes - {"NUM"})
            ):
                raise ValueError("a pattern begins with a word, a verb, a list or a part of a word")
            yield Element(choice, optional, gap)
            gap, any_yet = 0, True
        if gap or not any_yet:
            raise ValueError("a pattern ends with a word or a name")

    def _choice(self, piece: str) -> Choice:
        """What a piece of a pattern accepts. Many patterns share their pieces, and so the memory for them."""
        if piece not in self._choices:
            self._choices[piece] = self._read_choice(piece)
        return self._choices[piece]

    def _read_choice(self, piece: str) -> Choice:
        parts = _Parts()
        for one in piece.split("|"):
            if one.startswith("~"):
                self._add_verb(one[1:], parts)
            elif one.startswith("@"):
                if one[1:] not in self._lists:
                    raise ValueError(f"there is no list {one[1:]!r} in [lists]")
                for word in self._lists[one[1:]]:
                    parts.add_word(word)
            elif one.startswith("<") and one.endswith(">"):
                if one[1:-1] not in CLASSES:
                    raise ValueError(f"{one} is no class of names; there are {', '.join(sorted(CLASSES))}")
                parts.classes.add(one[1:-1])
            else:
                parts.add_word(one)
        return parts.choice()

    def _add_verb(self, verb: str, parts: "_Parts") -> None:
        if verb.startswith("s'"):  # French reflexive verbs: "s'est" and the participle are two further patterns
            reflexive = ((form,) for form, tenses in self.forms(verb[2:]).items() if tenses != {"part"})
            parts.phrases["s'"] = (*parts.phrases.get("s'", ()), *reflexive)
            return
        prefix, _, base = verb.rpartition(".")
        for form, tenses in self.forms(base).items():
            parts.words[prefix + form] = tenses
            if prefix and tenses & {"pres", "past"}:
                parts.particles[form] = prefix
            if prefix and "inf" in tenses:
                parts.words[f"{prefix}zu{form}"] = shared(frozenset({"inf"}))


@dataclass(slots=True)
class _Parts:
    """A choice in the making."""

    words: dict[str, frozenset[str]] = field(default_factory=dict)
    particles: dict[str, str] = field(default_factory=dict)
    affixes: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    classes: set[str] = field(default_factory=set)
    phrases: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def add_word(self, one: str) -> None:
        """A literal word, with its endings behind slashes; or a beginning* or an *ending."""
        if len(one) > 3 and "*" in (one[0], one[-1]):
            self.affixes[one[0] == "*"].append(one.strip("*").lower())
            return
        stem, *endings = one.lower().split("/") if len(one) > 1 else [one]
        for word in (stem, *(stem + ending for ending in endings)):
            first, *rest = [word] if word.endswith("'") else split_words(word.replace("_", " "))
            if rest:
                self.phrases[first] = (*self.phrases.get(first, ()), tuple(rest))
            else:
                self.words.setdefault(sys.intern(first), NO_TENSES)

    def choice(self) -> Choice:
        prefixes, suffixes = self.affixes
        phrases = {first: tuple(sorted(rests, key=len, reverse=True)) for first, rests in self.phrases.items()}
        return Choice(
            self.words,
            self.particles or _NOTHING,
            tuple(prefixes),
            tuple(suffixes),
            frozenset(self.classes) if self.classes else _NO_CLASSES,
            phrases or _NOTHING,
        )


def _listed(verb: str, listed: str) -> Paradigm:
    found: Paradigm = {}
    for group in listed.split(";"):
        tense, colon, words = group.strip().partition(":")
        if not colon or tense not in TENSES:
            raise ValueError(f'write the forms of {verb!r} as "past: sent; part: sent" with {", ".join(TENSES)}')
        found[tense] = words.strip()
    return found
