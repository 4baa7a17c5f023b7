"""The real Elasticsearch that tests use. One open server serves all workers of a test run; others are a test's own."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.stack import elasticsearch
from deploy.stack.elasticsearch import Security, start
from deploy.stack.server import Server
from index.elastic.client import ElasticServer, connect
from index.elastic.index import ElasticIndex
from index.elastic.mapping import VERSION
from tests.servers import common_folder, required, shared

QUICK = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1"
"""Options of Java for a server that lives a minute: it starts in half the time, since code is compiled simply."""


@pytest.fixture(scope="session")
def elastic_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Elasticsearch. Each test takes a name of its own for its indices (see `an_index`)."""
    # Not in the temporary folder itself, which another user, as Elasticsearch runs when we are root, cannot look into.
    run = hashlib.sha256(bytes(common_folder(tmp_path_factory))).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"wirewatch-elastic-{run}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    with shared(folder, _start, _running, _stop) as server:
        yield server.url


@contextmanager
def own_server(
    nodes: int = 1, security: Security | None = None, options: Sequence[str] = ()
) -> Iterator[tuple[Path, str]]:
    """Folder and URL of a server for one test alone."""
    folder = server_folder()
    try:
        yield folder, required(lambda: start(folder, nodes=nodes, java=QUICK, security=security, options=options)).url
    finally:
        elasticsearch.stop(folder)
        shutil.rmtree(folder)


@contextmanager
def a_name(url: str) -> Iterator[str]:
    """A name for indices of one's own on that server; what begins with it is removed afterwards."""
    name = f"test-{uuid4().hex[:12]}"
    try:
        yield name
    finally:
        with connect(ElasticServer(url)) as client:
            if made := list(client.indices.get_alias(index=f"{name}-*")):
                client.indices.delete(index=made)
            client.options(ignore_status=404).indices.delete_index_template(name=f"{name}-articles-v{VERSION}")


@contextmanager
def an_index(url: str) -> Iterator[ElasticIndex]:
    """An empty index of its own on that server, removed afterwards."""
    with a_name(url) as name, closing(ElasticIndex(ElasticServer(url), name)) as index:
        yield index


def server_folder() -> Path:
    """A new folder that any user can look into, as Elasticsearch does when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="wirewatch-elastic-"))
    folder.chmod(0o755)
    return folder


def _start(folder: Path) -> Server:
    return start(folder / "server", java=QUICK)


def _running(folder: Path) -> Server | None:
    return elasticsearch.running(folder / "server")


def _stop(folder: Path) -> None:
    elasticsearch.stop(folder / "server")
    shutil.rmtree(folder / "server")
