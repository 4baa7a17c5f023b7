"""Marks in a text: spans that may nest, touch or cross become a stream that opens and closes like brackets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Kind = Literal["event", "entity"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at [start, end) of the text, in code points. `number` counts within its kind."""

    kind: Kind
    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Open:
    """A mark begins, or goes on after it was cut (`first` is False then)."""

    mark: Mark
    first: bool


@dataclass(frozen=True, slots=True)
class Close:
    """The mark opened last ends, or is cut here."""

    mark: Mark


Token = str | Open | Close


def marked_paragraphs(text: str, marks: Sequence[Mark], limit: int | None = None) -> list[list[Token]]:
    """The text's paragraphs, each a balanced stream of plain text and marks; only those that begin before `limit`.

    Marks that cross one another or a paragraph's end are cut in two. Those empty or outside the text are left out.
    """
    waiting = sorted((m for m in marks if 0 <= m.start < m.end <= len(text)), key=_outermost_first)
    waiting.reverse()
    alive: list[Mark] = []
    begun: set[Mark] = set()
    paragraphs = []
    for start, end in _paragraphs(text, len(text) if limit is None else limit):
        alive = [m for m in alive if m.end > start]
        while waiting and waiting[-1].start < end:
            alive.append(waiting.pop())
        paragraphs.append(list(_tokens(text, start, end, [m for m in alive if m.end > start], begun)))
    return paragraphs


def _paragraphs(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Where the paragraphs stand: they are parted by empty lines. The last one ends at `limit`."""
    start = 0
    for gap in re.finditer(r"\n[^\S\n]*\n\s*", text):
        if start >= limit:
            return
        if gap.start() > start:
            yield start, min(limit, gap.start())
        start = gap.end()
    if start < min(limit, len(text)):
        yield start, min(limit, len(text))


def _tokens(text: str, start: int, end: int, marks: Sequence[Mark], begun: set[Mark]) -> Iterator[Token]:
    """One paragraph. `marks` all reach into it, outermost first; `begun` remembers which were opened before."""
    cuts = sorted({start, end} | {max(m.start, start) for m in marks} | {min(m.end, end) for m in marks})
    stack: list[Mark] = []
    coming = list(reversed(marks))
    for here, there in pairwise(cuts):
        yield from _close(stack, here)
        while coming and max(coming[-1].start, start) <= here:
            mark = coming.pop()
            stack.append(mark)
            yield Open(mark, first=mark not in begun)
            begun.add(mark)
        yield text[here:there]
    for mark in reversed(stack):
        yield Close(mark)


def _close(stack: list[Mark], here: int) -> Iterator[Token]:
    """Close the marks that end here, and whatever was opened inside them; open the latter again."""
    lowest = next((at for at, mark in enumerate(stack) if mark.end <= here), None)
    if lowest is None:
        return
    for mark in reversed(stack[lowest:]):
        yield Close(mark)
    stack[lowest:] = [mark for mark in stack[lowest:] if mark.end > here]
    for mark in stack[lowest:]:
        yield Open(mark, first=False)


def _outermost_first(mark: Mark) -> tuple[int, int, bool, int]:
    """By start, the longest first; a sentence goes round a name of the same length."""
    return mark.start, -mark.end, mark.kind == "entity", mark.number
