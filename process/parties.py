"""Who takes part in an event, and where it happens: what the trained reader makes of each name beside a trigger.

Every name of a sentence is judged by itself: by the words at it, at the trigger and between them, as the network of the
reader sees them, and by what is known of it. `make models` trains both together, on the participants and places that
are labelled in `data/training/`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from process.mention import Mention

LABELS = ("PERSON", "ORG", "GPE", "LOC", "VESSEL")
_KINDS = ("name", "short", "adjective", "demonym", "prefix")
_ROLES: Mapping[str, str] = {
    "country": "state",
    "territory": "land",
    "region": "land",
    "disputed": "land",
    "capital": "capital",
    "city": "city",
    "international": "body",
    "un_body": "body",
    "police": "authority",
    "armed_force": "authority",
    "intelligence": "authority",
    "government_seat": "authority",
    "court": "authority",
    "media": "media",
}
_GROUPS = (*dict.fromkeys(_ROLES.values()), "other", "")
_STEPS = (1, 2, 3, 5, 9, 17)
"""Tokens between name and trigger: at least so many …"""
_BETWEEN = 3
"""… and names: no more are told apart."""

_FLAGS = 7

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Share:
    """How likely a name takes part in an event, and how likely it is where that happens."""

    actor: float
    place: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the rules say that a name takes part, that it takes none, and that it is the place."""

    actor: bool
    apart: bool
    place: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An event of a type at `tokens` of a sentence, which begins at token `first`; `near` has the network's row for
    each token of it. All names of the sentence are asked about; `verdicts` are the rules' on them.
    """

    near: Array
    first: int
    type: int
    tokens: Sequence[int]
    mentions: Sequence[Mention]
    verdicts: Sequence[Verdict]
    headline: bool


class Parties:
    """What was learned. `weights` are the arrays of the reader's file."""

    def __init__(self, weights: Mapping[str, Any], types: int) -> None:
        self._weights, self._types = weights, types

    def shares(self, asked: Sequence[Asked]) -> list[list[Share]]:
        """For each event the shares of its sentence's names, in their order."""
        some = [one for one in asked if one.mentions]
        if not some:
            return [[] for _ in asked]
        w = self._weights
        none = np.zeros((1, some[0].near.shape[1]), dtype=np.float32)
        near = np.concatenate([none, *(rows for one in some for rows in (one.near, none))])
        told, names, between, marks, base = [], [], [], [], 1
        for event, one in enumerate(some):
            shift, end = base - one.first, base + len(one.near)
            told += [(event, at + shift) for at in one.tokens]
            for name, verdict in zip(one.mentions, one.verdicts, strict=True):
                first, last = name.first + shift, min(name.last + shift, end)
                names.append((event, first, last))
                low, high = gap(one.tokens, name)
                between.append((low + shift, min(high + shift, end)) if high > low else (0, 1))
                marks.append(features(self._types, one.type, one.tokens, name, verdict, one.mentions, one.headline))
            base = end + 1
        events, firsts, lasts = np.array(names).T
        told_in, told_at = np.array(told).T
        starts = np.searchsorted(told_in, np.arange(len(some)))
        trigger = np.add.reduceat(near[told_at], starts) / np.bincount(told_in).astype(np.float32)[:, None]
        flags = np.zeros((len(names), feature_count(self._types)), dtype=np.float32)
        flags[np.repeat(np.arange(len(marks)), [len(each) for each in marks]), np.concatenate(marks)] = 1
        parts = trigger[events], _highest(near, firsts, lasts), near[firsts - 1], near[lasts]
        seen = np.concatenate([*parts, _highest(near, *np.array(between).T), flags], axis=1)
        deep = np.maximum(seen @ w["party"] + w["party_bias"], 0)
        likely = 1 / (1 + np.exp(-(deep @ w["share"] + w["share_bias"])))
        rows = iter(likely.tolist())
        return [[Share(*next(rows)) for _ in one.mentions] for one in asked]


def gap(tokens: Sequence[int], name: Mention) -> tuple[int, int]:
    """The tokens [low, high) between an event's and a name; none where the name stands among them."""
    first, last = min(tokens), max(tokens) + 1
    if name.last <= first:
        return name.last, first
    return (last, name.first) if name.first >= last else (0, 0)


def features(
    types: int,
    event: int,
    tokens: Sequence[int],
    name: Mention,
    verdict: Verdict,
    names: Sequence[Mention],
    headline: bool,
) -> list[int]:
    """The numbers of what is known of a name beside an event of one of so many types."""
    low, high = gap(tokens, name)
    between = [one for one in names if low <= one.first < high and one is not name]
    alike = sum(one.label == name.label for one in between)
    away = sum(step <= high - low for step in _STEPS)
    side = 0 if name.last <= min(tokens) else 1 if name.first > max(tokens) else 2
    group = _ROLES.get(name.role, "other" if name.role else "")
    sizes = (types, len(LABELS), len(_KINDS), len(_GROUPS), 3 * (len(_STEPS) + 1), _BETWEEN + 1, _BETWEEN + 1)
    chosen = (
        event,
        LABELS.index(name.label),
        _KINDS.index(name.kind),
        _GROUPS.index(group),
        side * (len(_STEPS) + 1) + away,
        min(len(between), _BETWEEN),
        min(alike, _BETWEEN),
    )
    base, found = 0, []
    for size, number in zip(sizes, chosen, strict=True):
        found.append(base + number)
        base += size
    flags = (
        headline,
        not name.sure,
        any(one.name == name.name and one is not name for one in names),
        any(one.first == name.last and one.label == "PERSON" for one in names),
        verdict.actor,
        verdict.apart,
        verdict.place,
    )
    return found + [base + number for number, flag in enumerate(flags) if flag]


def feature_count(types: int) -> int:
    """How many features there are with so many event types."""
    return types + len(LABELS) + len(_KINDS) + len(_GROUPS) + 3 * (len(_STEPS) + 1) + 2 * (_BETWEEN + 1) + _FLAGS


def _highest(near: Array, firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> Array:
    """The highest numbers of rows [first, last) for each."""
    bounds = np.stack([firsts, lasts], axis=1).ravel()
    highest: Array = np.maximum.reduceat(near, bounds, axis=0)[::2]
    return highest
