"""The search index on Elasticsearch, 8.19 or later: any number of processes write, any number search."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import Elasticsearch

from index.document import Document
from index.elastic.client import ElasticServer, connect, plain_errors
from index.elastic.document import from_elastic, key
from index.elastic.indices import Generation, Indices
from index.elastic.lease import Lease
from index.elastic.mapping import MOST_HITS
from index.elastic.search import answer, whole
from index.elastic.writer import ElasticWriter
from index.port import Refusal, SearchRequest, SearchResults
from index.query import Everything
from ingest.clock import Clock, utc_now
from ingest.errors import WirewatchError

_OLDEST = (8, 19)


class ElasticIndex:
    """A `SearchIndex` whose indices and aliases begin with `name`.

    What is written is safe at once and found within a second; by this very object at once, as is `count` and `known`.
    """

    def __init__(self, server: ElasticServer, name: str, clock: Clock = utc_now) -> None:
        """Connects when it is first used. Raises WirewatchError for settings that cannot be."""
        self._server = server
        self._client = connect(server)
        self._indices = Indices(self._client, name)
        self.name = name
        self._clock = clock
        self._writer = ElasticWriter(self._client, server, self._indices, Lease(self._client, name, clock))
        self._unseen = threading.Event()  # something was written since the last refresh

    def write(self, documents: Sequence[Document]) -> Sequence[Refusal]:
        """Add or replace by id, the last of one id counting. Raises Unavailable, also while the index is rebuilt."""
        with plain_errors(self._server):
            try:
                return self._writer.write(self._indices.current, documents)
            finally:
                self._unseen.set()

    def search(self, request: SearchRequest) -> SearchResults:
        """One page. Relevance of a query without words to weigh is the date. Raises Unavailable, WirewatchError."""
        with plain_errors(self._server):
            self._refresh(only_own=True)
            return answer(self._client, self._indices.reading, request)

    def get(self, article_id: str) -> Document | None:
        """The document of that id. Raises Unavailable."""
        with plain_errors(self._server):
            self._refresh(only_own=True)
            found = self._find([article_id])
            return from_elastic(found[0]["_source"]) if found else None

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the index, whoever wrote them. Raises Unavailable."""
        with plain_errors(self._server):
            self._refresh()
            of_key = {key(each): each for each in ids}
            return {of_key[row["_id"]] for row in self._find(ids, source=False)}

    def count(self) -> int:
        """How many documents there are, whoever wrote them. Raises Unavailable."""
        with plain_errors(self._server):
            self._refresh()
            found = whole(
                self._client, index=self._indices.reading, ignore_unavailable=True, size=0, track_total_hits=True
            )
            return int(found["hits"]["total"]["value"])

    def check(self) -> str:
        """Ask the server's version, look at the fields' version, search. Raises Unavailable."""
        with plain_errors(self._server):
            version = str(self._client.info()["version"]["number"])
            if tuple(map(int, version.split(".")[:2])) < _OLDEST:
                oldest = ".".join(map(str, _OLDEST))
                raise WirewatchError(f"Elasticsearch at {self._server.shown} is {version}; {oldest} or later is needed")
            self._indices.current()
        found = self.search(SearchRequest(Everything(), sort="date", limit=1))
        return f"search index {self._indices.reading} at {self._server.shown} ({version}): {found.total} articles"

    @contextmanager
    def rebuild(self) -> Iterator["_Filling"]:
        """Write new indices through what the block is given; when it ends well, all aliases change to them in one step.

        Searches see the old ones until then. Writes and other rebuilds get Unavailable meanwhile, so that nothing is
        written to indices about to go.
        """
        lease = Lease(self._client, self.name, self._clock)
        with plain_errors(self._server):
            lease.take()
        try:
            with plain_errors(self._server):
                filling = _Filling(self._client, self._server, self._indices, lease, self._indices.fresh(self._clock()))
            try:
                yield filling
                filling.publish()
            except BaseException:
                filling.abandon()
                raise
        finally:
            with plain_errors(self._server):
                lease.give_back()

    def close(self) -> None:
        """Give back connections."""
        self._client.close()

    def _refresh(self, only_own: bool = False) -> None:
        """Make what was written findable; `only_own`: only where this object has written, others wait their second."""
        if self._unseen.is_set() or not only_own:
            self._unseen.clear()
            self._client.indices.refresh(index=self._indices.reading, ignore_unavailable=True)

    def _find(self, ids: Sequence[str], *, source: bool = True) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for start in range(0, len(ids), MOST_HITS):
            keys = [key(each) for each in ids[start : start + MOST_HITS]]
            found = whole(
                self._client,
                index=self._indices.reading,
                ignore_unavailable=True,
                query={"ids": {"values": keys}},
                size=len(keys),
                source=source,
            )
            rows += found["hits"]["hits"]
        return rows


class _Filling:
    """A generation being built."""

    def __init__(
        self,
        client: Elasticsearch,
        server: ElasticServer,
        indices: Indices,
        lease: Lease,
        generation: Generation,
    ) -> None:
        self._server = server
        self._indices = indices
        self._lease = lease
        self._generation = generation
        self._writer = ElasticWriter(client, server, indices, lease)

    def write(self, documents: Sequence[Document]) -> Sequence[Refusal]:
        """As `ElasticIndex.write`, into the new indices. Raises Unavailable when another process has taken over."""
        with plain_errors(self._server):
            self._lease.renew()
            return self._writer.write(lambda: self._indices.filled(self._generation), documents)

    def publish(self) -> None:
        """Let searches read it."""
        with plain_errors(self._server):
            self._lease.renew(at_once=True)
            self._indices.publish(self._generation)

    def abandon(self) -> None:
        """Remove it."""
        with plain_errors(self._server):
            self._indices.abandon(self._generation)
