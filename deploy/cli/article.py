"""`wirewatch article ID`: one article, its tags and its way through the pipeline."""

from contextlib import closing
from typing import Annotated

import typer
from rich.markup import escape

from deploy import wiring
from deploy.cli.session import JsonOption, Session, print_json, session
from index.document import Document
from ingest.errors import WirewatchError


def register(app: typer.Typer) -> None:
    app.command("article")(article_command)


def article_command(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An article's id, as `wirewatch search` prints it.")],
    as_json: JsonOption = False,
) -> None:
    """Show one article with its tags, their evidence, and when each stage had it."""
    this = session(context)
    with closing(wiring.open_index(this.settings)) as index:
        document = index.get(article_id)
    if document is None:
        raise WirewatchError(
            f"There is no article {article_id} in the index. `wirewatch search` prints the ids there are."
        )
    if as_json:
        print_json(document.model_dump(mode="json"))
    else:
        _show(this, document)


def _show(this: Session, document: Document) -> None:
    out = this.console
    out.print(f"[bold]{escape(document.title)}[/]")
    out.print(f"{escape(document.source)} · {document.language} · {escape(document.url or 'no link')}")
    for stage in ("published", "fetched", "tagged", "indexed"):
        out.print(f"{stage:<10} {getattr(document, stage):%Y-%m-%d %H:%M:%S} UTC")
    out.print(f"{'story':<10} {document.story}\n\n{escape(document.text)}\n")
    for event in document.events:
        where = f" · {event.place}" if event.place else ""
        when = f" · {event.date}" if event.date else ""
        out.print(
            f"[bold]{event.type}[/] {event.status} · {escape(', '.join(event.actors) or '?')}{escape(where)}{when}"
        )
        out.print(f"  “{escape(event.sentence)}”  [dim]{escape(event.rule)}[/]")
    for entity in document.entities:
        out.print(f"{entity.label:<7} {escape(entity.name)}  [dim]{escape(entity.text)} · {escape(entity.rule)}[/]")
