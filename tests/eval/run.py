"""Score the tagger on labelled articles: `python -m tests.eval.run --help`.

Rules are written with two thirds of the articles in view (`--train`); every third (`--held-out`) is only ever scored,
so that the gap between both tells whether the rules are about the language or about the sample.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from process.tagger import Tagger
from tests.eval.gold.score import Score, score_article, table

GOLD = Path(__file__).parent / "gold"
SETS = {
    "gold": (GOLD, "the labelled articles"),
    "own": (GOLD.with_name("own"), "more of the kind, labelled later"),
    "real": (Path(__file__).parents[3] / "shared" / "gold" / "real", "recorded feed items, where ../shared is"),
}
LANGUAGES = ("de", "en", "es", "fr")
Share = Literal["all", "train", "held-out"]
Record = dict[str, Any]


def articles(language: str, share: Share = "all", folder: Path = GOLD) -> list[Record]:
    """The labelled articles of a language, or the share of them that rules may, or may not, be written by."""
    lines = (folder / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return [one for place, one in enumerate(found) if share == "all" or (place % 3 == 2) == (share == "held-out")]


def prediction(tagger: Tagger, article: Record) -> Record:
    """What the tagger says of an article, as the scorer wants it."""
    published = datetime.fromisoformat(article["published"]).replace(tzinfo=UTC)
    tagged = tagger.tag_text(article["id"], article["title"], article["text"], published)
    return json.loads(tagged.model_dump_json(include={"language", "entities", "events"}))  # type: ignore[no-any-return]


def scores(tagger: Tagger, gold: Iterable[Record]) -> dict[str, Score]:
    """One score per language, and `total`."""
    found: dict[str, Score] = defaultdict(Score)
    for article in gold:
        score = score_article(article, prediction(tagger, article))
        found[article["lang"]].merge(score)
        found["total"].merge(score)
    return found


def report(found: dict[str, Score], errors: int) -> Iterator[str]:
    """The scorer's table, and the commonest errors."""
    yield from table({name: found[name].figures() for name in sorted(found)})
    commonest = sorted(found["total"].errors.items(), key=lambda item: -len(item[1]))
    yield from (
        f"{len(examples):5}  {kind}: {'; '.join(examples[:8])}" for kind, examples in commonest[:errors] if examples
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", choices=LANGUAGES, help="one language only")
    parser.add_argument("--errors", type=int, default=20, metavar="N", help="kinds of errors to show (20)")
    share = parser.add_mutually_exclusive_group()
    share.add_argument("--train", dest="share", action="store_const", const="train", default="all")
    share.add_argument("--held-out", dest="share", action="store_const", const="held-out")
    sets = ", ".join(f"{name}: {what}" for name, (_, what) in SETS.items())
    parser.add_argument("--set", choices=SETS, default="gold", help=f"which articles ({sets})")
    options = parser.parse_args()
    folder = SETS[options.set][0]
    if not folder.is_dir():
        parser.error(f"there is no {folder}")
    chosen = [options.lang] if options.lang else LANGUAGES
    gold = [one for language in chosen for one in articles(language, options.share, folder)]
    errors = 0 if options.share == "held-out" else options.errors
    print("\n".join(report(scores(Tagger.load(), gold), errors)))


if __name__ == "__main__":
    main()
