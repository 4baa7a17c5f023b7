"""Grows the forest of `Newsworthiness` and writes `data/newsworthiness.npz`: part of `make models`, after the reader.

It learns from the labelled texts and from the articles among the labelled sentences, which report nothing where no
sentence tells an event. It needs scikit-learn.
"""

import sys
from collections.abc import Iterator
from importlib.resources import files
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from process.tagger import Tagger
from process.training_sentences import sentences
from process.training_texts import Text, texts

TREES, LEAVES, RATE = 100, 15, 0.08
_TOLD = "hopc"
_COUNTED = 4.0
"""What a text of its own counts beside an article of the sentences: only those are full of words that mislead."""


def main() -> None:
    """Grows it from everything there is and writes it."""
    tagger = Tagger.load()
    own, articles = list(texts()), list(_articles())
    known = np.stack([tagger.known(one.language, one.title, one.text) for one in (*own, *articles)])
    none = [not one.is_news for one in (*own, *articles)]
    sys.stderr.write(f"{len(own)} texts and {len(articles)} articles, {sum(none)} of them without an event\n")
    forest = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=RATE,
        class_weight="balanced",
        early_stopping=False,
        random_state=0,
    )
    forest.fit(known, none, sample_weight=[_COUNTED] * len(own) + [1.0] * len(articles))
    target = Path(str(files("process").joinpath("data", "newsworthiness.npz")))
    np.savez_compressed(target, allow_pickle=False, **_arrays(forest))
    sys.stderr.write(f"{target}: {target.stat().st_size / 1e6:.2f} MB\n")


def _articles() -> Iterator[Text]:
    for article, some in groupby(sentences(), lambda one: one.article):
        headline, *rest = some
        if article and rest:
            is_news = any(told.status in _TOLD for one in (headline, *rest) for told in one.told)
            yield Text(headline.language, headline.text, " ".join(one.text for one in rest), is_news)


def _arrays(forest: HistGradientBoostingClassifier) -> dict[str, Any]:
    """The nodes of all trees, one after the other, of which a leaf leads to itself, and the number of each root."""
    trees = [tree.nodes for (tree,) in forest._predictors]
    sizes = [len(nodes) for nodes in trees]
    roots = np.array([0, *accumulate(sizes)][:-1], dtype=np.int32)
    nodes, first = np.concatenate(trees), np.repeat(roots, sizes)
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes), dtype=np.int32)
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]).astype(np.int32),
        "threshold": np.where(leaf, 0, nodes["num_threshold"]).astype(np.float32),
        "left": np.where(leaf, own, first + nodes["left"]).astype(np.int32),
        "right": np.where(leaf, own, first + nodes["right"]).astype(np.int32),
        "value": np.where(leaf, nodes["value"], 0).astype(np.float32),
        "roots": roots,
        "depth": np.array(nodes["depth"].max()),
        "start": np.array(forest._baseline_prediction.item()),
    }


if __name__ == "__main__":
    main()
