"""Score the tagger on single sentences, many ways to tell each event: `python -m tests.eval.phrasings --help`.

The sentences stand in `tests/eval/sentences/<language>.tsv`; see the README there.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from process.lexicon import load_event_types
from process.pattern_reader import STATUSES
from process.tagger import Tagger
from tests.eval.run import LANGUAGES

FOLDER = Path(__file__).parent / "sentences"
PUBLISHED = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A sentence and the events it tells, each as `type:status`."""

    line: int
    events: frozenset[str]
    text: str


def phrasings(file: Path) -> Iterator[Phrasing]:
    """The sentences of a file. Raises ValueError naming file and line where one is malformed."""
    known = {f"{name}:{status}" for name in load_event_types() for status in STATUSES}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        told, tab, text = line.partition("\t")
        events = frozenset() if told.strip() == "-" else frozenset(one.strip() for one in told.split(","))
        if not tab or not text.strip() or events - known:
            raise ValueError(
                f"{file}:{number}: write `type:status`, a tab and the sentence ({', '.join(events - known)})"
            )
        yield Phrasing(number, events, text.strip())


@dataclass(frozen=True, slots=True)
class Reading:
    """How the tagger read a sentence."""

    phrasing: Phrasing
    found: frozenset[str]

    @property
    def right(self) -> bool:
        """Every type and status, and no other."""
        return self.found == self.phrasing.events

    @property
    def types_right(self) -> bool:
        """Every type and no other, whatever the status."""
        return _types(self.found) == _types(self.phrasing.events)


def readings(tagger: Tagger, language: str, first: int = 1, file: Path | None = None) -> list[Reading]:
    """The sentences of a language from a line on, as the tagger reads them."""
    found = []
    for one in phrasings(file or FOLDER / f"{language}.tsv"):
        if one.line >= first:
            tagged = tagger.tag_text(f"{language}-{one.line}", "", one.text, PUBLISHED, language)
            found.append(Reading(one, frozenset(f"{event.type}:{event.status}" for event in tagged.events)))
    return found


def _types(events: frozenset[str]) -> frozenset[str]:
    return frozenset(one.partition(":")[0] for one in events)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", choices=LANGUAGES, action="append", help="one language only")
    parser.add_argument("--from", dest="first", type=int, default=1, metavar="LINE", help="sentences from this line on")
    parser.add_argument("--file", type=Path, help="another file of sentences (with --lang)")
    parser.add_argument("--quiet", action="store_true", help="figures only")
    options = parser.parse_args()
    tagger = Tagger.load()
    for language in options.lang or LANGUAGES:
        found = readings(tagger, language, options.first, options.file)
        if not options.quiet:
            for one in (one for one in found if not one.right):
                print(f"{language}.tsv:{one.phrasing.line}: {', '.join(sorted(one.phrasing.events)) or '-'}")
                print(f"    read as {', '.join(sorted(one.found)) or '-'}: {one.phrasing.text}")
        count = Counter((one.types_right, one.right) for one in found)
        total = max(1, len(found))
        types = (count[True, True] + count[True, False]) / total
        print(
            f"{language}: {len(found)} sentences, types right {types:.3f}, with status {count[True, True] / total:.3f}"
        )


if __name__ == "__main__":
    main()
