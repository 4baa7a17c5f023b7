"""What stands before a ship's name: its prefix, or a word for a ship.

A ship often bears the name of a person or a town, so that these words decide: "the carrier Charles de Gaulle". Between
quotation marks the word may stand further off: "drei Kriegsschiffe, unter ihnen die „Kanimbla“".
"""

from process.lexicon import Lexicon
from process.tokens import Tokens

_REACH = 4
_QUOTED_REACH = 14
_OPENING = frozenset('"“„«»‘‚')
_CLOSING = frozenset('"”“»«’‘')
_ENDS = frozenset(".!?;")
_CLOSED = frozenset(",.;:)")
_APPOSED = 4
"""Words of the longest apposition up to the word for the ship."""
_HYPHENS = frozenset("-–")


class Ships:
    """The words for ships of one language."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = lexicon.names["ships"]
        self._words = frozenset(word for word in words if word[0] != "*")
        self._endings = tuple(word[1:] for word in words if word[0] == "*")
        self._prefixes = lexicon.names["ship_prefixes"]
        self._articles = lexicon.names["determiners"] | lexicon.names["org_articles"]
        self._between = lexicon.names["function"] | lexicon.names["locative"]

    def stands_before(self, tokens: Tokens, first: int, last: int) -> bool:
        """Whether the words before tokens [first, last) make them a ship's name, whoever else is called so."""
        quoted = is_quoted(tokens, first, last)
        for at in range(first - 1 - quoted, max(-1, first - 1 - (_QUOTED_REACH if quoted else _REACH)), -1):
            if self._is_ship(tokens, at) or self._is_prefix(tokens, at):
                return True
            if tokens.words[at] in _ENDS:
                return False
            if not quoted and (tokens.lower[at] in self._between or not tokens.lower[at].isalpha()):
                return False
        return False

    def apposed(self, tokens: Tokens, first: int, last: int) -> bool:
        """Whether a ship's word tells the name again: "the tanker, the Mesdar,", "the Boxer, an assault ship"."""
        lower = tokens.lower
        if first == 0 or last >= len(lower) or lower[first - 1] not in self._articles:
            return False
        if first > 2 and lower[first - 2] == "," and lower[last] in _CLOSED and self._is_ship(tokens, first - 3):
            return True
        behind = range(last + 2, min(last + 2 + _APPOSED, len(lower)))
        for at in behind if lower[last] == "," and lower[last + 1 : last + 2] != [","] else ():
            if lower[at] == "," or tokens.words[at] in _ENDS:
                return False
            if self._is_ship(tokens, at):
                return lower[last + 1] in self._articles
        return False

    def stands_near(self, tokens: Tokens, first: int) -> bool:
        """Whether a word for a ship stands a few tokens before, in whatever relation."""
        near = range(max(0, first - _REACH), first)
        return any(self._is_ship(tokens, at) or tokens.lower[at] in self._prefixes for at in near)

    def _is_prefix(self, tokens: Tokens, at: int) -> bool:
        return tokens.lower[at] in self._prefixes and tokens.words[at].isupper()

    def _is_ship(self, tokens: Tokens, at: int) -> bool:
        word = tokens.lower[at]
        if at > 1 and tokens.words[at - 1] in _HYPHENS:  # "porte-avions", "U-Boot"
            word = f"{tokens.lower[at - 2]}-{word}"
        return word in self._words or (bool(self._endings) and word.endswith(self._endings))


def is_quoted(tokens: Tokens, first: int, last: int) -> bool:
    """Whether quotation marks enclose just these tokens."""
    inside = first > 0 and last < len(tokens.words)
    return inside and tokens.words[first - 1] in _OPENING and tokens.words[last] in _CLOSING
