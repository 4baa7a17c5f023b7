"""`wirewatch dead`: records that a stage could not handle, kept with the reason."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape

from deploy import wiring
from deploy.cli.session import JsonOption, print_json, session
from ingest.errors import WirewatchError
from ingest.log.port import Log
from process.deadletter import DeadLetter, read_dead, replay

group = typer.Typer(help="Dead letters: what a stage could not handle, and why.", no_args_is_help=True)
LetterId = Annotated[str, typer.Argument(metavar="ID", help="A dead letter's id, as `wirewatch dead list` prints it.")]


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="dead")


@group.command("list")
def list_dead(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the dead letters, oldest first."""
    this = session(context)
    with closing(wiring.open_log(this.settings)) as log:
        letters = sorted(read_dead(log), key=lambda one: one[1].time)
    if as_json:
        print_json([_json(name, letter) for name, letter in letters])
        return
    for name, letter in letters:
        place = f"{letter.topic}/{letter.partition}@{letter.offset}"
        this.console.print(
            f"{name:<8} {letter.time:%Y-%m-%d %H:%M} {letter.stage:<8} {place:<18} {escape(letter.error)}"
        )
    this.messages.print(f"{len(letters):,} dead letters." if letters else "No dead letters.")


@group.command("show")
def show_dead(context: typer.Context, letter_id: LetterId, as_json: JsonOption = False) -> None:
    """Show one dead letter with the original record."""
    this = session(context)
    with closing(wiring.open_log(this.settings)) as log:
        letter = _find(log, letter_id)
    value = letter.value.decode(errors="replace") if letter.value is not None else None
    if as_json:
        print_json({**_json(letter_id, letter), "value": value})
        return
    for name, told in _json(letter_id, letter).items():
        this.console.print(f"{name:<10} {escape(str(told))}")
    this.console.print(escape(value if value is not None else "(too large to be kept here)"))


@group.command("replay")
def replay_dead(
    context: typer.Context,
    letter_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Which one; see --all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Replay every dead letter.")] = False,
) -> None:
    """Put a dead letter's record back on its topic, to be handled again as new."""
    if (letter_id is None) != everything:
        raise typer.BadParameter("give one ID, or --all", param_hint="ID")
    this = session(context)
    with closing(wiring.open_log(this.settings)) as log:
        letters = [letter for _, letter in read_dead(log)] if letter_id is None else [_find(log, letter_id)]
        for letter in letters:
            replay(log, letter)
    this.messages.print(f"Put back {len(letters):,}. `wirewatch run` handles them now.")


def _find(log: Log, letter_id: str) -> DeadLetter:
    for name, letter in read_dead(log):
        if name == letter_id:
            return letter
    raise WirewatchError(f"There is no dead letter {letter_id}. `wirewatch dead list` prints the ids there are.")


def _json(name: str, letter: DeadLetter) -> dict[str, object]:
    told = {key: getattr(letter, key) for key in ("stage", "error", "attempts", "topic", "partition", "offset", "key")}
    return {"id": name, "time": letter.time.isoformat(), **told}
