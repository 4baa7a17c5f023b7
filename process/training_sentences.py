"""The sentences that the trained reader learns from: `data/training/<language>[-kind].tsv`.

A line `# 2026-11-20` sets the day on which what follows appeared; `# 2026-11-20 article` begins an article, whose
sentences follow, the headline first. Any other is a sentence and, behind tabs, what it tells, each as
`trigger|type|status|participants|place`. The words of `trigger` stand in the sentence, as do those of participants
(parted by `;`) and place. The status is h(appened), o(ngoing), p(lanned), c(ancelled), n (only imagined, or no event of
the type at all) or ? (perhaps told again: nothing is learned of these words).

Of the files `-known` the rules were written in view: what they make of these is not shown to the reader. They tell
neither participants nor places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from ingest.errors import WirewatchError
from process.lexicon import load_event_types

STATUSES = "hopcn?"
_FIELDS = 5
KNOWN = "-known"
Span = tuple[int, int]


class TrainingError(WirewatchError):
    """A file of sentences that cannot be used. The message names file and line."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells: characters [start, end) of it tell an event of the type. `participants` and `place` are
    where the names of those stand who take part in it, and that of where it is.
    """

    start: int
    end: int
    type: str
    status: str
    participants: tuple[Span, ...]
    place: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with all that it tells; `known` if rules were written in view of it. `article` is the same for all of
    an article; sentences that stand alone have none.
    """

    language: str
    published: date
    text: str
    told: tuple[Told, ...]
    known: bool
    article: str | None


def sentences() -> Iterator[Labelled]:
    """All of them. Raises TrainingError where a file is malformed."""
    folder = files("process").joinpath("data", "training")
    types = frozenset(load_event_types())
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".tsv"):
            yield from read(file.read_text(encoding="utf-8"), file.name, types)


def read(text: str, name: str, types: frozenset[str]) -> Iterator[Labelled]:
    """Those in the text of a file called `name`."""
    published: date | None = None
    article: str | None = None
    stem = name.removesuffix(".tsv")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            if line.startswith("#"):
                day, *kind = line[1:].split()
                if kind not in ([], ["article"]):
                    raise ValueError(f"{line!r} is not `# YYYY-MM-DD` or `# YYYY-MM-DD article`")
                published, article = date.fromisoformat(day), f"{name}:{number}" if kind else None
                continue
            if published is None:
                raise ValueError("a line `# YYYY-MM-DD` must stand before the first sentence")
            sentence, *blocks = line.split("\t")
            told: list[Told] = []
            for block in blocks:
                told.append(_told(block, sentence, types, told))
        except ValueError as error:
            raise TrainingError(f"{name}:{number}: {error}") from None
        yield Labelled(stem.partition("-")[0], published, sentence, tuple(told), stem.endswith(KNOWN), article)


def _told(block: str, sentence: str, types: frozenset[str], before: list[Told]) -> Told:
    fields = block.split("|")
    if len(fields) != _FIELDS:
        raise ValueError(f"{block!r} is not `trigger|type|status|participants|place`")
    trigger, kind, status, participants, place = fields
    if kind not in types:
        raise ValueError(f"{kind!r} is no event type")
    if len(status) != 1 or status not in STATUSES:
        raise ValueError(f"{status!r} is no status; there are {', '.join(STATUSES)}")
    for name in (trigger, *participants.split(";"), place):
        if name not in sentence:
            raise ValueError(f"{name!r} does not stand in the sentence")
    taken = {one.start for one in before if one.type == kind}
    found = _spans(trigger, sentence)
    start, end = next((span for span in found if span[0] not in taken), found[0])
    parties = tuple(span for name in participants.split(";") if name for span in _spans(name, sentence))
    return Told(start, end, kind, status, parties, tuple(_spans(place, sentence)) if place else ())


def _spans(words: str, sentence: str) -> list[Span]:
    """Where words stand in a sentence: as whole words or, where they do not, as part of one."""
    found = [one.span() for one in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", sentence)]
    at = sentence.index(words)
    return found or [(at, at + len(words))]
