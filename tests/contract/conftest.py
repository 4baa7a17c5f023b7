"""The backends of each port. A contract test runs on every one."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import Log
from ingest.log.sqlite import SqliteLog
from tests.elastic import elastic_url
from tests.servers import kafka_url

__all__ = ["elastic_url", "kafka_url"]


class LogFactory(Protocol):
    """Opens the log, the same one at each call; `max_record` in bytes."""

    def __call__(self, max_record: int = ...) -> Log: ...


def _sqlite(request: pytest.FixtureRequest) -> LogFactory:
    folder: Path = request.getfixturevalue("tmp_path")

    def opened(max_record: int = 2**20) -> Log:
        return SqliteLog(folder / "log.sqlite", max_record=max_record)

    return opened


def _kafka(request: pytest.FixtureRequest) -> LogFactory:
    address = KafkaAddress.parse(request.getfixturevalue("kafka_url"))
    name = f"test-{uuid.uuid4().hex}"

    def opened(max_record: int = 2**20) -> Log:
        return KafkaLog(address, name, max_record=max_record, lease=timedelta(seconds=6))

    return opened


_LOGS: dict[str, Callable[[pytest.FixtureRequest], LogFactory]] = {"kafka": _kafka, "sqlite": _sqlite}


@pytest.fixture(params=sorted(_LOGS))
def log_factory(request: pytest.FixtureRequest) -> Iterator[LogFactory]:
    """A factory whose logs are closed when the test ends."""
    open_log = _LOGS[request.param](request)
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
