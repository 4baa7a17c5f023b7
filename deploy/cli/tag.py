"""`wirewatch tag`: articles in, tagged articles out, as JSON lines. No log, no index."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import AfterValidator, BaseModel, ValidationError
from rich.progress import track

from deploy.cli.session import session
from ingest.errors import WirewatchError

Line = tuple[str, str]
"""Where it stands, and what it says."""


def register(app: typer.Typer) -> None:
    app.command("tag")(tag_command)


def tag_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="JSONL files; standard input if none.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say which rule or entry made each tag.")] = False,
) -> None:
    """Tag articles. One JSON object a line: "id", "title", "text", optional "published", "language", "url".

    Prints one JSON object a line: "id", "language", "entities", "events". Without "published", a day such as "on
    Friday" is counted from today.
    """
    messages = session(context).messages
    lines: Iterable[Line] = _lines_of(sys.stdin, "standard input")
    if files:
        read = [line for file in files for line in _read(file)]
        quiet = not messages.is_terminal or len(read) < 100
        lines = track(read, description="Tagging", console=messages, disable=quiet, transient=True)
    from process.tagger import Tagger  # it takes a second to load, and only tagging needs it

    tagger = Tagger.load()
    total = bad = 0
    for where, line in lines:
        total += 1
        try:
            story = _Story.model_validate_json(line)
        except ValidationError as error:
            print(f"wirewatch: {where}: {_reason(error)}", file=sys.stderr)
            bad += 1
            continue
        tagged = tagger.tag_text(**dict(story))
        told = tagged.model_dump(mode="json", include={"language", "entities", "events"})
        if not explain:
            for tag in (*told["entities"], *told["events"]):
                tag.pop("rule", None)
        typer.echo(json.dumps({"id": story.id, **told}, ensure_ascii=False))
    if bad:
        raise WirewatchError(f"{bad} of {total} lines could not be tagged; see above")


def _utc(moment: datetime | None) -> datetime | None:
    """A time without a zone is UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


class _Story(BaseModel):
    """One line of input. `published` is an ISO 8601 day or time."""

    id: str
    title: str
    text: str
    published: Annotated[datetime | None, AfterValidator(_utc)] = None
    language: str | None = None
    url: str | None = None


def _read(file: Path) -> Iterator[Line]:
    """The lines of a file. Raises WirewatchError for one that cannot be read."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            yield from _lines_of(lines, str(file))
    except (OSError, UnicodeDecodeError) as error:
        raise WirewatchError(f"Cannot read {file}: {error}") from None


def _lines_of(lines: Iterable[str], name: str) -> Iterator[Line]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{name}:{number}", line


def _reason(error: ValidationError) -> str:
    """What is wrong with a line, in a few words."""
    first = error.errors()[0]
    if not first["loc"]:
        return f"not a JSON object: {first['msg']}"
    key = first["loc"][0]
    return f"lacks '{key}'" if first["type"] == "missing" else f"'{key}': {first['msg']}"
