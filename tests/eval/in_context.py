"""Score the tagger on short paragraphs, each sentence labelled: `python -m tests.eval.in_context --help`.

The paragraphs stand in `tests/eval/context/<language>.txt`; see the README there. A sentence read wrongly is shown with
`--errors`; figures are of all sentences of a paragraph together, so that it does not matter which one tells an event.
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

FOLDERS = {name: Path(__file__).parent / name for name in ("context", "articles", "items")}
_ENDS = frozenset('.!?…"»”“)')
Events = frozenset[str]
"""Each as `type:status`."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A day of publication and sentences with the events that they tell."""

    published: datetime
    sentences: tuple[tuple[str, Events], ...]

    @property
    def text(self) -> str:
        """The sentences in a row; a headline, which has no full stop, on a line of its own."""
        return "".join(
            f"{sentence} " if sentence[-1] in _ENDS else f"{sentence}\n" for sentence, _ in self.sentences
        ).strip()

    @property
    def events(self) -> Events:
        return frozenset(one for _, events in self.sentences for one in events)


def paragraphs(language: str, folder: Path = FOLDERS["context"]) -> Iterator[Paragraph]:
    """Those of a language. Raises ValueError naming file and paragraph where one is malformed."""
    file = folder / f"{language}.txt"
    known = {f"{name}:{status}" for name in load_event_types() for status in STATUSES}
    for number, block in enumerate(file.read_text(encoding="utf-8").strip().split("\n\n"), 1):
        day, *lines = block.split("\n")
        sentences = tuple(_sentence(line) for line in lines)
        wrong = sorted(one for _, events in sentences for one in events - known)
        if wrong or not all(sentence for sentence, _ in sentences):
            raise ValueError(f"{file}: paragraph {number} ({day}): write `type:status`, a tab and the sentence {wrong}")
        yield Paragraph(datetime.fromisoformat(day).replace(tzinfo=UTC), sentences)


def _sentence(line: str) -> tuple[str, Events]:
    told, _, sentence = line.partition("\t")
    return sentence.strip(), frozenset() if told == "-" else frozenset(told.split(","))


def read(tagger: Tagger, language: str, one: Paragraph) -> dict[str, str]:
    """The events that the tagger finds, each with the sentence it shows."""
    events = tagger.tag_text(language, "", one.text, one.published, language).events
    return {f"{event.type}:{event.status}": event.sentence for event in events}


def types(events: Events) -> Events:
    """The events without their status."""
    return frozenset(one.partition(":")[0] for one in events)


def _errors(one: Paragraph, found: dict[str, str]) -> Iterator[str]:
    for event, sentence in found.items():
        if event not in one.events:
            yield f"wrong  {event}: {sentence}"
    for sentence, events in one.sentences:
        for event in sorted(events - found.keys()):
            yield f"missed {event}: {sentence}"


def _f1(count: Counter[str]) -> str:
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return f"{2 * right / max(1, 2 * right + wrong + missed):.3f} (precision {precision:.2f}, recall {recall:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lang", choices=LANGUAGES, help="one language only")
    parser.add_argument("--errors", action="store_true", help="show what is read wrongly")
    parser.add_argument("--set", choices=FOLDERS, default="context", help="paragraphs, or whole articles")
    options = parser.parse_args()
    tagger = Tagger.load()
    for language in [options.lang] if options.lang else LANGUAGES:
        by_type, by_event = Counter[str](), Counter[str]()
        for one in paragraphs(language, FOLDERS[options.set]):
            found = read(tagger, language, one)
            if options.errors:
                print("\n".join(_errors(one, found)))
            pairs = (types(one.events), types(frozenset(found))), (one.events, frozenset(found))
            for count, (gold, guess) in zip((by_type, by_event), pairs, strict=True):
                count.update(right=len(gold & guess), wrong=len(guess - gold), missed=len(gold - guess))
        print(f"{language}: types {_f1(by_type)}, with status {_f1(by_event)}")


if __name__ == "__main__":
    main()
