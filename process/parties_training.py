"""Trains what `Parties` computes, together with the reader: who takes part in an event, and where it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from process.parties import feature_count, features, gap
from process.patterns import Match, Pattern
from process.reader import spotted
from process.tagger import Tagger
from process.telling import Seen
from process.training_sentences import Labelled, Told

PARTY = 96
"""Numbers for a name beside a trigger."""
_DROPPED = 0.3
"""Share of the numbers that are hidden while learning."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A name, tokens [first, last), beside an event at `tokens`, with the features of both, and whether it takes part
    in the event and is its place.
    """

    tokens: list[int]
    first: int
    last: int
    between: tuple[int, int]
    marks: list[int]
    actor: bool
    place: bool


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a batch: sentences, 1 at the events' tokens (the first column is none), names, what stands between,
    features, and whether they take part and are places.
    """

    line: Tensor
    told: Tensor
    first: Tensor
    last: Tensor
    low: Tensor
    high: Tensor
    marks: Tensor
    shares: Tensor


class PartyNetwork(nn.Module):
    """What `Parties` computes, and learns, from rows of `near` numbers for each word."""

    def __init__(self, near: int, types: int) -> None:
        super().__init__()
        self.party, self.share = nn.Linear(5 * near + feature_count(types), PARTY), nn.Linear(PARTY, 2)

    def forward(self, near: Tensor, pairs: Pairs) -> Tensor:
        """Whether the name of each pair takes part, and whether it is the place; `near` is (sentence, number, word)."""
        rows = nn.functional.pad(near, (1, 1)).transpose(1, 2)[pairs.line]  # token 0 is row 1
        every = torch.arange(rows.shape[1]) - 1
        trigger = (rows * pairs.told[..., None]).sum(1) / pairs.told.sum(1, keepdim=True)
        name = (rows * _within(every, pairs.first, pairs.last)).max(1)[0]
        between = (rows * _within(every, pairs.low, pairs.high)).max(1)[0]
        number = torch.arange(len(rows))
        seen = [trigger, name, rows[number, pairs.first], rows[number, pairs.last + 1], between]
        known = torch.cat([nn.functional.dropout(torch.cat(seen, 1), _DROPPED, self.training), pairs.marks], 1)
        return self.share(nn.functional.dropout(torch.relu(self.party(known)), _DROPPED, self.training))


def _within(every: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """1 at the tokens [first, last) of each row; what is pooled there is never less than 0."""
    return ((every >= first[:, None]) & (every < last[:, None])).float()[..., None]


def pairs_of(told: Told, labelled: Labelled, seen: Seen, tagger: Tagger, numbers: Mapping[str, int]) -> Iterator[Pair]:
    """A labelled event's names, where it is one. Its tokens are those of the trigger that the rules have there."""
    line, tokens, event = seen.line, seen.row.part.tokens, numbers[told.type]
    first, last = line.view.first, line.view.last
    at = [one for one in range(first, last) if tokens.starts[one] < told.end and tokens.end(one) > told.start]
    if not at or told.status not in "hopc":
        return
    same = (one for one in line.spotted if one.match.pattern.event == told.type and not set(at).isdisjoint(one.tokens))
    itself = spotted(Match(Pattern(told.type, (), ""), at[0], at[-1] + 1, frozenset(), None), None)
    trigger = next(same, itself)
    verdicts = tagger.verdicts(labelled.language, seen, trigger.match, labelled.published)
    for one, verdict in zip(line.mentions, verdicts, strict=True):
        end = min(one.last, last)
        start, stop = tokens.starts[one.first], tokens.end(end - 1)
        actor, place = (
            any(low < stop and high > start for low, high in each) for each in (told.participants, told.place)
        )
        low, high = gap(trigger.tokens, one)
        marks = features(len(numbers), event, trigger.tokens, one, verdict, line.mentions, line.headline)
        yield Pair(
            [each - first for each in trigger.tokens],
            one.first - first,
            end - first,
            (low - first, min(high, last) - first),
            marks,
            actor,
            place,
        )


def batch(pairs: Sequence[Sequence[Pair]], length: int, types: int) -> Pairs:
    """The pairs of each sentence of a batch, the longest of so many words."""
    every = [(line, pair) for line, some in enumerate(pairs) for pair in some]
    told = torch.zeros(len(every), length + 2)
    marks = torch.zeros(len(every), feature_count(types))
    for number, (_, pair) in enumerate(every):
        told[number, [at + 1 for at in pair.tokens]] = 1
        marks[number, pair.marks] = 1
    columns = [(line, pair.first, pair.last, *pair.between, pair.actor, pair.place) for line, pair in every]
    line, first, last, low, high, *shares = torch.tensor(columns, dtype=torch.long).reshape(-1, 7).T
    return Pairs(line, told, first, last, low, high, marks, torch.stack(shares, 1).float())
