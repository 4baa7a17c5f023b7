"""The short texts that it is learned from which articles report nothing: `data/training/texts/<language>.tsv`.

A line is, parted by tabs, `none` or `news`, a headline and a text. `news` tells an event of the 35 types; `none` tells
none, though it may be full of their words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from process.training_sentences import TrainingError


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and whether it reports an event."""

    language: str
    title: str
    text: str
    is_news: bool


def texts() -> Iterator[Text]:
    """All of them. Raises TrainingError where a file is malformed."""
    folder = files("process").joinpath("data", "training", "texts")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        yield from read(file.read_text(encoding="utf-8"), file.name)


def read(content: str, name: str) -> Iterator[Text]:
    """Those in the content of a file called `name`."""
    for number, line in enumerate(content.splitlines(), 1):
        match line.split("\t"):
            case ["none" | "news" as kind, title, text] if title.strip() and text.strip():
                yield Text(name.removesuffix(".tsv"), title, text, kind == "news")
            case _:
                raise TrainingError(f"{name}:{number}: write `none` or `news`, a headline and a text, parted by tabs")
