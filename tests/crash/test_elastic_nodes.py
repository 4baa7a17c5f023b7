"""A node of three is killed while articles are indexed: none is lost, and indexing goes on."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from deploy.stack import elasticsearch
from deploy.stack.server import running
from index.elastic.client import ElasticServer, connect
from tests.crash.elastic_desk import ElasticDesk
from tests.elastic import QUICK, an_index, own_server

NODES = 3
BATCH = 20


@pytest.fixture
def cluster() -> Iterator[tuple[Path, str]]:
    """Folder and URL of three nodes."""
    with own_server(NODES) as server:
        yield server


def test_nothing_is_lost_when_a_node_of_three_is_killed_during_writes(
    cluster: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = cluster
    with an_index(url) as index, closing(ElasticDesk(tmp_path, index)) as desk:
        names: list[str] = []
        stop = threading.Event()

        def report() -> None:
            while not stop.wait(0.05):
                batch = [f"a{len(names) + number}" for number in range(BATCH)]
                desk.take_in(*batch)
                names.extend(batch)

        wire = threading.Thread(target=report)
        with desk:
            wire.start()
            try:
                kill_and_bring_back(folder, url, desk)
            finally:
                stop.set()
                wire.join()
            until(lambda: desk.committed == len(names))
        ledger = desk.ledger()
        assert ledger.balanced, ledger
        assert (ledger.indexed, index.count()) == (len(names), len(names))


def kill_and_bring_back(folder: Path, url: str, desk: ElasticDesk) -> None:
    """Kill the node that is written on, see that indexing goes on without it, and with it again."""
    until_more(desk, 100)
    with connect(ElasticServer(url)) as client:
        client.cluster.health(wait_for_status="green", timeout="30s")
    killed = node_of_the_primary(url, desk.index.name)
    server = running(folder / f"node{killed}")
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    until_more(desk, 300)
    elasticsearch.start_node(folder, killed, NODES, QUICK)
    until_more(desk, 100)


def node_of_the_primary(url: str, name: str) -> int:
    """The number of the node that the index is written on."""
    with connect(ElasticServer(url)) as client:
        shards = client.cat.shards(index=f"{name}-articles*", format="json")
    places = [shard["node"] for shard in shards if shard["prirep"] == "p"]  # type: ignore[index]
    return int(max(set(places), key=places.count).removeprefix("node"))


def until_more(desk: ElasticDesk, more: int) -> None:
    wanted = desk.committed + more
    until(lambda: desk.committed >= wanted)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)
