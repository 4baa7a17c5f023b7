"""Names the gazetteer lacks, by rule: what stands around a run of capitalised words tells what it names."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from importlib.resources import files

from process.lexicon import Lexicon
from process.mention import Mention
from process.ships import Ships
from process.tagged import Label
from process.tokens import Tokens

LONGEST = 7
"""Tokens of the longest name found by rule."""
_NOUNS = ("roles", "titles", "organisations", "waters", "settlements", "months", "openers")
_SHIP_WORDS = 4
_ROLE_REACH = 6
"""How far before the comma a role may stand: "su ministro de Exteriores, Ígor Ivánov,"."""
_ENDING = 4
"""Letters of the shortest role that may close a German compound ("Generalstabschef")."""
_NAME = 2
"""Words of a full name."""
_TOWN_ENDINGS = ("stadt", "städtchen", "dorf", "vorort")
_COUNTS = ("hunderte", "tausende", "dutzende", "menschen")
_STOPS = frozenset(",.;:)")
_HYPHENS = frozenset("-–")
_AND = frozenset({"y", "e", "et", "und", "and"})
"""Joins the words of one name ("Ortega y Gasset"), but parts two persons."""
_LOUD = 0.6
"""Share of words in capitals above which a line is shouting and capitals mean nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens [first, last) that look like one name."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class GivenNames:
    """Given names in lower case: `plain` ones, and those that are a country's, region's or town's as well."""

    plain: frozenset[str]
    also_places: frozenset[str]

    @classmethod
    def load(cls) -> "GivenNames":
        """Those of data/given_names.txt."""
        text = files("process").joinpath("data", "given_names.txt").read_text(encoding="utf-8")
        words = {word.lower() for line in text.splitlines() if not line.startswith("#") for word in line.split()}
        also_places = frozenset(word[:-1] for word in words if word.endswith("~"))
        return cls(frozenset(word for word in words if not word.endswith("~")), also_places)


class UnknownNames:
    """The rules of one language."""

    def __init__(self, lexicon: Lexicon, given_names: GivenNames) -> None:
        names = lexicon.names
        self._language = lexicon.language
        self._names = names
        self._given, self._place_given = given_names.plain, given_names.also_places
        people = names["titles"] | names["roles"] | names["relations"]
        self._people, self._possessives = people, names["possessives"]
        self._people_endings = (
            tuple(word for word in people if len(word) >= _ENDING) if lexicon.language == "de" else ()
        )
        self._ordinary = names["openers"] | names["months"]
        self._nouns_are_capital = lexicon.language == "de"
        self._ships = Ships(lexicon)
        self._prepositions = names["possessive"] | names["locative"]

    def find(self, tokens: Tokens, taken: Iterable[Mention]) -> list[Mention]:
        """Names in the parts of the text that `taken` leaves free. Surnames alone are left to the article's memory."""
        blocked = {place for mention in taken for place in range(mention.first, mention.last)}
        found = []
        for run in self._runs(tokens, blocked):
            mention = self._classify(tokens, run)
            if mention:
                found.append(mention)
        return found

    def inside_person(self, tokens: Tokens, one: Mention) -> bool:
        """Whether a place's name is a piece of a person's: a given name with a name behind, or a name behind one."""
        if one.last - one.first > 1:
            return False
        if self._is_first_name(tokens, one.first) and not self._nouns_are_capital:
            return True
        return self._given_before(tokens, one.first) is not None

    def is_namesake(self, tokens: Tokens, one: Mention) -> bool:
        """Whether a well-known person's surname is somebody else's: "Bruno Macron", "Kim Jones"."""
        if one.last - one.first > 1 or _is_loud(tokens, one.first):
            return False
        given = self._given_before(tokens, one.first)
        given = given or self._titled_before(tokens, one.first)
        if given and not any(given[0] == word[0].lower() for word in one.name.split()):
            return True
        if self._nouns_are_capital or not self._name_follows(tokens, one.last):
            return False
        before = tokens.lower[one.first - 1] if one.first else ""
        titled = before in self._names["titles"] or before in self._names["roles"]
        return titled or tokens.lower[one.first] in self._given

    def _is_first_name(self, tokens: Tokens, at: int) -> bool:
        """A given name with a name behind it; for one that is a place's too no common word: not "Jordan Valley"."""
        if not self._name_follows(tokens, at + 1):
            return False
        word, following = tokens.lower[at], tokens.lower[at + 1]
        plain = tokens.words[at + 1][1:].islower() and not any(following in self._names[name] for name in _NOUNS)
        return self._is_given(tokens, at) or (word in self._place_given and plain)

    def _is_given(self, tokens: Tokens, at: int) -> bool:
        """A given name, also with an accent that another language writes: "Ígor"."""
        return tokens.lower[at] in self._given or tokens.folded[at] in self._given

    def _given_before(self, tokens: Tokens, at: int) -> str | None:
        """The given name just before a token."""
        known = at > 0 and tokens.words[at - 1][0].isupper() and self._is_given(tokens, at - 1)
        return tokens.lower[at - 1] if known else None

    def _titled_before(self, tokens: Tokens, at: int) -> str | None:
        """A name between a title and a token: "President Ziaur Rahman"."""
        lower = tokens.lower
        if at < 2 or lower[at - 2] not in self._people or lower[at - 1] in self._people:
            return None
        return lower[at - 1] if self._name_follows(tokens, at - 1) else None

    def _name_follows(self, tokens: Tokens, at: int) -> bool:
        if at >= len(tokens.words):
            return False
        word = tokens.words[at]
        return word[0].isupper() and word.isalpha() and tokens.lower[at] not in self._ordinary

    def _runs(self, tokens: Tokens, blocked: Set[int]) -> Iterator[Run]:
        words = tokens.words
        beginnings = {sentence.first for sentence in tokens.sentences}
        loud = {place for sentence in tokens.sentences for place in _loud(tokens, sentence.first, sentence.last)}
        done = 0
        for at in [place for place, word in enumerate(words) if word[0].isupper()]:
            if at < done or at in blocked or at in loud or not self._may_begin(tokens, at, at in beginnings):
                continue
            done = self._run_end(tokens, at, blocked)
            yield Run(self._name_start(tokens, at, done), done)

    def _may_begin(self, tokens: Tokens, at: int, opens_sentence: bool) -> bool:
        lower, word = tokens.lower[at], tokens.words[at]
        if lower in self._names["months"] or not word[0].isalpha():
            return False
        if lower in self._names["titles"]:  # "the destroyer Admiral Chabanenko"
            return self._ships.stands_before(tokens, at, at + 1)
        if lower in self._ordinary and lower not in self._given:
            return False
        return not (opens_sentence and len(word) == 1)

    def _name_start(self, tokens: Tokens, first: int, last: int) -> int:
        """Behind a title ("Planning Minister Ahsan Iqbal"); where nouns are capital, a name begins at its given name:
        "Bäckerin Renate Kühn".
        """
        if self._nouns_are_capital and not self._is_given(tokens, first):
            given = (at for at in range(first + 1, last - 1) if self._is_given(tokens, at))
            role = last - first > 2 and self._is_role(tokens.lower[first])  # "Generalstabschef Gaurav Rana"
            return next(given, first + (role or self._is_town_told(tokens, first, last)))
        if not self._nouns_are_capital:
            titles = (at for at in range(last - _NAME, first, -1) if tokens.lower[at - 1] in self._names["titles"])
            return next(titles, first)
        return first

    def _is_town_told(self, tokens: Tokens, first: int, last: int) -> bool:
        """ "Grenzstädtchen Badme", but not "Sandersdorf-Brehna", nor "in der Hauptstadt Hunderte"."""
        if last - first < 2 or not self._is_town_noun(tokens.lower[first]):
            return False
        following = tokens.lower[first + 1]
        return following not in _HYPHENS and not following.endswith(_COUNTS)

    def _run_end(self, tokens: Tokens, at: int, blocked: Set[int]) -> int:
        words, last = tokens.words, at + 1
        limit = min(at + LONGEST, len(words))
        while last < limit and last not in blocked:
            word = words[last]
            glued = tokens.starts[last] == tokens.end(last - 1)
            if word[0].isupper() and word[0].isalpha() and not self._breaks(tokens, last):
                last += 1
            elif (
                word in _HYPHENS
                and glued
                and last + 1 < limit
                and words[last + 1][0].isalpha()
                and tokens.starts[last + 1] == tokens.end(last)
            ):
                last += 2
            elif (
                word == "."
                and glued
                and len(words[last - 1]) == 1
                and last + 1 < limit
                and words[last + 1][0].isupper()
            ):
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
        return "\n" in tokens.text[tokens.end(at - 1) : tokens.starts[at]]

    def _joins(self, tokens: Tokens, at: int, limit: int, blocked: Set[int]) -> bool:
        """A particle between two capitalised words: "Jaber al Sabah", "Ursula von der Leyen"."""
        following = at + 1
        return (
            tokens.lower[at] in self._names["particles"]
            and following < limit
            and following not in blocked
            and tokens.words[following][0].isupper()
            and tokens.lower[following] not in self._names["months"]
            and not (tokens.lower[at] in _AND and self._is_given(tokens, following))
        )

    def _classify(self, tokens: Tokens, run: Run) -> Mention | None:
        lower, words = tokens.lower, tokens.words
        inside = lower[run.first : run.last]
        before = lower[run.first - 1] if run.first else ""
        if self._is_vessel(tokens, run):
            return self._mention(tokens, run, "VESSEL", "a ship's word before it")
        if len(inside) > 1 and not self._names["accords"].isdisjoint((inside[0], inside[-1])):
            return None  # "the Abraham Accords"
        kinds: tuple[tuple[Label, str], ...] = (("ORG", "organisations"), ("LOC", "waters"))
        for label, listed in kinds:
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
        short = run.last - run.first <= _SHIP_WORDS
        return short and (
            self._ships.stands_before(tokens, run.first, run.last) or self._ships.apposed(tokens, run.first, run.last)
        )

    def _is_person(self, tokens: Tokens, run: Run, before: str) -> bool:
        lower, size = tokens.lower, run.last - run.first
        if size >= 2 and (self._is_given(tokens, run.first) or self._is_first_name(tokens, run.first)):
            return True
        if before in self._names["titles"] and (size >= 2 or not self._nouns_are_capital):
            body = size == 1 and lower[run.first] in self._names["organisations"]  # "the General Assembly"
            return lower[run.first] not in self._ordinary and not body
        if self._ordinary.intersection(lower[run.first : run.last]):
            return False
        if size < 2:
            return self._is_relative(tokens, run)
        return self._described(tokens, run, before) or self._is_apposed(tokens, run)

    def _is_relative(self, tokens: Tokens, run: Run) -> bool:
        """A given name behind a relation: "his father, Noam", "seine Frau Martine"."""
        at = run.first - (2 if tokens.lower[run.first - 1 : run.first] == [","] else 1)
        known = tokens.words[run.first][1:].islower() and at > 0 and tokens.lower[at] in self._people
        return known and tokens.lower[at - 1] in self._possessives

    def _is_apposed(self, tokens: Tokens, run: Run) -> bool:
        """Behind a role and a comma, and closed by a mark: "le commandant en chef, Sverker Göranson, a prévenu"."""
        lower, first = tokens.lower, run.first
        if first and self._is_role(lower[first - 1]):
            return True
        if first < 2 or lower[first - 1] != "," or run.last == len(lower) or lower[run.last] not in _STOPS:
            return False
        near = lower[max(0, first - 1 - _ROLE_REACH) : first - 1]
        return not _STOPS.intersection(near[-3:]) and any(map(self._is_role, near))

    def _is_role(self, word: str) -> bool:
        if word in self._people:
            return True
        return bool(self._people_endings) and word.removesuffix("s").endswith(self._people_endings)

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
        noun = self._is_town_noun(before) or (before in self._names["possessive"] and self._is_town_noun(two_before))
        if noun:
            return not tokens.words[run.first].isupper()  # "state TV"
        size = run.last - run.first
        beside = self._names["beside"]
        if two_before in beside and before in self._prepositions and tokens.words[run.first][1:].islower():
            return True  # "cerca de Dulje", "nördlich von Chost"
        word = tokens.words[run.first]
        plain = size == 1 and not self._nouns_are_capital and word.isalpha() and word[1:].islower()
        after = lower[run.last] if run.last < len(lower) else ""
        part = after.isalpha() and after not in self._names["function"]  # "in Western countries"
        return plain and not part and before in self._names["places_only"] and len(word) > 3

    def _is_town_noun(self, word: str) -> bool:
        if word in self._names["settlements"]:
            return True
        return self._nouns_are_capital and word.endswith(_TOWN_ENDINGS)

    def _is_acronym(self, tokens: Tokens, run: Run, before: str) -> bool:
        word = tokens.words[run.first]
        if not (word.isupper() and word.isalpha() and len(word) <= 8):
            return False
        return before in self._names["organisations"] or before in self._names["org_articles"]

    def _mention(self, tokens: Tokens, run: Run, label: Label, rule: str) -> Mention:
        return Mention(run.first, run.last, _plain(tokens.span(run.first, run.last)), label, rule)


def _plain(name: str) -> str:
    return " ".join(name.split())


def _is_loud(tokens: Tokens, at: int) -> bool:
    """Whether a token stands in a sentence whose capitals mean nothing."""
    sentence = next(one for one in tokens.sentences if one.first <= at < one.last)
    return at in _loud(tokens, sentence.first, sentence.last)


def _loud(tokens: Tokens, first: int, last: int) -> Iterable[int]:
    """The tokens of a sentence in capitals, or in headline case (nearly every word begins with one)."""
    letters = [word for word in tokens.words[first:last] if word[0].isalpha()]
    if len(letters) < 4:
        return ()
    capitals = sum(word.isupper() for word in letters)
    return range(first, last) if capitals > _LOUD * len(letters) else ()
