"""`python -m deploy.stack up|down|status`: a real Kafka and a real Elasticsearch on this machine, to try and to test.

Standard output has the settings to paste into a shell, one a line; all else goes to standard error.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.stack import elasticsearch, kafka
from deploy.stack.server import Server, StackError, cache_folder


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two servers: its name, the setting it serves, and how it is handled."""

    name: str
    setting: str
    start: Callable[[Path], Server]
    running: Callable[[Path], Server | None]
    stop: Callable[[Path], bool]

    @property
    def folder(self) -> Path:
        return cache_folder() / self.name.lower()


_KINDS = (
    _Kind("Kafka", "WIREWATCH_LOG__URL", kafka.start, kafka.running, kafka.stop),
    _Kind("Elasticsearch", "WIREWATCH_SEARCH__URL", elasticsearch.start, elasticsearch.running, elasticsearch.stop),
)


def up() -> None:
    """Start what does not run yet, and print the settings once both answer."""
    servers: list[tuple[_Kind, Server]] = []
    for kind in _KINDS:
        print(f"{kind.name}: fetching and starting …", file=sys.stderr)
        servers.append((kind, kind.running(kind.folder) or kind.start(kind.folder)))
    for kind, server in servers:
        _tell(kind, server)
    print(f"Running until `make stack-down`; data and logs are in {cache_folder()}", file=sys.stderr)


def down() -> None:
    """Stop what runs. Its data stays."""
    for kind in _KINDS:
        stopped = kind.stop(kind.folder)
        print(f"{kind.name}: {'stopped' if stopped else 'was not running'}", file=sys.stderr)


def status() -> None:
    """Print the settings of what runs."""
    for kind in _KINDS:
        if server := kind.running(kind.folder):
            _tell(kind, server)
        else:
            print(f"{kind.name}: not running; start it with `make stack`", file=sys.stderr)


def _tell(kind: _Kind, server: Server) -> None:
    print(f"{kind.setting}={server.url}", flush=True)


def main(arguments: list[str]) -> int:
    """The exit code: 0 done, 2 wrong use, 3 a server could not be had."""
    commands = {"up": up, "down": down, "status": status}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        commands[arguments[0]]()
    except StackError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
