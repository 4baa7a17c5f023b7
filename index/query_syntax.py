"""From text to luqum's syntax tree, with errors that know their column."""

import re

from luqum.exceptions import ParseError  # type: ignore[import-untyped]
from luqum.thread import parse as luqum_parse  # type: ignore[import-untyped]
from luqum.tree import Item  # type: ignore[import-untyped]

from index.query_errors import QueryError

MAX_LENGTH = 10_000
MAX_DEPTH = 50

# Phones and word processors write quotes the parser does not know. Each has one character, so columns stay true. An
# apostrophe parts words wherever it stands, but luqum refuses the straight one at the beginning of a word.
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "'": "’"})
_BEFORE_QUOTE = frozenset('([{:+-=<>"')
_PAIRS = {")": "(", "]": "[{", "}": "[{"}


def syntax_tree(query: str) -> Item:
    """Parse Lucene syntax. Raises QueryError."""
    if not query.strip():
        raise QueryError("the query is empty; write a word to search for", query, 1)
    if len(query) > MAX_LENGTH:
        raise QueryError(f"the query is longer than {MAX_LENGTH} characters; shorten it", query, MAX_LENGTH + 1)
    text = query.translate(_QUOTES)
    _check_pairs(text, query)
    try:
        return luqum_parse(text)
    except ParseError as error:
        raise _located(str(error), query) from None
    except (ArithmeticError, ValueError):  # luqum lets a malformed number after ~ or ^ through and then cannot read it
        raise _malformed_number(text, query) from None


def _check_pairs(text: str, query: str) -> None:
    """Quotes and brackets must come in pairs; luqum does not say which one lacks its other half."""
    opened: list[tuple[str, int]] = []
    quote: int | None = None
    skip = False
    for at, char in enumerate(text):
        if skip or char == "\\":
            skip = not skip
        elif char == '"':
            quote = _quote(at, quote, text, query)
        elif quote is None:
            _bracket(char, at, opened, query)
    if quote is not None:
        raise QueryError('this quote is never closed; add a "', query, quote + 1)
    if opened:
        raise QueryError(f'this "{opened[-1][0]}" is never closed', query, opened[-1][1] + 1)


def _quote(at: int, opened: int | None, text: str, query: str) -> int | None:
    if opened is not None:
        return None
    if at and not text[at - 1].isspace() and text[at - 1] not in _BEFORE_QUOTE:
        raise QueryError("a quote inside a word; put a blank or a backslash before it", query, at + 1)
    return at


def _bracket(char: str, at: int, opened: list[tuple[str, int]], query: str) -> None:
    if char in "([{":
        if len(opened) == MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} brackets inside each other; simplify the query", query, at + 1)
        opened.append((char, at))
    elif char in ")]}":
        if not opened or opened[-1][0] not in _PAIRS[char]:
            raise QueryError(f'this "{char}" closes nothing that is open', query, at + 1)
        opened.pop()


def _malformed_number(text: str, query: str) -> QueryError:
    sign = re.search(r"[~^][\d.]*\.[\d.]*", text)
    return QueryError('write a whole number after "~" or "^"', query, sign.start() + 1 if sign else 1)


def _located(message: str, query: str) -> QueryError:
    """luqum's message turned into ours: it ends in "position 12" or says that the end came too early."""
    match = re.search(r"at position (\d+)!?$", message)
    if match is None:
        return QueryError("the query breaks off; something is missing here", query, len(query.rstrip()) + 1)
    at = min(int(match[1]), len(query) - 1)
    if message.startswith("Illegal") and query[at] == "/":
        return QueryError('regular expressions are not understood; put a word with "/" in quotes', query, at + 1)
    word = re.match(r"\w+|.", query[at:], re.DOTALL)
    return QueryError(f'"{word[0] if word else ""}" is not understood here', query, at + 1)
