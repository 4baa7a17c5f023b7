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
    """The server of that folder, which all processes of the run name alike. The first starts it, the last stops it.

    A process that is killed counts no longer: its locks go with it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "door").open("w") as door, (folder / "users").open("w") as users:
        fcntl.flock(door, fcntl.LOCK_EX)
        server = running(folder) or required(lambda: start(folder))
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield server
        finally:
            fcntl.flock(door, fcntl.LOCK_EX)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # others are at work
            else:
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
