"""Trains the network of `Newsworthiness` and writes `data/newsworthiness.npz`: part of `make models`, after the reader.

It learns from the labelled texts and from the articles among the labelled sentences, which report nothing where no
sentence tells an event.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from process.newsworthiness import FARTHEST, Array
from process.tagger import Tagger
from process.training_sentences import sentences
from process.training_texts import Text, texts

DEEP = 64
"""Numbers for a text."""
EPOCHS, BATCH, RATE, DECAY = 15, 128, 3e-3, 0.1
_DROPPED = 0.4
"""Share of the numbers that are hidden while learning."""
_TOLD = "hopc"
_COUNTED = 8.0
"""What a text of its own counts beside an article of the sentences: only those are full of words that mislead."""


def main() -> None:
    """Trains it on everything there is and writes it."""
    torch.manual_seed(0)
    tagger = Tagger.load()
    own, articles = list(texts()), list(_articles())
    known = np.stack([tagger.known(one.language, one.title, one.text) for one in (*own, *articles)])
    none = np.array([not one.is_news for one in (*own, *articles)])
    counts = np.array([_COUNTED] * len(own) + [1.0] * len(articles), dtype=np.float32)
    sys.stderr.write(f"{len(own)} texts and {len(articles)} articles, {none.sum()} of them without an event\n")
    counts[none] *= counts[~none].sum() / counts[none].sum()  # both kinds count the same
    target = Path(str(files("process").joinpath("data", "newsworthiness.npz")))
    weights = trained(known, none, counts)
    np.savez_compressed(target, allow_pickle=False, **weights)
    sys.stderr.write(f"{target}: {target.stat().st_size / 1e6:.2f} MB\n")


def trained(known: Array, none: Array, counts: Array) -> Mapping[str, Array]:
    """The weights that tell from what is `known` of texts, a row each, which report nothing; each `counts` so much."""
    mean, deviation = known.mean(axis=0), known.std(axis=0) + 1e-6
    seen = torch.tensor(np.clip((known - mean) / deviation, -FARTHEST, FARTHEST))
    told, weight = torch.tensor(none.astype(np.float32)), torch.tensor(counts)
    deep, answer = nn.Linear(seen.shape[1], DEEP), nn.Linear(DEEP, 1)
    network = nn.Sequential(nn.Dropout(_DROPPED), deep, nn.ReLU(), nn.Dropout(_DROPPED), answer)
    steps = EPOCHS * -(-len(seen) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for some in torch.randperm(len(seen)).split(BATCH):
            optimizer.zero_grad()
            _loss(network(seen[some])[:, 0], told[some], weight[some]).backward()
            optimizer.step()
            schedule.step()
    arrays = {
        "deep": deep.weight.detach().numpy().T,
        "deep_bias": deep.bias.detach().numpy(),
        "none": answer.weight.detach().numpy()[0],
        "none_bias": answer.bias.detach().numpy()[0],
    }
    return {"mean": mean, "deviation": deviation, **{name: one.astype(np.float16) for name, one in arrays.items()}}


def _loss(answer: Tensor, told: Tensor, weight: Tensor) -> Tensor:
    each = nn.functional.binary_cross_entropy_with_logits(answer, told, reduction="none")
    return (each * weight).sum() / weight.sum()


def _articles() -> Iterator[Text]:
    for article, some in groupby(sentences(), lambda one: one.article):
        headline, *rest = some
        if article and rest:
            is_news = any(told.status in _TOLD for one in (headline, *rest) for told in one.told)
            yield Text(headline.language, headline.text, " ".join(one.text for one in rest), is_news)


if __name__ == "__main__":
    main()
