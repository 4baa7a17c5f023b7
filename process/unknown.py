"""Names the gazetteer lacks, by rule: what stands around a run of capitalised words tells what it names."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

from process.lexicon import Lexicon
from process.mention import Mention
from process.tagged import Label
from process.tokens import Tokens

LONGEST = 7
"""Tokens of the longest name found by rule."""
_HYPHENS = frozenset("-–")
_QUOTES = frozenset("\"'“”„«»‘’")
_LOUD = 0.6
"""Share of words in capitals above which a line is shouting and capitals mean nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens [first, last) that look like one name."""

    first: int
    last: int


class UnknownNames:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, given_names: Set[str]) -> None:
        names = lexicon.names
        self._language = lexicon.language
        self._names = names
        self._given = given_names
        self._ordinary = names["openers"] | names["months"]
        self._nouns_are_capital = lexicon.language == "de"

    def find(self, tokens: Tokens, taken: Iterable[Mention]) -> list[Mention]:
        """Names in the parts of the text that `taken` leaves free. Surnames alone are left to the article's memory."""
        blocked = {place for mention in taken for place in range(mention.first, mention.last)}
        found = []
        for run in self._runs(tokens, blocked):
            mention = self._classify(tokens, run, blocked)
            if mention:
                found.append(mention)
        return found

    def inside_person(self, tokens: Tokens, one: Mention) -> bool:
        """Whether a place's name is a piece of someone's: a given name with a name behind, or a name behind a given one."""
        words, lower = tokens.words, tokens.lower
        if one.last - one.first > 1:
            return False
        before = words[one.first - 1] if one.first else ""
        after = words[one.last] if one.last < len(words) else ""
        named_after = after[:1].isupper() and after.isalpha() and lower[one.last] not in self._ordinary
        if lower[one.first] in self._given and named_after and not self._nouns_are_capital:
            return True
        return before[:1].isupper() and lower[one.first - 1] in self._given if one.first else False

    def _runs(self, tokens: Tokens, blocked: Set[int]) -> Iterator[Run]:
        words = tokens.words
        beginnings = {sentence.first for sentence in tokens.sentences}
        loud = {place for sentence in tokens.sentences for place in _loud(tokens, sentence.first, sentence.last)}
        done = 0
        for at in [place for place, word in enumerate(words) if word[0].isupper()]:
            if at < done or at in blocked or at in loud or not self._may_begin(tokens, at, at in beginnings):
                continue
            done = self._run_end(tokens, at, blocked)
            yield Run(at, done)

    def _may_begin(self, tokens: Tokens, at: int, opens_sentence: bool) -> bool:
        lower, word = tokens.lower[at], tokens.words[at]
        if lower in self._names["months"] or lower in self._names["titles"] or not word[0].isalpha():
            return False
        if lower in self._ordinary and lower not in self._given:
            return False
        return not (opens_sentence and len(word) == 1)

    def _run_end(self, tokens: Tokens, at: int, blocked: Set[int]) -> int:
        words, lower, last = tokens.words, tokens.lower, at + 1
        limit = min(at + LONGEST, len(words))
        while last < limit and last not in blocked:
            word = words[last]
            glued = tokens.starts[last] == tokens.end(last - 1)
            if word[0].isupper() and word[0].isalpha() and not self._breaks(tokens, last):
                last += 1
            elif word in _HYPHENS and glued and last + 1 < limit and words[last + 1][0].isalpha() and tokens.starts[last + 1] == tokens.end(last):
                last += 2
            elif word == "." and glued and len(words[last - 1]) == 1 and last + 1 < limit and words[last + 1][0].isupper():
                last += 1
            elif self._joins(tokens, last, limit, blocked):
                last += 2
            else:
                break
        return last

    def _breaks(self, tokens: Tokens, at: int) -> bool:
        lower = tokens.lower[at]
        if lower in self._names["months"]:
            return True
        newline = "\n" in tokens.text[tokens.end(at - 1) : tokens.starts[at]]
        return newline

    def _joins(self, tokens: Tokens, at: int, limit: int, blocked: Set[int]) -> bool:
        """A particle between two capitalised words: "Jaber al Sabah", "Ursula von der Leyen"."""
        following = at + 1
        return (
            tokens.lower[at] in self._names["particles"]
            and following < limit
            and following not in blocked
            and tokens.words[following][0].isupper()
        )

    def _classify(self, tokens: Tokens, run: Run, blocked: Set[int]) -> Mention | None:
        lower, words = tokens.lower, tokens.words
        inside = lower[run.first : run.last]
        before = lower[run.first - 1] if run.first else ""
        if self._is_vessel(tokens, run):
            return self._mention(tokens, run, "VESSEL", "a ship's word before it")
        for label, listed in (("ORG", "organisations"), ("LOC", "waters")):
            if len(inside) > 1 and (inside[-1] in self._names[listed] or inside[0] in self._names[listed]):
                return self._mention(tokens, run, label, f"contains a word for {listed}")
        if self._is_person(tokens, run, before):
            return self._mention(tokens, run, "PERSON", "stands as a person's name")
        if self._is_settlement(tokens, run, before):
            return self._mention(tokens, run, "GPE", "stands as a place's name")
        if len(words[run.first]) > 2 and run.last - run.first == 1 and self._is_acronym(tokens, run, before):
            return self._mention(tokens, run, "ORG", "an organisation's acronym")
        return None

    def _is_vessel(self, tokens: Tokens, run: Run) -> bool:
        at = run.first - 1
        if at >= 0 and tokens.words[at] in _QUOTES:
            at -= 1
        return at >= 0 and (
            tokens.words[at].isupper() and tokens.lower[at] in self._names["ship_prefixes"]
            or (tokens.lower[at] in self._names["ships"] and run.last - run.first <= 4)
        )

    def _is_person(self, tokens: Tokens, run: Run, before: str) -> bool:
        lower, size = tokens.lower, run.last - run.first
        first = lower[run.first]
        if size >= 2 and first in self._given:
            return True
        if before in self._names["titles"] and (size >= 2 or not self._nouns_are_capital):
            return not lower[run.first] in self._ordinary
        if size < 2 or self._ordinary.intersection(lower[run.first : run.last]):
            return False
        return self._described(tokens, run, before)

    def _described(self, tokens: Tokens, run: Run, before: str) -> bool:
        """Two names in a row with an age, a role behind a comma, or a word of speech beside them."""
        lower, last = tokens.lower, run.last
        after = lower[last : last + 5]
        if before in self._names["speech"] or before in self._names["roles"]:
            return True
        if not after:
            return False
        if after[0] in self._names["speech"]:
            return True
        if after[0] in (",", "("):
            return (len(after) > 1 and after[1].isdigit() and len(after[1]) == 2) or bool(
                self._names["roles"].intersection(after[1:])
            )
        return False

    def _is_settlement(self, tokens: Tokens, run: Run, before: str) -> bool:
        lower = tokens.lower
        two_before = lower[run.first - 2] if run.first > 1 else ""
        noun = before in self._names["settlements"] or (
            before in self._names["possessive"] and two_before in self._names["settlements"]
        )
        if noun:
            return True
        size = run.last - run.first
        plain = size == 1 and not self._nouns_are_capital and tokens.words[run.first][1:].islower()
        return plain and before in self._names["places_only"] and len(tokens.words[run.first]) > 3

    def _is_acronym(self, tokens: Tokens, run: Run, before: str) -> bool:
        word = tokens.words[run.first]
        if not (word.isupper() and word.isalpha() and len(word) <= 8):
            return False
        return before in self._names["organisations"] or before in self._names["org_articles"]

    def _mention(self, tokens: Tokens, run: Run, label: Label, rule: str) -> Mention:
        return Mention(run.first, run.last, _plain(tokens.span(run.first, run.last)), label, rule)


def _plain(name: str) -> str:
    return " ".join(name.split())


def _loud(tokens: Tokens, first: int, last: int) -> Iterable[int]:
    """The tokens of a sentence in capitals, or in headline case (nearly every word begins with one)."""
    letters = [word for word in tokens.words[first:last] if word[0].isalpha()]
    if len(letters) < 4:
        return ()
    capitals = sum(word.isupper() for word in letters)
    return range(first, last) if capitals > _LOUD * len(letters) else ()
