"""`python -m deploy.stack up|down|status`: a real Kafka and a real Elasticsearch on this machine, to try and to test.

Standard output has the settings to paste into a shell, one a line; all else goes to standard error.
"""

import sys

from deploy.stack import kafka
from deploy.stack.server import Server, StackError, cache_folder


def up() -> None:
    """Start what does not run yet, and print the settings."""
    folder = cache_folder() / "kafka"
    print("Kafka: fetching and starting …", file=sys.stderr)
    _tell(kafka.running(folder) or kafka.start(folder))
    print(f"Running until `make stack-down`; data and logs are in {cache_folder()}", file=sys.stderr)


def down() -> None:
    """Stop what runs. Its data stays."""
    stopped = kafka.stop(cache_folder() / "kafka")
    print("Kafka: stopped" if stopped else "Kafka: was not running", file=sys.stderr)


def status() -> None:
    """Print the settings of what runs."""
    server = kafka.running(cache_folder() / "kafka")
    if server:
        _tell(server)
    else:
        print("Kafka: not running; start it with `make stack`", file=sys.stderr)


def _tell(server: Server) -> None:
    print(f"WIREWATCH_LOG__URL={server.url}", flush=True)


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
