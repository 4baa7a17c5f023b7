"""Real servers for the tests: started once for all workers of a run, stopped when the last of them is done."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.stack import kafka
from deploy.stack.server import Server, StackError


@contextmanager
def shared(
    folder: Path,
    start: Callable[[Path], Server],
    running: Callable[[Path], Server | None],
    stop: Callable[[Path], object],
) -> Iterator[Server]:
    """The server of that folder, which all processes of the run name alike. The first starts it, the last stops it."""
    folder.mkdir(parents=True, exist_ok=True)
    with _users(folder, +1):
        server = running(folder) or required(lambda: start(folder))
    try:
        yield server
    finally:
        with _users(folder, -1) as users:
            if not users:
                stop(folder)


def required(start: Callable[[], Server]) -> Server:
    """The started server. Where it cannot be had, the test is NOT RUN; under CI=true it fails."""
    try:
        return start()
    except StackError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"NOT RUN: {error}")


def common_folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that the workers of this run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def kafka_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Kafka. Each test takes a name of its own for its topics."""
    with shared(common_folder(tmp_path_factory) / "kafka", kafka.start, kafka.running, kafka.stop) as server:
        yield server.url


@contextmanager
def _users(folder: Path, change: int) -> Iterator[int]:
    """Count the users of a server while no other process does."""
    with (folder / "users").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = int(file.read() or 0) + change
        file.truncate(0)
        file.write(str(users))
        file.flush()
        yield users
