"""The tagger on one core against a blank spaCy pipeline that only tokenizes and splits the same articles."""

import resource
import time
from datetime import UTC, datetime

import spacy

from process.tagger import Tagger
from tests.bench.report import Row, compared, table
from tests.eval.run import LANGUAGES, articles

NOW = datetime(2024, 5, 16, tzinfo=UTC)
ROUNDS = 3


def measure() -> list[Row]:
    """Start-up, articles and tokens per second, and what the memory grows by."""
    texts = [(one["lang"], one["title"], one["text"]) for language in LANGUAGES for one in articles(language)]
    tokens, baseline = _blank(texts)
    begun = time.perf_counter()
    tagger = Tagger.load()
    for language, title, text in texts:  # each language's names are indexed when first met
        tagger.tag_text("warm", title, text, NOW, language)
    started = time.perf_counter() - begun
    before = _memory()
    begun = time.process_time()
    for number in range(ROUNDS):
        for language, title, text in texts:
            tagger.tag_text(str(number), title, text, NOW, language)
    seconds = time.process_time() - begun
    return [
        Row("tagger: start-up and a first round over four languages", started, "s"),
        Row("tagger: articles", ROUNDS * len(texts) / seconds, "articles/s"),
        compared("tagger: tokens (baseline: blank spaCy)", ROUNDS * tokens / seconds, "tokens/s", baseline),
        Row("tagger: memory grown meanwhile", _memory() - before, "MB"),
    ]


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
    """The largest resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(table(measure()))
