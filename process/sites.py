"""Sites: squares, bases, valleys and such, by the word for them and the name behind it ("la base de Mürted")."""

from collections.abc import Iterator, Set

from process.lexicon import Lexicon
from process.mention import Mention
from process.tokens import Tokens

_LONGEST = 3
"""Words of the longest name."""
_HYPHENS = frozenset("-–")


class Sites:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        names = lexicon.names
        self._sites, self._possessive, self._articles = names["sites"], names["possessive"], names["org_articles"]
        self._particles = names["particles"]
        self._ordinary = names["openers"] | names["months"] | names["function"] | names["titles"]

    def find(self, tokens: Tokens, taken: Set[int]) -> Iterator[Mention]:
        """Names that nothing else explains (`taken` are the tokens of those known), with the word for their site."""
        for at, word in enumerate(tokens.lower):
            if word in self._sites and (mention := self._behind(tokens, at, taken)):
                yield mention

    def bears(self, tokens: Tokens, one: Mention) -> bool:
        """Whether a person's name is a site's: "aeropuerto José Martí"."""
        return one.label == "PERSON" and one.first > 0 and tokens.lower[one.first - 1] in self._sites

    def _behind(self, tokens: Tokens, at: int, taken: Set[int]) -> Mention | None:
        lower, words, count = tokens.lower, tokens.words, len(tokens.words)
        first = at + 1
        if first < count and words[first].islower() and lower[first] not in self._possessive:
            first += 1  # "base aérienne de"
        linked = first < count and lower[first] in self._possessive
        while first < count and (lower[first] in self._possessive or (linked and lower[first] in self._articles)):
            first += 1
        last = first
        while last < min(count, first + _LONGEST) and self._is_name(tokens, last, taken):
            glued = last + 2 < count and words[last + 1] in _HYPHENS and tokens.starts[last + 1] == tokens.end(last)
            joined = last + 2 < count and lower[last + 1] in self._particles and self._is_name(tokens, last + 2, taken)
            last += 2 if glued or joined else 1
        if last == first or (not linked and first > at + 1) or last in taken:
            return None
        start = first if linked else at
        return Mention(at, last, " ".join(tokens.span(start, last).split()), "LOC", "a word for a site before it")

    def _is_name(self, tokens: Tokens, at: int, taken: Set[int]) -> bool:
        word = tokens.words[at]
        return at not in taken and word[0].isupper() and word[1:].islower() and tokens.lower[at] not in self._ordinary
