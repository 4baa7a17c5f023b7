"""Whether an article reports anything of the world at all, by all its words: a match, a recipe, a review do not.

The points of genres (`process/genre.py`) see only listed words. Here the vectors of all words that the trained reader
knows are looked at as well, by a forest of small decision trees. `make models` grows it from the labelled texts and
articles of `data/training/` (`process/newsworthiness_training.py`).

Source: https://papers.nips.cc/paper/6907 (boosted trees over histograms; only the trees are kept).
"""

from collections.abc import Callable, Mapping, Sequence, Set
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from process.genre import GENRES, NEWS, Counted
from process.tokens import Tokens

_USUAL = 28
"""Tokens for each of which a text of a genre has a point of it."""
_LEAST = 40
"""Tokens of the shortest text that is judged …"""
_UNKNOWN = 0.5
"""… and what is answered of others, and in a language whose words have no vectors."""

Array = NDArray[np.float32]
Vectors = Callable[[Sequence[str]], Array]
"""A row for each word that has one."""


class Newsworthiness:
    """The forest, with the word vectors and function words of one language. `weights` are the arrays of its file: the
    nodes of all trees, of which each leaf leads to itself.
    """

    def __init__(self, weights: Mapping[str, Any], vectors: Vectors, function_words: Set[str]) -> None:
        self._nodes = tuple(weights[name] for name in ("feature", "threshold", "left", "right", "value"))
        self._roots, self._depth, self._start = weights["roots"], int(weights["depth"]), float(weights["start"])
        self._vectors, self._function_words = vectors, function_words

    @classmethod
    def load(cls, vectors: Vectors, function_words: Set[str]) -> "Newsworthiness":
        """The one shipped, for a language."""
        file = files("process").joinpath("data", "newsworthiness.npz")
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as weights:
            return cls(dict(weights), vectors, function_words)

    def none(self, parts: Sequence[Tokens], counted: Counted, lands: int) -> float:
        """How likely an article with these words, that names so many things of known countries, reports nothing."""
        if counted.length < _LEAST or not len(known := self.known(parts, counted, lands)):
            return _UNKNOWN
        feature, threshold, left, right, value = self._nodes
        at = self._roots
        for _ in range(self._depth):
            at = np.where(known[feature[at]] <= threshold[at], left[at], right[at])
        return float(1 / (1 + np.exp(-(value[at].sum() + self._start))))

    def known(self, parts: Sequence[Tokens], counted: Counted, lands: int) -> Array:
        """What the trees look at; nothing where no word has a vector."""
        title, every = ([word for one in some for word in one.lower] for some in (parts[:1], parts))
        rows = self._rows(every)
        if not len(rows):
            return rows[:0].ravel()
        points, share = counted.points, counted.length / _USUAL + 1
        counts = [
            *(points[genre] for genre in GENRES),
            points[NEWS],
            counted.told,
            max(points[genre] for genre in GENRES),
            counted.length,
            counted.told / share,
            points[NEWS] / share,
            lands,
            counted.is_figurative(lands),
            counted.opening > 0,
        ]
        headline = self._rows(title)
        shown = (headline if len(headline) else rows).mean(axis=0)
        return np.concatenate([shown, rows.mean(axis=0), rows.max(axis=0), rows.min(axis=0), counts]).astype(np.float32)

    def _rows(self, words: Sequence[str]) -> Array:
        told = (word for word in dict.fromkeys(words) if word.isalpha())
        return self._vectors([word for word in told if word not in self._function_words])
