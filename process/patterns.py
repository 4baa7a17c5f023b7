"""Trigger patterns: a small language of words in a row, which lexicons are written in and sentences are searched with.

A pattern is a row of elements, parted by blanks, that must stand in this order in one sentence:

    word                 this word, in any case; several joined by hyphens or apostrophes count as one ("cease-fire"),
                         and by low lines, which stand for blanks ("at_sea")
    word/s/es            word, words, wordes
    ~verb                every form of the verb (German with a separable prefix: ~an.greifen)
    @list                every word of that list in [lists]
    pre*  *suf           words that begin, end so
    <PERSON> <STATE> …   a name: PERSON, ORG, GPE, LOC, VESSEL; STATE is a country, ANY any name; NUM a figure
    a|b|c                one of these
    element?             may be left out
    ..   ...             up to 3, up to 9 words between

Behind the row may stand, each at most once: `+ a|b` (one of these must stand somewhere in the sentence), `- a|b` (none
of these may stand near it), `= status` (the status it shows by itself).
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

NEAR = 12
"""How many words before and after a match a `-` word forbids it."""
_PARTICLE_REACH = 30
_CLAUSE_ENDS = frozenset('.,;:!?…"“”»«)–—') | {"und", "aber", "sowie"}
_GAP_ENDS = frozenset(";:")
_GAPS = {"..": 3, "...": 9}


@dataclass(frozen=True, slots=True)
class Choice:
    """What one element accepts: words with the tenses they show, beginnings, endings, classes of names."""

    words: Mapping[str, frozenset[str]]
    particles: Mapping[str, str] = field(default_factory=dict)  # finite form -> separable prefix that must follow
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # first token -> the rest, several

    @property
    def beginnings(self) -> frozenset[str]:
        """The words it may begin with, prefixes and suffixes aside."""
        return frozenset((*self.words, *self.particles, *self.phrases))

    def affixed(self, word: str) -> bool:
        """Whether one of the beginnings or endings fits."""
        return bool(
            (self.prefixes and word.startswith(self.prefixes)) or (self.suffixes and word.endswith(self.suffixes))
        )


@dataclass(frozen=True, slots=True)
class Element:
    choice: Choice
    optional: bool = False
    gap: int = 0  # words that may stand before it


@dataclass(frozen=True, slots=True)
class Pattern:
    """One trigger of the lexicon. `source` is its text as written, for explanations."""

    event: str
    elements: tuple[Element, ...]
    source: str
    need: Choice | None = None
    block: Choice | None = None
    status: str | None = None

    @property
    def anchor(self) -> Choice:
        """The element by which the pattern is found."""
        return self.elements[0].choice


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens [first, last) of a sentence fit the pattern; `tenses` are those of its verb, empty when it has none;
    `particle` is where the verb's separable prefix stands ("sagte den Besuch ab"); `gaps` are the tokens between that
    no element fits.
    """

    pattern: Pattern
    first: int
    last: int
    tenses: frozenset[str]
    verb: int | None
    particle: int | None = None
    gaps: frozenset[int] = frozenset()

    def shares(self, other: "Match") -> bool:
        """Whether both fit one word; what stands in a gap may be another's."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return any(at not in self.gaps and at not in other.gaps for at in range(first, last))


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as patterns see it: lower-case words [first, last) and, by token, classes and end of a name there;
    `subjects` are the tokens behind those that can act, which adjectives cannot.
    """

    lower: Sequence[str]
    first: int
    last: int
    names: Mapping[int, tuple[frozenset[str], int]]
    subjects: frozenset[int] = frozenset()


def find(pattern: Pattern, view: View, at: int) -> Match | None:
    """The pattern's match whose first element stands at token `at`."""
    steps: list[tuple[int, int, int]] = []
    if not _walk(pattern.elements, 0, view, at, steps):
        return None
    first, last = at, max(end for _, end, _ in steps)
    fitted = {token for start, end, _ in steps for token in range(start, end)}
    if pattern.need and not _somewhere(pattern.need, view, view.first, view.last, fitted):
        return None
    if pattern.block and _somewhere(pattern.block, view, max(view.first, first - NEAR), min(view.last, last + NEAR)):
        return None
    gaps = frozenset(range(first, last)) - fitted
    for start, _, number in steps:
        choice = pattern.elements[number].choice
        word = view.lower[start]
        if tenses := choice.words.get(word):
            return Match(pattern, first, last, tenses, start, None, gaps)
        if word in choice.particles:
            prefix = choice.particles[word]
            return Match(pattern, first, last, choice.words[prefix + word], start, _particle(prefix, view, start), gaps)
    return Match(pattern, first, last, frozenset(), None, None, gaps)


def _walk(elements: Sequence[Element], number: int, view: View, at: int, steps: list[tuple[int, int, int]]) -> bool:
    """Match elements from `number` on, beginning at token `at`; fills `steps` with (token, end, element)."""
    if number == len(elements):
        return True
    element = elements[number]
    for start in range(at, min(at + element.gap + 1, view.last)):
        if start > at and view.lower[start - 1] in _GAP_ENDS:
            break
        end = _fit(element.choice, view, start)
        if end:
            steps.append((start, end, number))
            if _walk(elements, number + 1, view, end, steps):
                return True
            steps.pop()
    return element.optional and _walk(elements, number + 1, view, at, steps)


def _fit(choice: Choice, view: View, at: int) -> int:
    """The token after what fits at `at`, 0 for nothing."""
    word = view.lower[at]
    for rest in choice.phrases.get(word, ()):
        if tuple(view.lower[at + 1 : at + 1 + len(rest)]) == rest:
            return at + 1 + len(rest)
    if word in choice.words or choice.affixed(word):
        return at + 1
    if word in choice.particles and _particle(choice.particles[word], view, at) is not None:
        return at + 1
    if choice.classes:
        name = view.names.get(at)
        if name and name[0] & choice.classes:
            return name[1]
        if "NUM" in choice.classes and word[0].isdigit():
            return at + 1
    return 0


def _particle(particle: str, view: View, at: int) -> int | None:
    """German: where the separable prefix closes the clause ("griff die Stadt am Morgen an")."""
    for place in range(at + 1, min(at + _PARTICLE_REACH, view.last)):
        if view.lower[place] == particle and (place + 1 == view.last or view.lower[place + 1] in _CLAUSE_ENDS):
            return place
    return None


def _somewhere(choice: Choice, view: View, low: int, high: int, but: Set[int] = frozenset()) -> bool:
    return any(_fit(choice, view, at) for at in range(low, high) if at not in but)


Try = tuple[Pattern, tuple[frozenset[str], ...]]
"""A pattern with the sets of words of which the sentence must have one each."""


class PatternIndex:
    """All patterns of a language, by the words they begin with. What a word begins is remembered, within bounds."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_word: dict[str, list[Try]] = {}
        self._by_class: dict[str, list[Try]] = {}
        self._affixed: list[Try] = []
        for pattern in patterns:
            one = pattern, _wanted(pattern)
            for word in pattern.anchor.beginnings:
                self._by_word.setdefault(word, []).append(one)
            for name_class in pattern.anchor.classes - {"NUM"}:
                self._by_class.setdefault(name_class, []).append(one)
            if pattern.anchor.prefixes or pattern.anchor.suffixes:
                self._affixed.append(one)
        self._known: dict[str, tuple[Try, ...]] = {}

    def _beginning(self, word: str) -> tuple[Try, ...]:
        """The patterns whose first element takes the word."""
        if len(self._known) > 100_000:
            self._known.clear()
        affixed = (one for one in self._affixed if _only_affixed(one[0].anchor, word))
        known = self._known[word] = (*self._by_word.get(word, ()), *affixed)
        return known

    def matches(self, view: View) -> list[Match]:
        """Every match in a sentence."""
        lower, known = view.lower, self._known
        words = set(lower[view.first : view.last])
        found: list[Match] = []
        for at in range(view.first, view.last):
            tries = known.get(lower[at])
            for pattern, wanted in self._beginning(lower[at]) if tries is None else tries:
                _try(pattern, wanted, words, view, at, found)
        if self._by_class:
            for at, (classes, _) in view.names.items():
                for name_class in classes if view.first <= at < view.last else ():
                    for pattern, wanted in self._by_class.get(name_class, ()):
                        _try(pattern, wanted, words, view, at, found)
        return found


def _try(
    pattern: Pattern, wanted: tuple[frozenset[str], ...], words: set[str], view: View, at: int, found: list[Match]
) -> None:
    for one in wanted:  # most sentences lack one; to look is quicker than to match
        if words.isdisjoint(one):
            return
    if match := find(pattern, view, at):
        found.append(match)


def _only_affixed(anchor: Choice, word: str) -> bool:
    return anchor.affixed(word) and word not in anchor.beginnings


def _wanted(pattern: Pattern) -> tuple[frozenset[str], ...]:
    """Of each further element that is plain words: one of these must be in the sentence. Most sentences lack them."""
    choices = [one.choice for one in pattern.elements[1:] if not one.optional]
    choices += [pattern.need] if pattern.need else []
    plain = (one.beginnings for one in choices if not (one.prefixes or one.suffixes or one.classes))
    return tuple(sorted(plain, key=len))
