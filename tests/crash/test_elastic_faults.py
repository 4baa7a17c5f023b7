"""Elasticsearch goes away, is busy, is full: what was on the log is in the index afterwards, once, and nothing else."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from deploy.audit import Ledger
from deploy.stack import elasticsearch
from index.document import Document
from index.elastic.client import ElasticServer, connect
from index.elastic.index import ElasticIndex
from index.port import SearchRequest
from ingest.errors import Unavailable
from process.tagged import Entity, Location
from tests.crash.elastic_desk import ElasticDesk
from tests.elastic import QUICK, an_index, own_server
from tests.search_documents import a_document, read

WATERMARK = "cluster.routing.allocation.disk"
SMALL_QUEUE = ("thread_pool.write.size: 1", "thread_pool.write.queue_size: 2", "cluster.info.update.interval: 10s")


@dataclass(frozen=True, slots=True)
class Node:
    """A server of one's own, to be maltreated."""

    folder: Path
    url: str

    def stop(self) -> None:
        elasticsearch.stop_node(self.folder, 0, 1)

    def start(self) -> None:
        elasticsearch.start_node(self.folder, 0, 1, QUICK)

    def client(self) -> Elasticsearch:
        return connect(ElasticServer(self.url))


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with own_server(options=SMALL_QUEUE) as (folder, url):
        yield Node(folder, url)


@pytest.fixture
def index(node: Node) -> Iterator[ElasticIndex]:
    with an_index(node.url) as opened:
        yield opened


@pytest.fixture
def desk(index: ElasticIndex, tmp_path: Path) -> Iterator[ElasticDesk]:
    with closing(ElasticDesk(tmp_path, index)) as opened:
        yield opened


def until(true: object, seconds: float = 60) -> None:
    """Wait for it to come true."""
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.1)


def test_while_the_server_is_away_the_indexer_waits_and_then_goes_on_by_itself(node: Node, desk: ElasticDesk) -> None:
    desk.take_in(*(f"a{number}" for number in range(250)))
    with desk:
        until(lambda: desk.committed > 0)
        node.stop()
        desk.take_in(*(f"b{number}" for number in range(250)))
        time.sleep(3)
        before = desk.committed
        with pytest.raises(Unavailable, match=r"cannot be reached at http://127.0.0.1:.*start it"):
            desk.index.count()
        time.sleep(3)
        assert desk.committed == before < 500
        node.start()
        until(lambda: desk.committed == 500)
    assert desk.ledger() == Ledger(fetched=500, indexed=500, duplicate=0, dead=0, pending=0)
    assert desk.index.count() == 500


def test_what_a_busy_server_refuses_is_sent_again_and_nothing_is_lost(node: Node, index: ElasticIndex) -> None:
    def written(place: int) -> list[str]:
        # Three months each, so that one request needs three places in the queue.
        batch = [
            a_document(f"a{place}-{n}", "Frigate " * 200, "sails " * 2000, days_ago=40 * (n % 3)) for n in range(30)
        ]
        for _ in range(20):
            try:
                assert index.write(batch) == []
            except Unavailable as error:
                assert "too busy" in str(error)  # noqa: PT017
            else:
                return [document.id for document in batch]
        raise AssertionError("never accepted")

    with ThreadPoolExecutor(12) as pool:
        ids = [each for batch in pool.map(written, range(48)) for each in batch]
    with node.client() as client:
        nodes = client.nodes.stats(metric="thread_pool")["nodes"]
    assert sum(each["thread_pool"]["write"]["rejected"] for each in nodes.values()) > 0
    assert index.known(ids) == set(ids)
    assert index.count() == len(ids)


def test_an_index_made_read_only_for_want_of_disk_is_waited_for(node: Node, desk: ElasticDesk) -> None:
    desk.take_in("before")
    desk.drain()
    marks = {f"{WATERMARK}.watermark.{mark}": "1%" for mark in ("low", "high", "flood_stage")}
    with node.client() as client:
        client.cluster.put_settings(persistent={f"{WATERMARK}.threshold_enabled": True, **marks})
        until(lambda: is_refused(desk.index))
        with pytest.raises(Unavailable, match=r"read-only.*free disk space"):
            desk.index.write([a_document("more")])
        assert [hit.document.id for hit in desk.index.search(SearchRequest(read("frigate"))).hits] == ["before"]
        desk.take_in("after")
        with pytest.raises(Unavailable, match="read-only"):
            desk.drain(longest=1)
        assert desk.committed == 1
        client.cluster.put_settings(persistent=dict.fromkeys([f"{WATERMARK}.threshold_enabled", *marks]))
    until(lambda: not is_refused(desk.index))
    desk.drain()
    assert desk.ledger() == Ledger(fetched=2, indexed=2, duplicate=0, dead=0, pending=0)


def is_refused(index: ElasticIndex) -> bool:
    try:
        index.write([a_document("probe")])
    except Unavailable:
        return True
    return False


def test_a_document_that_does_not_fit_the_mapping_alone_goes_to_the_dead_letters(desk: ElasticDesk) -> None:
    location = Location(lat=1000, lon=0)
    nowhere = Entity(name="Nowhere", label="GPE", text="x", part="text", start=0, end=1, location=location)
    desk.take_in("good")
    desk.take_in("bad", entities=(nowhere,))
    desk.take_in("better")
    desk.drain()
    [(key, stage, error)] = desk.dead()
    assert (key, stage) == ("bad", "indexer")
    assert "location" in error
    assert desk.index.known(["good", "bad", "better"]) == {"good", "better"}
    assert desk.ledger() == Ledger(fetched=3, indexed=2, duplicate=0, dead=1, pending=0)


def test_writers_wait_while_the_index_is_rebuilt_and_write_to_the_new_one(node: Node, index: ElasticIndex) -> None:
    index.write([a_document("old", "Frigate")])
    with closing(ElasticIndex(ElasticServer(node.url), index.name)) as other:
        with index.rebuild() as fresh:
            fresh.write([a_document("new", "Frigate")])
            with pytest.raises(Unavailable, match="being rebuilt"):
                other.write([a_document("meanwhile", "Frigate")])
            with pytest.raises(Unavailable, match="being rebuilt"), other.rebuild():
                pass
            assert other.count() == 1
        assert other.write([a_document("after", "Frigate")]) == []
        assert other.known(["old", "new", "meanwhile", "after"]) == {"new", "after"}


def test_a_rebuild_that_was_killed_keeps_nobody_waiting_for_ever(node: Node, index: ElasticIndex) -> None:
    index.write([a_document("old", "Frigate")])
    server, later = ElasticServer(node.url), datetime.now(UTC) + timedelta(minutes=2)
    with (
        closing(ElasticIndex(server, index.name)) as killed,
        closing(ElasticIndex(server, index.name, lambda: later)) as other,
    ):
        abandoned = killed.rebuild()
        abandoned.__enter__().write([a_document("half", "Frigate")])
        with pytest.raises(Unavailable, match="being rebuilt"):
            index.write([a_document("more", "Frigate")])
        other.write([a_document("more", "Frigate")])
        with other.rebuild() as fresh:
            fresh.write([a_document("new", "Frigate")])
        assert other.known(["old", "half", "more", "new"]) == {"new"}
        with pytest.raises(Unavailable):
            abandoned.__exit__(None, None, None)
        assert other.known(["old", "half", "more", "new"]) == {"new"}


def test_searches_find_every_article_all_the_time_while_indices_change_places(node: Node, index: ElasticIndex) -> None:
    articles: list[Document] = [a_document(f"a{number}", "Frigate", days_ago=20 * (number % 3)) for number in range(60)]
    index.write(articles)
    assert index.count() == 60
    totals: set[int] = set()
    stop = threading.Event()

    def search() -> None:
        with closing(ElasticIndex(ElasticServer(node.url), index.name)) as reader:
            while not stop.is_set():
                totals.add(reader.search(SearchRequest(read("frigate"), limit=1)).total)

    reader = threading.Thread(target=search)
    reader.start()
    for _ in range(3):
        with index.rebuild() as fresh:
            fresh.write(articles)
    stop.set()
    reader.join()
    assert totals == {60}
