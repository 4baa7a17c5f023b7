"""Text as the rules read it: tokens with exact offsets, grouped into sentences.

One regular expression tokenizes all languages, so that a name in the gazetteer and the same name in a text always fall
into the same tokens, whatever stands around them. It is linear in the text's length, keeps no state between texts, and
leaves the elision of French ("l'", "d'") and the English possessive ("'s") as tokens of their own. spaCy's blank
tokenizers were measured beside it: importing them costs 2 s and building the French one 5 s, they run ten times slower
and their vocabulary grows with what it reads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from process.gazetteer_entry import fold
from process.memory import Memory
from process.tagged import Part

SENTENCE_LIMIT = 250
"""Tokens after which a sentence is cut, so that no rule ever sees an endless one."""

_TOKEN = re.compile(
    r"[^\W\d_]{1,80}+(?=[ ,\n]|\.[ \n])"  # most words: letters only; the rest is slower
    r"|(?:[^\W\d_]{1,2}\.){2,}"  # U.S., EE.UU., z.B.
    r"|(?i:\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)"  # l'Élysée
    r"|[^\W_]{1,40}n['’]t\b"  # didn't
    r"|\b[OD]['’](?=[A-Z])[^\W_]{1,40}"  # O'Brien
    r"|['’]s\b)"  # Israel's
    r"|\d{1,20}(?:[.,:]\d{1,20}){0,6}(?![^\W_])"  # 1,500  3.2  12:30; not 11th
    r"|[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d]){0,79}"  # words, with loose accents and invisible joints
    r"|[^\s\u200b-\u200d\u2060\ufeff]",  # not an invisible mark before a word
)
_CLOSERS = frozenset("\"'”’»)]“›«")
_OPENERS = frozenset("\"'“‘«([„‹¿¡—–-")
_ENDS = frozenset(".!?…")


class Spellings:
    """Words in lower case, and folded."""

    def __init__(self) -> None:
        self.lower = Memory(lambda word: word.lower().replace("’", "'"))
        self.folded = Memory(lambda word: fold(word).replace("\u00ad", ""))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens [first, last) of a part, characters [start, end)."""

    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Title or text in tokens: as written, in lower case, folded; where each begins; and the sentences they form."""

    part: Part
    text: str
    words: list[str]
    lower: list[str]
    folded: list[str]
    starts: list[int]
    sentences: list[Sentence]

    def end(self, token: int) -> int:
        """The character offset after a token."""
        return self.starts[token] + len(self.words[token])

    def span(self, first: int, last: int) -> str:
        """The text of tokens [first, last) as written."""
        return self.text[self.starts[first] : self.end(last - 1)]


def split_words(text: str) -> list[str]:
    """The tokens of a text."""
    return _TOKEN.findall(text)


@dataclass(frozen=True, slots=True)
class Stops:
    """After what a full stop ends nothing: these abbreviations and, in some languages, ordinals ("3. Mai")."""

    abbreviations: frozenset[str] = frozenset()
    ordinals: bool = False


def read(part: Part, text: str, stops: Stops, spellings: Spellings) -> Tokens:
    """Tokenize and split into sentences."""
    return in_sentences(tokenize(part, text, spellings), stops)


def tokenize(part: Part, text: str, spellings: Spellings) -> Tokens:
    """The tokens of a text, not yet in sentences."""
    words, starts, at = _TOKEN.findall(text), [], 0
    for word in words:  # between two tokens stands nothing that a token can begin with
        start = text.index(word, at)
        starts.append(start)
        at = start + len(word)
    lower, folded = spellings.lower, spellings.folded
    return Tokens(part, text, words, [lower[word] for word in words], [folded[word] for word in words], starts, [])


def in_sentences(tokens: Tokens, stops: Stops) -> Tokens:
    """The same tokens, grouped into sentences."""
    return replace(tokens, sentences=list(_sentences(tokens, stops)))


def _sentences(tokens: Tokens, stops: Stops) -> Iterator[Sentence]:
    first, starts = 0, tokens.starts
    for cut in _cuts(tokens, stops):
        while first < cut:
            last = min(cut, first + SENTENCE_LIMIT)
            yield Sentence(first, last, starts[first], tokens.end(last - 1))
            first = last


def _cuts(tokens: Tokens, stops: Stops) -> Iterator[int]:
    """The token numbers at which a new sentence begins, and the number of tokens."""
    words, starts, text = tokens.words, tokens.starts, tokens.text
    ends = {place for place, word in enumerate(words) if word in _ENDS}
    for line_end in _line_ends(text):
        # the first token after the line break begins a sentence
        ends.add(_token_before(starts, line_end))
    done = 0
    for place in sorted(ends):
        if place < done or place < 0:
            continue
        cut = place + 1
        broken = cut < len(words) and "\n" in text[tokens.end(place) : starts[cut]]
        while cut < len(words) and words[cut] in _CLOSERS and (not broken) and text[starts[cut] - 1] not in " \n":
            cut += 1
        if cut >= len(words):
            break
        broken = "\n" in text[tokens.end(cut - 1) : starts[cut]]
        if broken or _ends_here(tokens, place, cut, stops):
            yield cut
            done = cut
    yield len(words)


def _line_ends(text: str) -> Iterator[int]:
    place = text.find("\n")
    while place >= 0:
        yield place
        place = text.find("\n", place + 1)


def _token_before(starts: list[int], offset: int) -> int:
    low, high = 0, len(starts)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if starts[middle] < offset else (low, middle)
    return low - 1


def _ends_here(tokens: Tokens, place: int, cut: int, stops: Stops) -> bool:
    """Whether the mark at `place` ends a sentence when token `cut` follows it (and its closing quotes)."""
    words = tokens.words
    following = words[cut]
    if tokens.starts[cut] == tokens.end(cut - 1):
        return False
    if not (following[0].isupper() or following[0].isdigit() or following in _OPENERS or _opens(tokens, cut)):
        return False
    if words[place] != "." or place == 0:
        return True
    before = words[place - 1]
    if cut > place + 1:
        return True
    initial = len(before) == 1 and before.isupper()
    ordinal = stops.ordinals and before.isdigit() and len(before) <= 2
    return not (initial or ordinal or tokens.lower[place - 1] in stops.abbreviations)


def _opens(tokens: Tokens, at: int) -> bool:
    """Whether a mark that closes a quotation elsewhere opens one here, as in German books: »So nicht«."""
    return tokens.words[at] == "»" and tokens.starts[at + 1 : at + 2] == [tokens.end(at)]
