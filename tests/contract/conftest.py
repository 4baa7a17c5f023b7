"""The backends of each port. A contract test runs on every one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from ingest.log.port import Log
from ingest.log.sqlite import SqliteLog


class LogFactory(Protocol):
    """Opens the log, the same one at each call; `max_record` in bytes."""

    def __call__(self, max_record: int = ...) -> Log: ...


def _sqlite(folder: Path) -> LogFactory:
    def opened(max_record: int = 2**20) -> Log:
        return SqliteLog(folder / "log.sqlite", max_record=max_record)

    return opened


_LOGS: dict[str, Callable[[Path], LogFactory]] = {"sqlite": _sqlite}


@pytest.fixture(params=sorted(_LOGS))
def log_factory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LogFactory]:
    """A factory whose logs are closed when the test ends."""
    open_log = _LOGS[request.param](tmp_path)
    logs: list[Log] = []

    def opened(max_record: int = 2**20) -> Log:
        logs.append(open_log(max_record=max_record))
        return logs[-1]

    yield opened
    for log in logs:
        log.close()


@pytest.fixture
def log(log_factory: LogFactory) -> Log:
    """One log, empty."""
    return log_factory()
