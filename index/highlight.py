"""Why a document was found: its title and the best places of its text, with the matching words marked. Plain text."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from index.analysis import PLAIN, Token, analysis_language, folded_words, occurrences, tokens
from index.document import Document
from index.query import And, Boost, Exact, Named, Or, Prefix, Query, Words
from process.tagged import Entity

Fragment: TypeAlias = Sequence[tuple[str, bool]]
Part = Literal["title", "text"]
Span: TypeAlias = tuple[int, int]
_Leaf: TypeAlias = Words | Prefix | Named | Exact

LENGTH = 200  # code points of a fragment of text
FRAGMENTS = 2
_LEAD = 40  # of those, how many stand before the first match
_SEARCHED = 100_000  # code points of text looked at, so that a text of megabytes does not hold up a page


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words of a query as the index knows them in one language."""

    words: tuple[Token, ...]
    slop: int


@dataclass(frozen=True, slots=True)
class _Matches:
    """Spans to mark; `anchors` are spans worth showing that are not marked, such as the sentence of an event."""

    marked: Sequence[Span]
    anchors: Sequence[Span]


def highlights(query: Query, document: Document) -> list[Fragment]:
    """The title, then the places of the text that match best, in order; the text's beginning where none does."""
    title = unicodedata.normalize("NFC", document.title)
    text = unicodedata.normalize("NFC", document.text[:_SEARCHED])
    leaves = list(_leaves(query))
    fragments = [_pieces(title, 0, len(title), _matches(leaves, document, "title", title).marked)] if title else []
    if text:
        matches = _matches(leaves, document, "text", text)
        fragments += [_pieces(text, start, end, matches.marked) for start, end in _windows(text, matches)]
    return fragments


def _leaves(query: Query) -> Iterator[_Leaf]:
    """The clauses a match may be owed to; what is under NOT is not among them."""
    match query:
        case And() | Or():
            for clause in query.clauses:
                yield from _leaves(clause)
        case Boost():
            yield from _leaves(query.clause)
        case Words() | Prefix() | Named() | Exact():
            yield query


def _matches(leaves: Sequence[_Leaf], document: Document, part: Part, text: str) -> _Matches:
    marked: list[Span] = []
    anchors: list[Span] = []
    running = [leaf for leaf in leaves if isinstance(leaf, Words | Prefix) and leaf.field in ("any", part)]
    phrases = [_analyzed(leaf, analysis_language(document.language)) for leaf in running if isinstance(leaf, Words)]
    if phrases:
        marked += _phrases(phrases, text, analysis_language(document.language))
    if prefixes := [leaf for leaf in running if isinstance(leaf, Prefix)]:
        marked += _prefixes(prefixes, text)
    for leaf in leaves:
        if isinstance(leaf, Exact):
            proof = [e for e in document.events if e.part == part and leaf.value in (e.type, e.status)]
            anchors += [(event.start, event.end) for event in proof]
        elif isinstance(leaf, Named) or leaf.field not in ("any", "title", "text"):
            marked += [(e.start, e.end) for e in document.entities if e.part == part and _is_named(leaf, e)]
    if not unicodedata.is_normalized("NFC", document.title if part == "title" else document.text[:_SEARCHED]):
        anchors = []  # tags count the code points of the text as it came
    inside = [(start, end) for start, end in marked if 0 <= start < end <= len(text)]
    return _Matches(sorted(set(inside)), [span for span in sorted(anchors) if span[1] <= len(text)])


def _is_named(leaf: Words | Prefix | Named, entity: Entity) -> bool:
    if isinstance(leaf, Named):
        return entity.name in leaf.names
    wanted = folded_words(leaf.text)
    for name in (entity.name, entity.text):
        words = folded_words(name)
        if isinstance(leaf, Words) and " ".join(wanted) in " ".join(words):
            return True
        if isinstance(leaf, Prefix) and wanted and any(word.startswith(wanted[-1]) for word in words):
            return True
    return False


@lru_cache(maxsize=10_000)
def _analyzed(leaf: Words, language: str) -> _Phrase:
    """A query's words are the same for every hit."""
    return _Phrase(tuple(tokens(leaf.text, language)), leaf.slop)


def _phrases(phrases: Sequence[_Phrase], text: str, language: str) -> list[Span]:
    places: dict[str, list[Token]] = {word.text: [] for phrase in phrases for word in phrase.words}
    for token in occurrences(text, language, places):
        places[token.text].append(token)
    spans: list[Span] = []
    for phrase in phrases:
        for first in places[phrase.words[0].text] if phrase.words else []:
            start = first.position - phrase.words[0].position
            near = [_nearest(places[word.text], start + word.position, phrase.slop) for word in phrase.words]
            if all(near):
                spans += [(token.start, token.end) for token in near if token]
    return spans


def _prefixes(prefixes: Sequence[Prefix], text: str) -> list[Span]:
    wanted = [words for prefix in prefixes if (words := folded_words(prefix.text))]
    beginnings = tuple(words[-1] for words in wanted)
    whole = {word for words in wanted for word in words[:-1]}
    found = tokens(text, PLAIN)
    return [(token.start, token.end) for token in found if token.text.startswith(beginnings) or token.text in whole]


def _nearest(found: Sequence[Token], position: int, slop: int) -> Token | None:
    nearest = min(found, key=lambda token: abs(token.position - position), default=None)
    return nearest if nearest and abs(nearest.position - position) <= slop else None


def _windows(text: str, matches: _Matches) -> list[Span]:
    """At most FRAGMENTS stretches of the text: those with the most distinct words marked, earlier ones first."""
    starts = [max(0, start - _LEAD) for start, _ in matches.marked] or [start for start, _ in matches.anchors] or [0]
    scored = sorted((-_distinct(text, start, matches.marked), start) for start in dict.fromkeys(starts[:500]))
    chosen: list[Span] = []
    for _, start in scored:
        window = _to_words(text, start, min(len(text), start + LENGTH))
        if all(window[1] <= other[0] or window[0] >= other[1] for other in chosen):
            chosen.append(window)
        if len(chosen) == FRAGMENTS:
            break
    return sorted(chosen)


def _distinct(text: str, start: int, marked: Sequence[Span]) -> int:
    return len({text[a:b].casefold() for a, b in marked if start <= a and b <= start + LENGTH})


def _to_words(text: str, start: int, end: int) -> Span:
    """The window with the words cut through at its edges left out, where that leaves most of it."""
    if start and (blank := text.find(" ", start, start + _LEAD)) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", start + LENGTH // 2, end)) >= 0:
        end = blank
    return start, end


def _pieces(text: str, start: int, end: int, marked: Sequence[Span]) -> Fragment:
    """The stretch cut into pieces, with "…" where the text goes on."""
    pieces: list[tuple[str, bool]] = []
    at = start
    for span in marked:
        first, last = max(span[0], at), min(span[1], end)
        if first < last:
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces = [("…" if start else "", False), *pieces, (text[at:end], False), ("…" if end < len(text) else "", False)]
    return [piece for piece in pieces if piece[0]]
