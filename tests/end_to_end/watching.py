"""Stages that are started one by one, and the ports on which they tell how they do."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

from deploy.stack.server import free_port
from tests.end_to_end.desk import Desk, ask_to_stop, until

STAGES = ("poller", "tagger", "indexer", "alerter", "mailer", "web")


@dataclass
class Started:
    """A stage that runs."""

    name: str
    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str) -> tuple[int, str]:
        """Status and text of what it says; status 0 while it does not listen."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    @property
    def ready(self) -> bool:
        """Whether it says that it is ready. Its process must live."""
        assert self.process.poll() is None, f"{self.name} has ended with {self.process.returncode}"
        return self.ask("/ready")[0] == 200

    def figure(self, name: str) -> float:
        """One of its metrics, by its name with labels."""
        lines = (line.rpartition(" ") for line in self.ask("/metrics")[1].splitlines())
        return next((float(value) for each, _, value in lines if each == name), 0.0)

    def stop(self) -> None:
        """Ask it to stop, and see that it ends well."""
        assert ask_to_stop(self.process) == 0, f"{self.name} ended with {self.process.returncode}"


def start(desk: Desk, name: str, *options: str) -> Started:
    """Start a stage of that desk."""
    port = free_port()
    return Started(name, desk.start("start", name, "--metrics", f"127.0.0.1:{port}", *options), port)


@contextmanager
def started(desk: Desk, names: Sequence[str] = STAGES) -> Iterator[dict[str, Started]]:
    """Those stages, ready, while the block runs. What the block leaves running is killed."""
    stages = {name: start(desk, name) for name in names}
    try:
        for stage in stages.values():
            until(lambda stage=stage: stage.ready, 120)  # type: ignore[misc]
        yield stages
    finally:
        for stage in stages.values():
            stage.process.kill()
            stage.process.wait()
