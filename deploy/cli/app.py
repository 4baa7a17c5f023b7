"""`wirewatch`: the command line. Each group of commands has its own file; this one holds what they share."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from deploy.cli import (
    alerts,
    article,
    audit,
    dead,
    doctor,
    feeds,
    kibana,
    models,
    reindex,
    rules,
    run,
    search,
    start,
    tag,
)
from deploy.cli.session import Session
from deploy.logs import configure_logs
from deploy.settings import SettingsError
from index.query import QueryError
from ingest.errors import Unavailable, WirewatchError

NOT_SO, WRONG_USE, UNREACHABLE, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="wirewatch",
    help="Watch the newswires: poll feeds, tag who did what with whom, search it all, be mailed when it happens.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 the thing asked for is not so, 2 wrong use, 3 a backend cannot be reached.",
)
for commands in (run, start, search, article, tag, feeds, rules, alerts, audit, dead, reindex, doctor, models, kibana):
    commands.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"wirewatch {version('wirewatch')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Settings file, instead of wirewatch.toml here.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and every log line.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that stand before the command."""
    configure_logs(debug)
    context.obj = Session(config, debug)


def main() -> None:
    """Run the command line; every error becomes one clear line and an exit code."""
    debug = "--debug" in sys.argv[1:]
    try:
        status = app(standalone_mode=False)
    except TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every error of use has it
        status = WRONG_USE
    except (KeyboardInterrupt, typer.Abort):
        print("Stopped.", file=sys.stderr)
        status = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone, as in `wirewatch search … | head`
        status = 0
    except Exception as error:
        if debug:
            raise
        print(f"wirewatch: {_line(error)}", file=sys.stderr)
        status = _status(error)
    sys.exit(status if isinstance(status, int) else 0)


def _status(error: Exception) -> int:
    if isinstance(error, SettingsError | QueryError):
        return WRONG_USE
    return UNREACHABLE if isinstance(error, Unavailable) else NOT_SO


def _line(error: Exception) -> str:
    if isinstance(error, WirewatchError):
        return str(error)
    return (
        f"something went wrong that should not: {type(error).__name__}: {error}. Run again with --debug and report it."
    )
