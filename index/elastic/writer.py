"""Writing documents so that each article stands in one index, whatever month it was fetched in before."""

from collections.abc import Iterator, Sequence
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


class ElasticWriter:
    """Writes into a generation of indices. Raises Unavailable and the client's errors."""

    def __init__(self, client: Elasticsearch, server: ElasticServer, indices: Indices, lease: Lease) -> None:
        self._client = client
        self._server = server
        self._indices = indices
        self._lease = lease

    def write(self, generation: Generation, documents: Sequence[Document]) -> list[Refusal]:
        """Add or replace by id, the last of one id counting. Raises Unavailable while another process rebuilds."""
        latest = {document.id: document for document in documents}
        elsewhere = self._elsewhere(generation, list(latest.values()))
        refusals: list[Refusal] = []
        actions = self._actions(generation, list(latest.values()), elsewhere, refusals)
        return refusals + send(self._client, self._server, actions)

    def _actions(
        self,
        generation: Generation,
        documents: Sequence[Document],
        elsewhere: dict[str, list[str]],
        refusals: list[Refusal],
    ) -> Iterator[Action]:
        """What is to be sent; a document that cannot be is put among the refusals."""
        made = {name.rpartition("-")[2] for name in generation.indices}
        for document in documents:
            try:
                row = to_json(to_elastic(document))
            except (ValueError, OverflowError) as error:
                refusals.append(Refusal(document.id, str(error)))
                continue
            if month(document) not in made:
                self._indices.make(generation, month(document))
                made.add(month(document))
            alias = self._indices.writing(generation, month(document))
            yield _action("index", document.id, alias, row)
            for name in elsewhere.get(key(document.id), ()):
                old = self._indices.writing(generation, name.rpartition("-")[2])
                yield _action("delete", document.id, old)

    def _elsewhere(self, generation: Generation, documents: Sequence[Document]) -> dict[str, list[str]]:
        """For each key the indices of other months that have it now, unrefreshed or not. Looks at the lease, too."""
        wanted: list[dict[str, Any]] = [{"_index": self._lease.index, "_id": DOCUMENT, "_source": True}]
        for document in documents:
            others = (name for name in generation.indices if not name.endswith(month(document)))
            wanted += [{"_index": name, "_id": key(document.id), "_source": False} for name in others]
        lease, *found = self._client.mget(docs=wanted, filter_path="docs._index,docs._id,docs.found,docs._source")[
            "docs"
        ]
        self._lease.refuse_if_held(lease)
        places: dict[str, list[str]] = {}
        for each in found:
            if each.get("found"):
                places.setdefault(each["_id"], []).append(each["_index"])
        return places


def _action(kind: str, article_id: str, alias: str, row: bytes | None = None) -> Action:
    head = to_json({kind: {"_index": alias, "_id": key(article_id)}})
    return Action(article_id, (head,) if row is None else (head, row))
