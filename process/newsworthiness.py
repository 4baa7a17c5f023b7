"""Whether an article reports anything of the world at all, by all its words: a match, a recipe, a review do not.

The points of genres (`process/genre.py`) see only listed words. Here the vectors of all words that the trained reader
knows are looked at as well, by a small network. `make models` trains it on the labelled texts and articles of
`data/training/` (`process/newsworthiness_training.py`).

Source: https://aclanthology.org/P15-1162/ (a layer over the average of a text's word vectors).
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
_MOST = 400
"""Tokens of a title or text that are looked at: those learned from are hardly longer."""
FARTHEST = 4.0
"""How far from the average a number may be, in standard deviations: farther ones were not learned from."""

Array = NDArray[np.float32]
Vectors = Callable[[Sequence[str]], Array]
"""A row for each word that has one."""


class Newsworthiness:
    """The network, with the word vectors and function words of one language. `weights` are the arrays of its file."""

    def __init__(self, weights: Mapping[str, Any], vectors: Vectors, function_words: Set[str]) -> None:
        self._weights = {name: value.astype(np.float32) for name, value in weights.items()}
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
        w = self._weights
        seen = np.clip((known - w["mean"]) / w["deviation"], -FARTHEST, FARTHEST)
        deep = np.maximum(seen @ w["deep"] + w["deep_bias"], 0)
        return float(1 / (1 + np.exp(-(deep @ w["none"] + w["none_bias"]))))

    def known(self, parts: Sequence[Tokens], counted: Counted, lands: int) -> Array:
        """What the network looks at; nothing where no word has a vector."""
        title, every = ([word for one in some for word in one.lower[:_MOST]] for some in (parts[:1], parts))
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
        return np.concatenate([shown, rows.mean(axis=0), counts]).astype(np.float32)

    def _rows(self, words: Sequence[str]) -> Array:
        told = (word for word in dict.fromkeys(words) if word.isalpha())
        return self._vectors([word for word in told if word not in self._function_words])
