"""What an article is about when it is no world news: sport, culture, food, weather, markets, software, nature, home.

Their strikes, invasions and summits are figures of speech. The words of `data/genre/<language>.toml` are counted, each
once, strong ones twice, and must outweigh the words of world news. Where they do, the opening may still report news: a
film director's arrest.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from ingest.errors import WirewatchError
from process.memory import Memory
from process.tokens import Tokens

GENRES = ("sport", "culture", "food", "weather", "markets", "technology", "nature", "life")
NEWS = "news"
_EVERYWHERE = frozenset({"nature", "life"})
"""Genres whose words are in reports as well, of a home, a family, a river: only a longer text is of them …"""
_PURE = 6
"""… or one with so many points of them, and as many more for each point of news."""
_POINTS = {"strong": 2, "weak": 1}
_LEAST = 5
"""Points that make a text one of a genre …"""
_PER_TOKENS = 28
"""… and one for so many tokens of it."""
_SHORT = 60
"""Tokens of a text so short (a feed item, a paragraph) that one point fewer will do, as where no word is of news."""
_LONG = 120
"""Tokens from which on the words of all genres together, and of daily life, tell something."""
_DIGEST = 3
"""Paragraphs from which each is looked at by itself: a page of short news may end with the football."""
_OPENING = 2
"""Sentences that, with the headline, open a report …"""
_REPORT = 3
"""… and the points of news in them that make one of it, whatever the rest is about; what both say counts twice."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a word tells: its genre, or news, and how strongly."""

    genre: str
    points: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The points of each genre, and of news, in an article of `length` tokens; those of news in its headline and first
    sentences are `opening`.
    """

    points: Mapping[str, int]
    length: int
    opening: int

    @property
    def genre(self) -> str | None:
        """The genre of the whole; None for news."""
        return _genre(self.points, self.length, _LEAST if self.points[NEWS] else _LEAST - 1)

    @property
    def told(self) -> int:
        """The points of all genres together."""
        return sum(self.points.values()) - self.points[NEWS]

    @property
    def opens_with_news(self) -> bool:
        """Whether the opening has enough words of news to make a report of it."""
        return self.opening >= _REPORT

    def is_figurative(self, lands: int) -> bool:
        """Whether an article that names so many things of known countries is of a genre, or has more words of all
        genres together than of news, or a shorter one no word of news: a column, a travel tip, a list of films.
        """
        if self.genre:
            return True
        news, told = self.points[NEWS], self.told
        if self.length > _LONG:
            return told > news + lands and told * _PER_TOKENS >= self.length
        return not news and told > _PURE + lands


class GenreError(WirewatchError):
    """A genre file that cannot be used. The message names file and line."""


class Genres:
    """The words of one language. Without a file for it, every text is news."""

    def __init__(self, words: Mapping[str, Word]) -> None:
        self._exact = {word: told for word, told in words.items() if not word.endswith("*")}
        self._beginnings = {word[:-1]: told for word, told in words.items() if word.endswith("*")}
        self._lengths = sorted({len(word) for word in self._beginnings}, reverse=True)
        self._openers = frozenset(word.partition("-")[0] for word in words if "-" in word)
        self._told = Memory(self._look_up)

    @classmethod
    def load(cls, language: str) -> "Genres":
        """Those shipped for a language. Raises GenreError where the file is malformed."""
        file = files("process").joinpath("data", "genre", f"{language}.toml")
        return cls.read(file.read_text(encoding="utf-8"), file.name) if file.is_file() else cls({})

    @classmethod
    def read(cls, text: str, name: str) -> "Genres":
        """From the text of a file called `name`."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise GenreError(f"{name}: {error}") from None
        words: dict[str, Word] = {}
        for genre, kinds in raw.items():
            if genre == "language":
                continue
            if genre not in (*GENRES, NEWS) or not isinstance(kinds, dict) or kinds.keys() != _POINTS.keys():
                line = text[: text.index(genre)].count("\n") + 1
                expected = f"a section is {', '.join(GENRES)} or {NEWS}, with `strong` and `weak` words"
                raise GenreError(f"{name}:{line}: [{genre}] is malformed: {expected}")
            for kind, points in _POINTS.items():
                words |= {word: Word(genre, points) for word in kinds[kind].lower().split() if word not in words}
        return cls(words)

    def counted(self, parts: Sequence[Tokens]) -> "Counted":
        """The words of an article, title and text."""
        words = [word for tokens in parts for word in tokens.lower]
        opening = (part.lower[: part.sentences[:_OPENING][-1].last] for part in parts if part.sentences)
        return Counted(self._points(words), len(words), sum(self._points(some)[NEWS] for some in opening))

    def asides(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Tokens [first, last) of the paragraphs that are no news, in an article of several."""
        paragraphs = list(_paragraphs(tokens))
        if len(paragraphs) < _DIGEST:
            return []
        told = ((span, self._points(tokens.lower[slice(*span)])) for span in paragraphs)
        genres = ((span, _genre(points, span[1] - span[0], _LEAST)) for span, points in told)
        return [span for span, genre in genres if genre and genre not in _EVERYWHERE]

    def _points(self, words: Sequence[str]) -> dict[str, int]:
        points = dict.fromkeys((*GENRES, NEWS), 0)
        told = self._told
        for word in self._units(words):
            if one := told[word]:
                points[one.genre] += one.points
        return points

    def _units(self, words: Sequence[str]) -> set[str]:
        """The words, and pairs that a hyphen may join, however the text joins them: "half-time", "Wall Street"."""
        plain, openers = [word for word in words if word[0].isalnum()], self._openers
        return {*plain, *(f"{first}-{second}" for first, second in pairwise(plain) if first in openers)}

    def _look_up(self, word: str) -> Word | None:
        beginnings = (word[:length] for length in self._lengths if ("-" in word) == ("-" in word[:length]))
        told = (self._beginnings[one] for one in beginnings if one in self._beginnings)
        return self._exact.get(word) or next(told, None)


def _genre(points: Mapping[str, int], length: int, least: int) -> str | None:
    """That of a text of so many tokens."""
    if length < _SHORT:
        least = _LEAST - 1
    pure = _PURE * (1 + points[NEWS])
    asked = [one for one in GENRES if length > _LONG or one not in _EVERYWHERE or points[one] >= pure]
    best = max(asked, key=lambda genre: points[genre])
    enough = points[best] >= least and points[best] * _PER_TOKENS >= length
    rival = points[NEWS] * (1 if best == "culture" else 2)  # novels and films are full of ministers and bombs
    return best if enough and points[best] > rival else None


def _paragraphs(tokens: Tokens) -> Iterable[tuple[int, int]]:
    first = 0
    for sentence in tokens.sentences:
        if sentence.first > first and "\n" in tokens.text[tokens.end(sentence.first - 1) : sentence.start]:
            yield first, sentence.first
            first = sentence.first
    if first < len(tokens.words):
        yield first, len(tokens.words)
