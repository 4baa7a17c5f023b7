"""Indexing on Elasticsearch against bare `helpers.bulk` of the same documents, and the time until they are found."""

import json
import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch, helpers

from deploy.stack import elasticsearch
from deploy.threads import take_short_turns
from index.document import Document
from index.elastic.client import ElasticServer, connect
from index.elastic.document import key, to_elastic
from index.elastic.index import ElasticIndex
from index.elastic.mapping import template
from index.indexer import Indexer
from index.port import SearchRequest
from tests.bench.bench_search import documents
from tests.bench.report import Row, compared, table
from tests.elastic import an_index, server_folder
from tests.search_documents import NOW, a_document, read

ARTICLES = 2000
WARMING = 3000  # a JVM needs some work before it runs at its speed
ROUNDS = 8  # short ones, turn about: what else the machine does slows both down
FRESH = 30


def raw_writes(client: Elasticsearch, rows: Sequence[Document]) -> float:
    """Documents per second of `helpers.bulk` with finished rows, in requests of the same size, to such an index."""
    made: list[dict[str, Any]] = [
        {"_id": key(row.id), "_source": json.loads(json.dumps(to_elastic(row)))} for row in rows
    ]
    name = f"raw-{uuid4().hex[:8]}"
    client.indices.create(index=name, **template(name)["template"])
    began = time.perf_counter()
    for _, outcome in helpers.streaming_bulk(client, made, index=name, chunk_size=Indexer.batch):
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
        raw: list[float] = []
        ours: list[float] = []
        with connect(server) as client:
            raw_writes(client, (rows + rows)[:WARMING])
            for _ in range(ROUNDS):
                raw.append(raw_writes(client, rows))
                with an_index(server.url) as index:
                    ours.append(indexed(index, rows))
        with an_index(server.url) as index:
            reader = ElasticIndex(server, index.name)
            seconds = list(fresh(index, reader))
            reader.close()
    finally:
        elasticsearch.stop(folder)
        shutil.rmtree(folder)
    return [
        compared(
            f"Elasticsearch: writing batches of {Indexer.batch}",
            statistics.mean(ours),
            "articles/s",
            statistics.mean(raw),
        ),
        Row("Elasticsearch: from written to found, slowest of 30", max(seconds), "s"),
    ]


if __name__ == "__main__":
    print(table(measure()))
