"""The tagger on one core against a blank spaCy pipeline that only tokenizes and splits the same articles."""

import time
from datetime import UTC, datetime
from pathlib import Path

import spacy

from process.tagger import Tagger
from tests.bench.report import Row, compared, table
from tests.eval.run import LANGUAGES, articles

NOW = datetime(2024, 5, 16, tzinfo=UTC)
ROUNDS = 3
WORDS = 300
"""Of an article. The labelled ones are shorter, so their texts are put together."""


def measure() -> list[Row]:
    """Start-up in seconds of the processor, articles and tokens per second of it, and what the memory grows by."""
    texts = [(language, title, text) for language in LANGUAGES for title, text in _articles(language)]
    tokens, baseline = _blank(texts)
    before = _memory()
    begun = time.process_time()
    tagger = Tagger.load()
    tagger.tag_text("first", "", "Vladimir Putin phoned Xi Jinping.", NOW, "en")
    started = time.process_time() - begun
    for language, title, text in texts:  # each language's lexicon and names are read when first met
        tagger.tag_text("warm", title, text, NOW, language)
    begun = time.process_time()
    for number in range(ROUNDS):
        for language, title, text in texts:
            tagger.tag_text(str(number), title, text, NOW, language)
    seconds = time.process_time() - begun
    return [
        Row("tagger: start-up, to the first article tagged (aim: 3)", started, "s"),
        Row(f"tagger: articles of {WORDS} words (aim: 150)", ROUNDS * len(texts) / seconds, "articles/s"),
        compared("tagger: tokens (baseline: blank spaCy; aim: 0.33)", ROUNDS * tokens / seconds, "tokens/s", baseline),
        Row(
            "tagger: memory for all four languages, besides spaCy (aim: 500)",
            _memory() - before,
            "MB",
        ),
    ]


def _articles(language: str) -> list[tuple[str, str]]:
    """Titles, and texts of that many words each."""
    every = articles(language)
    words = [word for one in every for word in one["text"].split()]
    texts = [" ".join(words[begun : begun + WORDS]) for begun in range(0, len(words) - WORDS + 1, WORDS)]
    return [(one["title"], text) for one, text in zip(every, texts, strict=False)]


def _blank(texts: list[tuple[str, str, str]]) -> tuple[int, float]:
    """The baseline: how many tokens spaCy finds, and how many in a second."""
    pipelines = {language: spacy.blank(language) for language in LANGUAGES}
    for pipeline in pipelines.values():
        pipeline.add_pipe("sentencizer")
    for language, title, text in texts:  # spaCy remembers the words it has met, as the tagger does
        pipelines[language](f"{title}\n{text}")
    begun = time.process_time()
    tokens = sum(len(pipelines[language](f"{title}\n{text}")) for language, title, text in texts)
    return tokens, tokens / (time.process_time() - begun)


def _memory() -> float:
    """Resident memory, in MB."""
    size = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(size.split()[1]) / 1024


if __name__ == "__main__":
    print(table(measure()))
