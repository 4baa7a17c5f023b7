"""Writing documents so that each article stands in one index, whatever month it was fetched in before."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from elasticsearch import Elasticsearch
from pydantic_core import to_json

from index.document import Document
from index.elastic.bulk import Action, send
from index.elastic.client import ElasticServer
from index.elastic.document import key, month, to_elastic
from index.elastic.indices import Generation, Indices
from index.elastic.lease import DOCUMENT, Lease
from index.port import Refusal

_AHEAD = 50  # rows made while the server is asked what it has
_AHEAD_BYTES = 8_000_000  # and no more once they are as large together


@dataclass(frozen=True, slots=True)
class _Found:
    """What is there already: the generation, and for each key the indices of other months that have it."""

    generation: Generation
    elsewhere: dict[str, list[str]]


class ElasticWriter:
    """Writes into a generation of indices. Raises Unavailable and the client's errors."""

    def __init__(self, client: Elasticsearch, server: ElasticServer, indices: Indices, lease: Lease) -> None:
        self._client = client
        self._server = server
        self._indices = indices
        self._lease = lease

    def write(self, generation: Callable[[], Generation], documents: Sequence[Document]) -> list[Refusal]:
        """Add or replace by id, the last of one id counting. Raises Unavailable while another process rebuilds.

        The server is asked what it has while the first rows are made: that takes about the same time.
        """
        latest = list({document.id: document for document in documents}.values())
        refusals: list[Refusal] = []
        with ThreadPoolExecutor(1) as aside:
            found = aside.submit(self._look, generation, latest)
            return refusals + send(self._client, self._server, self._actions(found, latest, refusals))

    def _actions(
        self, found: Future[_Found], documents: Sequence[Document], refusals: list[Refusal]
    ) -> Iterator[Action]:
        """What is to be sent; a document that cannot be is put among the refusals."""
        rows = _rows(documents, refusals)
        ahead = _made_ahead(rows)
        there = found.result()
        made = {name.rpartition("-")[2] for name in there.generation.indices}
        for document, row in chain(ahead, rows):
            if month(document) not in made:
                self._indices.make(there.generation, month(document))
                made.add(month(document))
            alias = self._indices.writing(there.generation, month(document))
            yield _action("index", document.id, alias, row)
            for name in there.elsewhere.get(key(document.id), ()):
                old = self._indices.writing(there.generation, name.rpartition("-")[2])
                yield _action("delete", document.id, old)

    def _look(self, generation: Callable[[], Generation], documents: Sequence[Document]) -> _Found:
        """What is there now, refreshed or not. Looks at the lease, too."""
        current = generation()
        wanted: list[dict[str, Any]] = [{"_index": self._lease.index, "_id": DOCUMENT, "_source": True}]
        for document in documents:
            others = (name for name in current.indices if not name.endswith(month(document)))
            wanted += [{"_index": name, "_id": key(document.id), "_source": False} for name in others]
        answer = self._client.mget(docs=wanted, filter_path="docs._index,docs._id,docs.found,docs._source")
        lease, *found = answer["docs"]
        self._lease.refuse_if_held(lease)
        elsewhere: dict[str, list[str]] = {}
        for each in found:
            if each.get("found"):
                elsewhere.setdefault(each["_id"], []).append(each["_index"])
        return _Found(current, elsewhere)


def _rows(documents: Sequence[Document], refusals: list[Refusal]) -> Iterator[tuple[Document, bytes]]:
    for document in documents:
        try:
            yield document, to_json(to_elastic(document))
        except (ValueError, OverflowError) as error:
            refusals.append(Refusal(document.id, str(error)))


def _made_ahead(rows: Iterator[tuple[Document, bytes]]) -> list[tuple[Document, bytes]]:
    made: list[tuple[Document, bytes]] = []
    size = 0
    for document, row in islice(rows, _AHEAD):
        made.append((document, row))
        size += len(row)
        if size > _AHEAD_BYTES:
            break
    return made


def _action(kind: str, article_id: str, alias: str, row: bytes | None = None) -> Action:
    head = to_json({kind: {"_index": alias, "_id": key(article_id)}})
    return Action(article_id, (head,) if row is None else (head, row))
