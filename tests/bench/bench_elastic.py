"""Indexing on Elasticsearch against bare `helpers.bulk` of the same documents, and the time until they are found."""

import json
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch, helpers

from deploy.stack import elasticsearch
from deploy.threads import take_short_turns
from index.analysis import STEMMERS, analysis_language
from index.document import Document
from index.elastic.client import ElasticServer, connect
from index.elastic.document import key, to_elastic
from index.elastic.index import ElasticIndex
from index.elastic.mapping import template
from index.indexer import Indexer
from index.port import SearchRequest
from index.schema import NAMES, words_of
from tests.bench.bench_search import documents
from tests.bench.report import Row, compared, table
from tests.elastic import an_index, server_folder
from tests.search_documents import NOW, a_document, read

ARTICLES = 2000
WARMING = 3000  # a JVM needs some work before it runs at its speed
ROUNDS = 8  # short ones, turn about: what else the machine does slows both down
FRESH = 30


def finished(rows: Sequence[Document]) -> list[dict[str, Any]]:
    """The documents with their words made by us: Elasticsearch only parts them at blanks."""
    return [json.loads(json.dumps(to_elastic(row))) for row in rows]


def unfinished(rows: Sequence[Document]) -> list[dict[str, Any]]:
    """The same with their text and names as they are, for Elasticsearch to fold and stem."""
    made = finished(rows)
    for row, document in zip(made, rows, strict=True):
        language, words = analysis_language(document.language), words_of(document)
        row |= {f"title_{language}": document.title, f"text_{language}": document.text}
        row |= {"title_plain": document.title, "text_plain": document.text, "source_words": document.source}
        row |= {f"{name}_words": words.get(name, []) for name in NAMES}
    return made


def stock_template(prefix: str) -> dict[str, Any]:
    """The index as one would make it without us: the same fields, Elasticsearch's own analyzers."""
    made: dict[str, Any] = deepcopy(template(prefix)["template"])
    for name, field in made["mappings"]["properties"].items():
        if field.get("analyzer") == "words":
            field["analyzer"] = STEMMERS.get(name.rpartition("_")[2], "reading")
    return made


def raw_writes(client: Elasticsearch, made: Sequence[dict[str, Any]], body: dict[str, Any]) -> float:
    """Documents per second of bare `helpers.bulk` in requests of the same size, to an index with that body."""
    name = f"raw-{uuid4().hex[:8]}"
    client.indices.create(index=name, **body)
    rows = [{"_id": key(row["id"]), "_source": row} for row in made]
    began = time.perf_counter()
    for _, outcome in helpers.streaming_bulk(client, rows, index=name, chunk_size=Indexer.batch):
        assert outcome
    taken = time.perf_counter() - began
    client.indices.delete(index=name)
    return len(rows) / taken


def indexed(index: ElasticIndex, rows: Sequence[Document]) -> float:
    """Documents per second through the port: analysed, looked for in other months, replaced by id."""
    began = time.perf_counter()
    for start in range(0, len(rows), Indexer.batch):
        assert index.write(rows[start : start + Indexer.batch]) == []
    return len(rows) / (time.perf_counter() - began)


def fresh(writer: ElasticIndex, reader: ElasticIndex) -> Iterator[float]:
    """Seconds from the writing of an article until another process would find it."""
    for number in range(FRESH):
        began = time.perf_counter()
        writer.write([a_document(f"fresh{number}", f"Corvette{number}")])
        while not reader.search(SearchRequest(read(f"corvette{number}"), limit=1)).total:
            time.sleep(0.01)
        yield time.perf_counter() - began


def measure() -> list[Row]:
    """Documents per second and seconds. About two minutes, with a server of its own."""
    take_short_turns()  # as `wirewatch start` does
    folder = server_folder()
    server = ElasticServer(elasticsearch.start(folder).url)
    try:
        # Fetched in one month, as what comes in is.
        rows = [each.model_copy(update={"fetched": NOW}) for each in documents(ARTICLES)]
        made, unmade = finished(rows), unfinished(rows)
        ours: list[float] = []
        same_work: list[float] = []
        less_work: list[float] = []
        with connect(server) as client:
            raw_writes(client, (made + unmade)[:WARMING], template("raw")["template"])
            for _ in range(ROUNDS):
                same_work.append(raw_writes(client, unmade, stock_template("raw")))
                less_work.append(raw_writes(client, made, template("raw")["template"]))
                with an_index(server.url) as index:
                    ours.append(indexed(index, rows))
        with an_index(server.url) as index:
            reader = ElasticIndex(server, index.name)
            seconds = list(fresh(index, reader))
            reader.close()
    finally:
        elasticsearch.stop(folder)
        shutil.rmtree(folder)
    writing = f"Elasticsearch: writing batches of {Indexer.batch}"
    return [
        compared(writing, statistics.mean(ours), "articles/s", statistics.mean(same_work)),
        compared(f"{writing}, words made beforehand", statistics.mean(ours), "articles/s", statistics.mean(less_work)),
        Row("Elasticsearch: from written to found, slowest of 30", max(seconds), "s"),
    ]


if __name__ == "__main__":
    print(table(measure()))
