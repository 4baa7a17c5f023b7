"""`wirewatch tag`: articles in, tagged articles out, as JSON lines. No log, no index."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from deploy.cli.session import session
from ingest.errors import WirewatchError

Line = tuple[str, dict[str, Any]]


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

    Prints one JSON object a line: "id", "language", "entities", "events".
    """
    this = session(context)
    lines = list(_read(files or []))
    from process.tagger import Tagger  # spaCy takes a second to load, and only tagging needs it

    tagger = Tagger.load()
    quiet = not this.messages.is_terminal or len(lines) < 100
    bad = 0
    for where, line in track(lines, description="Tagging", console=this.messages, disable=quiet, transient=True):
        try:
            tagged = tagger.tag_text(**_fields(line))
        except (ValueError, KeyError, TypeError) as error:
            print(f"wirewatch: {where}: {_reason(error)}", file=sys.stderr)
            bad += 1
            continue
        told = tagged.model_dump(mode="json", include={"language", "entities", "events"})
        if not explain:
            for tag in (*told["entities"], *told["events"]):
                tag.pop("rule", None)
        typer.echo(json.dumps({"id": line["id"], **told}, ensure_ascii=False))
    if bad:
        raise WirewatchError(f"{bad} of {len(lines)} lines could not be tagged; see above")


def _read(files: list[Path]) -> Iterator[Line]:
    """Each line with its place. Raises WirewatchError naming file and line for what is not JSON."""
    for name, text in [(str(path), _text(path)) for path in files] or [("standard input", sys.stdin.read())]:
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                try:
                    yield f"{name}:{number}", dict(json.loads(line))
                except (ValueError, TypeError) as error:
                    raise WirewatchError(f"{name}:{number}: not a JSON object: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WirewatchError(f"Cannot read {path}: {error}") from None


def _fields(line: dict[str, Any]) -> dict[str, Any]:
    wanted = ("id", "title", "text", "published", "language", "url")
    return {key: line[key] for key in wanted if key in ("id", "title", "text") or line.get(key) is not None}


def _reason(error: Exception) -> str:
    return f"lacks {error}" if isinstance(error, KeyError) else str(error).splitlines()[0]
