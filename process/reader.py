"""The trained reader: what all the words of a sentence tell of events, beside the triggers that name them.

A small convolutional network over word vectors, one for all languages: the vectors of a word and of its translation lie
close together. For each word it gives the probability of every event type and status. What the rules make of triggers
is among what it looks at, so that it learns where they can be trusted. `make models` trains it on the sentences of
`data/training/` (`process/reader_training.py`); what it has learned is in `data/reader.npz`.

Source: https://arxiv.org/abs/1408.5882 (convolutions over word vectors), https://aclanthology.org/D15-1203/ (pooling on
either side of a word).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from process.dates import DateMention
from process.mention import Mention
from process.parties import LABELS, Asked, Parties, Share
from process.patterns import Match, Pattern, View
from process.tagged import Status

OFFSETS = (0, -2, 2, -4, 4)
"""The tokens around one that are looked at one by one …"""
WINDOW = 10
"""… and how many before and behind it as a whole."""
TENSES = ("inf", "pres", "past", "part", "fut", "cond", "ger")
DATES = ("any", "ahead", "past")
STATUSES: tuple[Status | None, ...] = ("happened", "ongoing", "planned", "cancelled", None)
"""None: an event that is only imagined, or none at all."""
_DOUBTED = 0.04
"""A trigger of the rules that tells its event less likely than this tells none …"""
_DOUBTED_HEADLINE = 0.015
"""… and in a headline, which has fewer words to tell it by, than this."""
_TRUST = 0.66
"""What the rules' own status counts beside the network's probabilities."""
_SURE = 0.6
"""Words that tell an event more likely than this tell it though no trigger names it …"""
_USUAL, _COUNTED = 0.35, 3
"""… in a text of whose sentences at least this share tells events; in others more is asked. So many such sentences are
added to each text, that a short one is no extreme.
"""
_BESIDE = 0.15
"""Words beside them, more likely than this, are part of it."""
_GATE = 0.3
"""Words that tell any event less likely than this are not looked at more closely."""
_AT_ONCE = 50
"""Sentences read at once: a long text must not take memory in proportion."""

Array = NDArray[np.float32]
Halves = NDArray[np.float16]
Numbers = NDArray[np.int64]
Verbs = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Spotted:
    """A trigger in its sentence with the status by the rules; None where they take it for imagined. `tokens` are those
    that its words are.
    """

    match: Match
    status: Status | None
    tokens: tuple[int, ...]


def spotted(match: Match, status: Status | None) -> Spotted:
    """A trigger with the tokens of its words."""
    return Spotted(match, status, tuple(at for at in range(match.first, match.last) if at not in match.gaps))


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with what the rules have found in it. `day` is the ISO day of publication."""

    view: View
    mentions: Sequence[Mention]
    dates: Sequence[DateMention]
    spotted: Sequence[Spotted]
    headline: bool
    day: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of a sentence: for the tokens of triggers and others that may tell an event, how likely
    each tells an event of each type that came or comes to pass, and each status. `near` has a row for each token of the
    sentence, with its neighbours. Words that tell an event more likely than `sure` tell it by themselves.
    """

    near: Array
    types: Sequence[str]
    told: Mapping[int, Sequence[float]]
    statuses: Mapping[int, Sequence[float]]
    headline: bool
    sure: float = _SURE

    def status(self, found: Spotted) -> Status | None:
        """That of a trigger of the rules; None where it tells no event, or the rules take it for imagined."""
        tokens, event = found.tokens, self.types.index(found.match.pattern.event)
        if found.status is None or tokens[0] not in self.told:  # of a language that the network has not learned
            return found.status
        if max(self.told[at][event] for at in tokens) <= (_DOUBTED_HEADLINE if self.headline else _DOUBTED):
            return None
        if found.match.pattern.status:
            return found.status
        *came, _ = (sum(each) / len(tokens) for each in zip(*(self.statuses[at] for at in tokens), strict=True))
        came[STATUSES.index(found.status)] += _TRUST
        return STATUSES[came.index(max(came))]

    def others(self) -> Iterator[Spotted]:
        """The events that words tell by themselves, each at the words that tell it best."""
        best: dict[int, int] = {}
        for at, row in self.told.items():
            if max(row) > self.sure:
                for event, likely in enumerate(row):
                    if likely > self.sure and (event not in best or likely > self.told[best[event]][event]):
                        best[event] = at
        for event, at in best.items():
            first, last = at, at + 1
            while self._goes_on(first - 1, event):
                first -= 1
            while self._goes_on(last, event):
                last += 1
            *came, _ = self.statuses[at]
            match = Match(Pattern(self.types[event], (), ""), first, last, frozenset(), None)
            yield spotted(match, STATUSES[came.index(max(came))])

    def _goes_on(self, at: int, event: int) -> bool:
        return at in self.told and self.told[at][event] > _BESIDE


class Reader:
    """The network. `weights` are the arrays of its file: see `process/reader_training.py`."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self.types: tuple[str, ...] = tuple(str(weights["types"]).split())
        self.languages = frozenset(name.removeprefix("words_") for name in weights if name.startswith("words_"))
        self._numbers = {name: number for number, name in enumerate(self.types)}
        self._weights = {name: value for name, value in weights.items() if value.dtype != np.float16}
        self._weights |= {
            name: value.astype(np.float32) for name, value in weights.items() if value.dtype == np.float16
        }
        self._words: dict[str, tuple[dict[str, int], Halves]] = {}
        self._parties = Parties(self._weights, len(self.types))

    @classmethod
    def load(cls) -> "Reader":
        """The one shipped. From now on the process multiplies matrices on one processor: its own are small."""
        threadpool_limits(1, "blas")
        file = files("process").joinpath("data", "reader.npz")
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as weights:
            return cls(dict(weights))

    def read(self, language: str, lines: Sequence[Line], verbs: Verbs) -> list[Reading]:
        """All sentences of an article. `verbs` tells the tenses of the language's verb forms."""
        if language not in self.languages:
            none = np.zeros((0, 0), dtype=np.float32)
            return [Reading(none, self.types, {}, {}, one.headline) for one in lines]
        some = (lines[begun : begun + _AT_ONCE] for begun in range(0, len(lines), _AT_ONCE))
        return [one for each in some for one in self._read(language, each, verbs)]

    def shares(self, language: str, asked: Sequence[Asked]) -> list[list[Share]]:
        """For each event the shares of its sentence's names, in their order: in a language that the network has not
        learned, as the rules say.
        """
        if language not in self.languages:
            return [[Share(float(each.actor), float(each.place)) for each in one.verdicts] for one in asked]
        return self._parties.shares(asked)

    def _read(self, language: str, lines: Sequence[Line], verbs: Verbs) -> list[Reading]:
        w = self._weights
        firsts = np.cumsum([0, *(one.view.last - one.view.first for one in lines)])
        near = self._near(self._inputs(language, lines, firsts, verbs), firsts)
        rows_of = [near[first:last] for first, last in pairwise(firsts.tolist())]
        triggers = np.zeros(len(near), dtype=bool)
        shift = [first - one.view.first for first, one in zip(firsts.tolist(), lines, strict=False)]
        triggers[
            [at + by for by, one in zip(shift, lines, strict=True) for found in one.spotted for at in found.tokens]
        ] = 1
        rows = np.nonzero(triggers | (near @ w["gate"] + w["gate_bias"] > math.log(_GATE / (1 - _GATE))))[0]
        within = np.searchsorted(firsts, rows, side="right") - 1
        deep = _positive(self._around(near, firsts, rows, within) @ w["deep"] + w["deep_bias"])
        statuses = _softmax(deep @ w["status"] + w["status_bias"])
        told = _softmax(deep @ w["type"] + w["type_bias"])[:, 1:] * (1 - statuses[:, -1:])
        likeliest = told.max(axis=1)
        worth = triggers[rows] | (likeliest > _BESIDE)
        eventful = np.zeros(len(lines), dtype=np.float32)
        np.maximum.at(eventful, within, likeliest)
        sure = _sure_in(eventful)
        read: list[tuple[dict[int, list[float]], dict[int, list[float]]]] = [({}, {}) for _ in lines]
        columns = (each[worth].tolist() for each in (rows, within, told, statuses))
        for row, line, *likely in zip(*columns, strict=True):
            for known, each in zip(read[line], likely, strict=True):
                known[row - shift[line]] = each
        return [
            Reading(each, self.types, *one, line.headline, sure)
            for each, one, line in zip(rows_of, read, lines, strict=True)
        ]

    def vectors(self, language: str, words: Sequence[str], verbs: Verbs) -> Array:
        """A row of numbers for each of the words that the network knows; none in a language that it has not learned."""
        if language not in self.languages:
            return np.zeros((0, len(self._weights["scale"])), dtype=np.float32)
        numbers, rows = self._known(language, verbs)
        return rows[[numbers[word] for word in words if word in numbers]].astype(np.float32)

    def _known(self, language: str, verbs: Verbs) -> tuple[dict[str, int], Halves]:
        """The words of a language and their numbers' rows."""
        if language not in self._words:
            self._words[language] = self._vocabulary(language, verbs)
        return self._words[language]

    def _inputs(self, language: str, lines: Sequence[Line], firsts: Numbers, verbs: Verbs) -> Array:
        """A row of numbers for each token: of its word or, for a name, its label, and of what is known of it."""
        words, vectors = self._known(language, verbs)
        ids: list[int] = []
        marks: list[tuple[int, int]] = []
        for first, one in zip(firsts.tolist(), lines, strict=False):
            ids += [words.get(word, 0) for word in one.view.lower[one.view.first : one.view.last]]
            shift = first - one.view.first
            for name in one.mentions:
                last = min(name.last, one.view.last)  # a long name may lie over the end of a sentence that was cut
                ids[name.first + shift : last + shift] = [1 + LABELS.index(name.label)] * (last - name.first)
            marks += [(at + shift, mark) for at, mark in marks_of(one, self._numbers)]
        inputs: Array = vectors[ids].astype(np.float32)
        if marks:
            where, which = zip(*marks, strict=True)
            marked = np.zeros((len(ids), len(self._weights["features"])), dtype=np.float32)
            marked[where, which] = 1
            inputs += marked @ self._weights["features"]
        for first, one in zip(firsts.tolist(), lines, strict=False):
            if one.headline:
                inputs[first : first + one.view.last - one.view.first] += self._weights["features"][-1]
        return inputs

    def _vocabulary(self, language: str, verbs: Verbs) -> tuple[dict[str, int], Halves]:
        """The words of a language and their numbers' rows: 0 is any other word, then a name of each label."""
        w, features = self._weights, self._weights["features"]
        own = str(w.pop(f"words_{language}")).split("\n")
        spelled = own + sorted(verbs.keys() - set(own))
        vectors = np.zeros((1 + len(LABELS) + len(spelled), features.shape[1]), dtype=np.float32)
        vectors[1 : 1 + len(LABELS)] = features[len(TENSES) : len(TENSES) + len(LABELS)]
        words = {word: number for number, word in enumerate(spelled, 1 + len(LABELS))}
        vectors[1 + len(LABELS) :][: len(own)] = w.pop(f"vectors_{language}") * w["scale"]
        for word, tenses in verbs.items():
            vectors[words[word]] += features[tense_features(tenses)].sum(axis=0)
        return words, vectors.astype(np.float16)

    def _near(self, inputs: Array, firsts: Numbers) -> Array:
        """A row for each token with its neighbours in the sentence."""
        w = self._weights
        size = len(w["near_bias"])
        all_three = inputs @ w["near"]
        before, near, behind = all_three[:, :size], all_three[:, size : 2 * size], all_three[:, 2 * size :]
        before[firsts[1:] - 1] = 0
        behind[firsts[:-1]] = 0
        near += w["near_bias"]
        near[1:] += before[:-1]
        near[:-1] += behind[1:]
        return _positive(near)

    def _around(self, near: Array, firsts: Numbers, rows: Numbers, within: Numbers) -> Array:
        """For each of the tokens `rows`, of the sentences `within`, a row with all that stands around it."""
        gaps = WINDOW * np.arange(1, len(firsts) + 1)
        wide = np.zeros((firsts[-1] + gaps[-1], near.shape[1]), dtype=np.float32)
        places = np.arange(len(near)) + np.repeat(gaps[:-1], np.diff(firsts))
        wide[places] = near
        at = places[rows]
        one_by_one = [wide[at + offset] for offset in OFFSETS]
        before = wide[at[:, None] + np.arange(-WINDOW, 0)].max(axis=1)
        behind = wide[at[:, None] + np.arange(1, WINDOW + 1)].max(axis=1)
        whole = np.maximum.reduceat(near, firsts[:-1], axis=0)[within]
        around: Array = np.concatenate([*one_by_one, before, behind, whole], axis=1)
        return around


def tense_features(tenses: frozenset[str]) -> list[int]:
    """The numbers of the features that a verb form has by its tenses."""
    return [TENSES.index(tense) for tense in tenses]


def label_feature(one: Mention) -> int:
    """The number of the feature that the words of a name have."""
    return len(TENSES) + LABELS.index(one.label)


def marks_of(line: Line, types: Mapping[str, int]) -> list[tuple[int, int]]:
    """What is known of single tokens besides their words and names, as (token, number of the feature); `types` numbers
    the event types. The last feature is every token's of a headline.
    """
    dates = len(TENSES) + len(LABELS)
    events = dates + len(DATES)
    statuses = events + len(types)
    marks: list[tuple[int, int]] = []
    for when in line.dates:
        ahead, past = when.future > line.day[: len(when.future)], when.past < line.day[: len(when.past)]
        kinds = [dates, *([dates + 1] if ahead else []), *([dates + 2] if past else [])]
        marks += [(at, kind) for at in range(when.first, when.last) for kind in kinds]
    for found in line.spotted:
        event, status = events + types[found.match.pattern.event], statuses + STATUSES.index(found.status)
        marks += [(at, feature) for at in found.tokens for feature in (event, status)]
    return marks


def feature_count(types: int) -> int:
    """How many features there are with so many event types."""
    return len(TENSES) + len(LABELS) + len(DATES) + types + len(STATUSES) + 1


def _sure_in(eventful: Array) -> float:
    """How likely words must tell an event in a text whose sentences tell one so likely: the odds count for less where
    events are rarer than usual (https://doi.org/10.1162/089976602753284446).
    """
    share = (float(eventful.sum()) + _COUNTED * _USUAL) / (len(eventful) + _COUNTED)
    odds = _odds(_SURE) * _odds(_USUAL) / _odds(share)
    return max(_SURE, odds / (1 + odds))


def _odds(share: float) -> float:
    return share / (1 - share)


def _positive(x: Array) -> Array:
    return np.maximum(x, 0)


def _softmax(x: Array) -> Array:
    x = np.exp(x - x.max(axis=1, keepdims=True))
    shares: Array = x / x.sum(axis=1, keepdims=True)
    return shares
