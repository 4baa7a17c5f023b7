"""A node of three is killed while documents are written: nothing that was written is lost, and writing goes on."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.stack import elasticsearch
from deploy.stack.server import running
from index.elastic.client import ElasticServer, connect
from index.port import SearchRequest
from ingest.errors import Unavailable
from tests.elastic import QUICK, an_index, own_server
from tests.search_documents import a_document, read

NODES = 3
BATCH = 20


@pytest.fixture
def cluster() -> Iterator[tuple[Path, str]]:
    """Folder and URL of three nodes."""
    with own_server(NODES) as server:
        yield server


def node_of_the_primaries(url: str, name: str) -> int:
    """The number of the node that most of the index is written on."""
    with connect(ElasticServer(url)) as client:
        shards = client.cat.shards(index=f"{name}-articles*", format="json")
    places = [shard["node"] for shard in shards if shard["prirep"] == "p"]  # type: ignore[index]
    return int(max(set(places), key=places.count).removeprefix("node"))


def test_nothing_is_lost_when_a_node_of_three_is_killed_during_writes(cluster: tuple[Path, str]) -> None:
    folder, url = cluster
    with an_index(url) as index:
        told: list[str] = []
        stop = threading.Event()

        def write() -> None:
            while not stop.is_set():
                names = [f"a{len(told) + n}" for n in range(BATCH)]
                try:
                    documents = [a_document(name, f"Frigate {name}", "sails " * 500) for name in names]
                    assert index.write(documents) == []
                    told.extend(names)
                except Unavailable:
                    time.sleep(0.5)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            kill_and_bring_back(folder, url, index.name, told)
        finally:
            stop.set()
            writer.join()
        assert index.known(told) == set(told)
        assert index.count() <= len(told) + BATCH  # no document twice
        assert index.search(SearchRequest(read("frigate"), limit=1)).total == index.count()


def kill_and_bring_back(folder: Path, url: str, name: str, told: list[str]) -> None:
    """Kill the node that is written on, see that writing goes on without it, and with it again."""
    until_more(told, 200)
    with connect(ElasticServer(url)) as client:
        client.cluster.health(wait_for_status="green", timeout="30s")
    killed = node_of_the_primaries(url, name)
    server = running(folder / f"node{killed}")
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    until_more(told, len(told) + 400)
    elasticsearch.start_node(folder, killed, NODES, QUICK)
    until_more(told, len(told) + 200)


def until_more(told: list[str], wanted: int) -> None:
    end = time.monotonic() + 120
    while len(told) < wanted:
        assert time.monotonic() < end, f"only {len(told)} of {wanted} were written"
        time.sleep(0.05)
