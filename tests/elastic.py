"""The real Elasticsearch that tests use. One open server serves all workers of a test run; others are a test's own."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.stack import elasticsearch
from deploy.stack.server import StackError, java_home
from index.elastic.client import ElasticServer, connect
from index.elastic.index import ElasticIndex
from index.elastic.mapping import VERSION

_JAVA = 21


def need_servers() -> None:
    """Skip the test, loudly, where there is no Java or Maven to run Elasticsearch with; under CI=true it fails."""
    try:
        java_home(_JAVA)
        if not shutil.which("mvn"):
            raise StackError("Maven (mvn) is not installed")
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"NOT RUN: no real Elasticsearch: {error}")


@contextmanager
def shared_server(run: Path) -> Iterator[str]:
    """The URL of the server of this test run, whose folder is `run`. Whoever leaves last stops it."""
    need_servers()
    with (run / "elastic.users").open("a+") as users, (run / "elastic.lock").open("a+") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        place = run / "elastic.folder"
        if not place.exists():
            place.write_text(str(server_folder()))
        folder = Path(place.read_text())
        url = elasticsearch.start(folder).url
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield url
        finally:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_UN)
            if _is_last(run):
                elasticsearch.stop(folder)
                shutil.rmtree(folder)
                place.unlink()


@contextmanager
def an_index(url: str) -> Iterator[ElasticIndex]:
    """An empty index of its own on that server, removed afterwards."""
    server, name = ElasticServer(url), f"test-{uuid4().hex[:12]}"
    index = ElasticIndex(server, name)
    try:
        yield index
    finally:
        index.close()
        with connect(server) as client:
            for each in client.indices.get_alias(index=f"{name}-*"):
                client.indices.delete(index=each)
            client.options(ignore_status=404).indices.delete_index_template(name=f"{name}-articles-v{VERSION}")


def server_folder() -> Path:
    """A new folder that any user can look into, as Elasticsearch does when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="wirewatch-elastic-"))
    folder.chmod(0o755)
    return folder


def _is_last(run: Path) -> bool:
    with (run / "elastic.users").open("a+") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
