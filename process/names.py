"""Known names: the gazetteer's forms found in a text, the longest first; weak ones wait for support."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from process.gazetteer_entry import Form
from process.lexicon import Lexicon
from process.mention import Mention, of_entry
from process.ships import Ships
from process.tokens import Spellings, Tokens, split_words

_ACRONYM = 6
"""Longest one-word form in capitals that must be written in capitals too."""
_ARTICLES = frozenset({"the", "le", "la", "les", "el", "los", "las", "der", "die", "das"})


@dataclass(frozen=True, slots=True)
class _Longer:
    """A form of several words: those behind the second, folded; whether the last needs its capital as the first does:
    "El País" is not "El país".
    """

    form: Form
    rest: tuple[str, ...]
    closing: bool


class NameIndex:
    """The forms of one language by their first token, or their first two."""

    def __init__(self, forms: Iterable[Form], spellings: Spellings) -> None:
        single: dict[str, list[Form]] = defaultdict(list)
        longer: dict[str, list[_Longer]] = defaultdict(list)
        firsts: set[str] = set()
        for form in forms:
            words = split_words(form.text)
            folded = [spellings.folded[word] for word in words]
            firsts.update(folded[:1])
            if len(words) == 1:
                single[folded[0]].append(form)
            elif words:
                closing = folded[0] in _ARTICLES and words[-1][0].isupper()
                longer[" ".join(folded[:2])].append(_Longer(form, tuple(folded[2:]), closing))
        for known in longer.values():
            known.sort(key=lambda one: -len(one.rest))
        self._single, self._longer, self._firsts = dict(single), dict(longer), firsts

    def find(self, tokens: Tokens) -> Iterator[tuple[int, int, list[Form]]]:
        """Longest matches from left to right: tokens [first, last) and the forms that fit, the likeliest first."""
        firsts, folded, done = self._firsts, tokens.folded, 0
        for at in [place for place, word in enumerate(folded) if word in firsts]:
            if at >= done:
                last, found = self._longest(tokens, at)
                if found:
                    yield at, last, found
                    done = last

    def _longest(self, tokens: Tokens, at: int) -> tuple[int, list[Form]]:
        """The token behind the longest forms that begin at a token, and these."""
        found: list[Form] = []
        last = at + 1
        for one in self._longer.get(" ".join(tokens.folded[at : at + 2]), ()):
            end = at + 2 + len(one.rest)
            if end < last:
                break
            if _fits(one, tokens, at, end):
                last = end
                found.append(one.form)
        if not found:
            found = [form for form in self._single.get(tokens.folded[at], ()) if _is_written(form, tokens.words[at])]
        return last, found


def _fits(one: _Longer, tokens: Tokens, at: int, end: int) -> bool:
    if one.rest and tuple(tokens.folded[at + 2 : end]) != one.rest:
        return False
    if one.form.text[0].isupper():
        return tokens.words[at][0].isupper() and (not one.closing or tokens.words[end - 1][0].isupper())
    return True


def _is_written(form: Form, word: str) -> bool:
    """With the form's capitals; a short one all in capitals is an acronym, and must be one in the text."""
    text = form.text
    if 1 < len(text) <= _ACRONYM and text.isupper():
        return word == text
    return not text[0].isupper() or word[0].isupper()


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
