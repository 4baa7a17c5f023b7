"""Known names: the gazetteer's forms found in a text, the longest first; weak ones wait for support."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from process.gazetteer_entry import Form
from process.lexicon import Lexicon
from process.mention import Mention, of_entry
from process.ships import Ships
from process.tokens import Folds, Tokens, split_words

_ACRONYM = 6
"""Longest one-word form in capitals that must be written in capitals too."""
_ARTICLES = frozenset({"the", "le", "la", "les", "el", "los", "las", "der", "die", "das"})


@dataclass(frozen=True, slots=True)
class _Known:
    """A form ready to be compared: its further tokens, folded; whether capitals matter."""

    rest: list[str]
    form: Form
    exact: str  # the acronym as it must be written, else ""
    capital: bool  # of its first word
    closing: bool  # of its last word as well: "El País" is not "El país"


class NameIndex:
    """The forms of one language by their first token."""

    def __init__(self, forms: Iterable[Form], folds: Folds) -> None:
        by_first: dict[str, list[_Known]] = defaultdict(list)
        for form in forms:
            words = split_words(form.text)
            if not words:
                continue
            first, *rest = [folds[word] for word in words]
            acronym = not rest and len(form.text) <= _ACRONYM and form.text.isupper() and len(form.text) > 1
            by_first[first].append(
                _Known(
                    rest,
                    form,
                    form.text if acronym else "",
                    words[0][0].isupper(),
                    first in _ARTICLES and words[-1][0].isupper(),
                )
            )
        for known in by_first.values():
            known.sort(key=lambda one: -len(one.rest))
        self._by_first = dict(by_first)

    def find(self, tokens: Tokens) -> Iterator[tuple[int, int, list[Form]]]:
        """Longest matches from left to right: tokens [first, last) and the forms that fit, the likeliest first."""
        by_first, folded, done = self._by_first, tokens.folded, 0
        for at in [place for place, word in enumerate(folded) if word in by_first]:
            if at < done:
                continue
            found: list[Form] = []
            length = 0
            for known in by_first[folded[at]]:
                size = len(known.rest) + 1
                if size < length:
                    break
                if _fits(known, tokens, at):
                    length = size
                    found.append(known.form)
            if found:
                done = at + length
                yield at, done, found


def _fits(known: _Known, tokens: Tokens, at: int) -> bool:
    rest, word = known.rest, tokens.words[at]
    if rest:
        last = at + len(rest)
        if tokens.folded[at + 1 : last + 1] != rest:
            return False
        if known.capital:
            return word[0].isupper() and (not known.closing or tokens.words[last][0].isupper())
        return True
    if known.exact:
        return word == known.exact
    return not known.capital or word[0].isupper()


@dataclass(slots=True)
class Found:
    """The names of one part: those believed, and the weak ones that wait for support."""

    sure: list[Mention]
    weak: list[tuple[int, int, list[Form]]]


def known_names(tokens: Tokens, index: NameIndex, ships: Ships) -> Found:
    """All gazetteer names of a part."""
    found = Found([], [])
    for first, last, forms in index.find(tokens):
        ship = next((form for form in forms if form.entry.label == "VESSEL"), None)
        strong = next((form for form in forms if not form.weak), None)
        if ship and (ships.stands_before(tokens, first, last) or (not strong and ships.stands_near(tokens, first))):
            found.sure.append(of_entry(first, last, ship.entry, "name"))
        elif strong is None or (strong.kind == "prefix" and not _hyphen_follows(tokens, last)):
            found.weak.append((first, last, forms))
        else:
            found.sure.append(of_entry(first, last, strong.entry, strong.kind))
    return found


def _hyphen_follows(tokens: Tokens, at: int) -> bool:
    return at < len(tokens.words) and tokens.words[at] in "-–" and tokens.starts[at] == tokens.end(at - 1)


def supported(tokens: Tokens, found: Found, everywhere: Set[tuple[str, str]], lexicon: Lexicon) -> list[Mention]:
    """The weak names that the article supports. `everywhere` are (label, name) of all sure names of the article."""
    return [
        mention
        for first, last, forms in found.weak
        if (mention := _support(tokens, first, last, forms, everywhere, lexicon))
    ]


def _support(
    tokens: Tokens,
    first: int,
    last: int,
    forms: list[Form],
    everywhere: Set[tuple[str, str]],
    lexicon: Lexicon,
) -> Mention | None:
    for form in forms:
        entry = form.entry
        if form.kind == "prefix":
            if _hyphen_follows(tokens, last):
                return of_entry(first, last, entry, "adjective")
            continue
        if (entry.label, entry.name) in everywhere and (entry.label != "GPE" or not _name_beside(tokens, last)):
            return of_entry(first, last, entry, form.kind)
        if entry.label == "PERSON" and _is_titled(tokens, first, lexicon):
            return of_entry(first, last, entry, "short", sure=False)
        if entry.label == "GPE" and form.kind == "name" and _is_place(tokens, first, last, lexicon):
            return of_entry(first, last, entry, "name", sure=False)
    return None


def _is_titled(tokens: Tokens, at: int, lexicon: Lexicon) -> bool:
    return at > 0 and tokens.lower[at - 1] in lexicon.names["titles"]


def _is_place(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> bool:
    """A preposition of place before it, and no other name glued to it."""
    return (
        first > 0
        and tokens.lower[first - 1] in lexicon.names["locative"]
        and tokens.words[first][0].isupper()
        and not _name_beside(tokens, last)
    )


def _name_beside(tokens: Tokens, last: int) -> bool:
    """Whether a capitalised word touches it: "Santiago Abascal" is no city."""
    return last < len(tokens.words) and tokens.words[last][0].isupper() and tokens.words[last][0].isalpha()
