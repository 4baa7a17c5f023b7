"""`wirewatch reindex`: rebuild the search index from the log."""

import typer
from rich.progress import Progress

from deploy import wiring
from deploy.cli.session import session


def register(app: typer.Typer) -> None:
    app.command("reindex")(reindex_command)


def reindex_command(context: typer.Context) -> None:
    """Build the search index anew from the log. Search goes on with the old one until the new one is whole."""
    this = session(context)
    with Progress(console=this.messages, transient=True) as progress:
        task = progress.add_task("Reading the log", total=None)
        count = wiring.reindex(this.settings, on_article=lambda: progress.advance(task))
    this.messages.print(f"The index holds {count:,} articles.")
