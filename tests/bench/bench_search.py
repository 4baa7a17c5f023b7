"""Indexing against raw tantivy writes of the same documents, and queries on 50,000 articles."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from index.document import Document
from index.indexer import Indexer
from index.local import LocalIndex
from index.port import SearchRequest
from index.schema import open_index, to_tantivy
from tests.bench.report import Row, compared, table
from tests.search_documents import NOW, a_document, entity, event, read

ARTICLES = 50_000
COMPARED = 3_000
FILLING = 2000
QUERIES = 600
_HEAP = 64_000_000

_PLACES = ("China", "Taiwan", "Beijing", "Moscow", "South China Sea", "Strait of Hormuz", "Paris", "Berlin")
_SOURCES = tuple(f"Source {n}" for n in range(40))


def documents(number: int, seed: int = 1) -> Iterator[Document]:
    """Articles of 150 to 350 words whose frequencies fall off as those of a language do (Zipf)."""
    chance = random.Random(seed)
    words = [f"{stem}{n}" for n in range(6000) for stem in ("manœuvre", "ship", "Übung", "nación", "exercise")]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    stock = chance.choices(words, weights, k=400_000)
    for place in range(number):
        start, length = chance.randrange(len(stock) - 400), chance.randrange(150, 350)
        title = " ".join(stock[start : start + 9])
        yield a_document(
            f"{place:032x}",
            title,
            " ".join(stock[start + 9 : start + length]),
            chance.choice(("fr", "en", "de", "es")),
            source=chance.choice(_SOURCES),
            entities=tuple(entity(name, "GPE") for name in chance.sample(_PLACES, 3)),
            events=(event(chance.choice(("naval_exercise", "visit", "summit")), place=chance.choice(_PLACES)),),
            published=NOW - timedelta(minutes=chance.randrange(60 * 24 * 60)),
        )


def queries(number: int) -> list[str]:
    """A desk's mix: words, phrases, prefixes, names, events, ranges."""
    chance = random.Random(2)
    word = [f"{stem}{n}" for n in range(300) for stem in ("manoeuvre", "ship", "ubung", "exercise")]
    forms = (
        lambda: f"{chance.choice(word)} {chance.choice(word)}",
        lambda: f"{chance.choice(word)} OR {chance.choice(word)}",
        lambda: f'"{chance.choice(word)} {chance.choice(word)}"~5',
        lambda: f"ship{chance.randrange(10, 99)}* place:Taiwan*",
        lambda: f"event:naval_exercise place:{chance.choice(('China', 'Taiwan', 'Paris'))}",
        lambda: f"{chance.choice(word)} published:[now-7d TO now] NOT language:fr",
    )
    return [chance.choice(forms)() for _ in range(number)]


def raw_writes(rows: Sequence[Document], folder: Path) -> float:
    """Documents per second that tantivy takes when it is handed finished rows and nothing else is done."""
    folder.mkdir()
    made = [to_tantivy(document) for document in rows]
    writer = open_index(str(folder)).writer(_HEAP, num_threads=1)
    began = time.perf_counter()
    for place, row in enumerate(made, 1):
        writer.add_document(row)
        if place % Indexer.batch == 0:
            writer.commit()
    writer.commit()
    taken = time.perf_counter() - began
    writer.wait_merging_threads()
    return len(rows) / taken


def indexed(rows: Sequence[Document], index: LocalIndex, batch: int) -> float:
    """Documents per second through the port: replaced by id, durable after every batch."""
    began = time.perf_counter()
    for start in range(0, len(rows), batch):
        index.write(rows[start : start + batch])
    return len(rows) / (time.perf_counter() - began)


def searched(index: LocalIndex) -> tuple[float, float]:
    """Queries per second of one thread, with highlights, and the 99th percentile in milliseconds."""
    asked = [read(text) for text in queries(QUERIES)]
    for query in asked[:50]:
        index.search(SearchRequest(query))
    seconds: list[float] = []
    for query in asked:
        began = time.perf_counter()
        index.search(SearchRequest(query))
        seconds.append(time.perf_counter() - began)
    return len(seconds) / sum(seconds), statistics.quantiles(seconds, n=100)[98] * 1000


def measure() -> list[Row]:
    """Documents and queries per second. About two minutes."""
    with tempfile.TemporaryDirectory() as folder:
        sample = list(documents(COMPARED))
        index = LocalIndex(Path(folder) / "index")
        # Turn about, so that whatever else the machine does slows both down.
        raw = [raw_writes(sample, Path(folder) / "raw1")]
        ours = indexed(sample, index, Indexer.batch)
        raw.append(raw_writes(sample, Path(folder) / "raw2"))
        indexed(list(documents(ARTICLES)), index, FILLING)
        speed, slowest = searched(index)
        index.close()
    return [
        compared(f"search index: writing batches of {Indexer.batch}", ours, "articles/s", statistics.mean(raw)),
        Row(f"search: {ARTICLES:,} articles, with highlights", speed, "queries/s"),
        Row(f"search: {ARTICLES:,} articles, 99th percentile", slowest, "ms"),
    ]


if __name__ == "__main__":
    print(table(measure()))
