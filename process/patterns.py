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

from process.memory import Memory

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

    @property
    def plain(self) -> bool:
        """Whether it accepts whole words only."""
        return not (self.prefixes or self.suffixes or self.classes)

    def lacks(self, words: Sequence[str]) -> bool:
        """Whether none of these words is one that it may begin with, prefixes and suffixes aside."""
        if self.phrases or self.particles:
            return self.beginnings.isdisjoint(words)
        return self.words.keys().isdisjoint(words)


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
    while number < len(elements):
        element = elements[number]
        if element.gap or element.optional:
            return _walk_on(elements, number, view, at, steps)
        end = _fit(element.choice, view, at) if at < view.last else 0
        if not end:
            return False
        steps.append((at, end, number))
        at, number = end, number + 1
    return True


def _walk_on(elements: Sequence[Element], number: int, view: View, at: int, steps: list[tuple[int, int, int]]) -> bool:
    """The same where element `number` may be left out, or words may stand before it."""
    element, done = elements[number], len(steps)
    for start in range(at, min(at + element.gap + 1, view.last)):
        if start > at and view.lower[start - 1] in _GAP_ENDS:
            break
        if end := _fit(element.choice, view, start):
            steps.append((start, end, number))
            if _walk(elements, number + 1, view, end, steps):
                return True
            del steps[done:]
    return element.optional and _walk(elements, number + 1, view, at, steps)


def _fit(choice: Choice, view: View, at: int) -> int:
    """The token after what fits at `at`, 0 for nothing."""
    word = view.lower[at]
    if choice.phrases:
        for rest in choice.phrases.get(word, ()):
            if tuple(view.lower[at + 1 : at + 1 + len(rest)]) == rest:
                return at + 1 + len(rest)
    if word in choice.words:
        return at + 1
    if (choice.prefixes and word.startswith(choice.prefixes)) or (choice.suffixes and word.endswith(choice.suffixes)):
        return at + 1
    if choice.particles and word in choice.particles and _particle(choice.particles[word], view, at) is not None:
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
    if choice.plain and choice.lacks(view.lower[low:high]):  # to look is quicker than to match
        return False
    return any(_fit(choice, view, at) for at in range(low, high) if at not in but)


@dataclass(frozen=True, slots=True)
class _Try:
    """A pattern that a word of a sentence calls for. The sentence must have one word of each of `sets` as well: to look
    is quicker than to match, and most lack one. `begins`: the pattern begins at that word, else anywhere.
    """

    number: int
    pattern: Pattern
    sets: tuple[frozenset[str], ...]
    begins: bool
    anchor: frozenset[str]

    def places(self, view: View) -> Sequence[int]:
        """Where in the sentence it may begin."""
        lower, words, classes = view.lower, self.anchor, self.pattern.anchor.classes
        places = [at for at in range(view.first, view.last) if lower[at] in words]
        if "NUM" in classes:
            places += [at for at in range(view.first, view.last) if lower[at][0].isdigit()]
        return places + [at for at, (kinds, _) in view.names.items() if kinds & classes] if classes else places


class PatternIndex:
    """All patterns of a language, each by its rarest words, which are none of the `common` ones where it has others.
    What a word calls for is remembered, within bounds.
    """

    def __init__(self, patterns: Iterable[Pattern], common: Set[str] = frozenset()) -> None:
        self._common = common
        self._by_word: dict[str, list[_Try]] = {}
        self._by_beginning: dict[str, list[_Try]] = {}
        self._by_ending: dict[str, list[_Try]] = {}
        self._by_class: dict[str, list[_Try]] = {}
        shared: dict[frozenset[str], frozenset[str]] = {}
        for number, pattern in enumerate(sorted(patterns, key=_breadth)):
            self._add(number, pattern, [shared.setdefault(words, words) for words in _sets(pattern)])
        self._lengths = sorted({len(affix) for affix in (*self._by_beginning, *self._by_ending)})
        self._called = Memory(self._look_up)

    def _add(self, number: int, pattern: Pattern, sets: Sequence[frozenset[str]]) -> None:
        anchor = pattern.anchor
        begins = sets[0] if anchor.plain else anchor.beginnings
        if sets and not (anchor.prefixes or anchor.suffixes):
            key, *others = sorted(sets, key=self._rarity, reverse=True)
            _enter(self._by_word, key, _Try(number, pattern, tuple(others), anchor.plain and key is begins, begins))
        else:
            one = _Try(number, pattern, tuple(sets), begins=True, anchor=begins)
            _enter(self._by_word, begins, one)
            _enter(self._by_beginning, anchor.prefixes, one)
            _enter(self._by_ending, anchor.suffixes, one)
            _enter(self._by_class, anchor.classes - {"NUM"}, one)

    def _rarity(self, words: frozenset[str]) -> tuple[bool, int, int]:
        """Long words are rare, as a rule; of two sets the smaller."""
        return words.isdisjoint(self._common), min(map(len, words)), -len(words)

    def _look_up(self, word: str) -> tuple[_Try, ...]:
        found = {one.number: one for one in self._by_word.get(word, ())}
        for length in self._lengths:
            found |= {one.number: one for one in self._by_beginning.get(word[:length], ())}
            found |= {one.number: one for one in self._by_ending.get(word[-length:], ())}
        return tuple(found.values())

    def matches(self, view: View) -> list[Match]:
        """Every match in a sentence, from left to right."""
        lower, called = view.lower, self._called
        words = set(lower[view.first : view.last])
        found: dict[tuple[int, int], Match] = {}
        tried: set[int] = set()
        for at in range(view.first, view.last):
            for one in called[lower[at]]:
                for wanted in one.sets:
                    if words.isdisjoint(wanted):
                        break
                else:
                    if one.begins:
                        _look(one, view, (at,), found)
                    elif one.number not in tried:
                        tried.add(one.number)
                        _look(one, view, one.places(view), found)
        for at, (classes, _) in view.names.items() if self._by_class else ():
            for name_class in classes if view.first <= at < view.last else ():
                for one in self._by_class.get(name_class, ()):
                    _look(one, view, (at,), found)
        return [found[place] for place in sorted(found)]


def _enter(index: dict[str, list[_Try]], keys: Iterable[str], one: _Try) -> None:
    for key in keys:
        index.setdefault(key, []).append(one)


def _look(one: _Try, view: View, places: Sequence[int], found: dict[tuple[int, int], Match]) -> None:
    for at in places:
        if match := find(one.pattern, view, at):
            found[at, one.number] = match


def _breadth(pattern: Pattern) -> int:
    """What begins with any name, or with part of a word, tells less than what begins with a word, and comes behind."""
    return 2 if pattern.anchor.classes else int(not pattern.anchor.plain)


def _sets(pattern: Pattern) -> list[frozenset[str]]:
    """For each element that is plain words: a sentence without one of these cannot match."""
    choices = [one.choice for one in pattern.elements if not one.optional]
    choices += [pattern.need] if pattern.need else []
    return [one.beginnings for one in choices if one.plain]
