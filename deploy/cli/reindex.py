"""`wirewatch reindex`: rebuild the search index from the log."""

from contextlib import closing
from functools import partial

import typer
from rich.progress import Progress

from deploy import wiring
from deploy.cli.session import session
from index.indexer import reindex
from ingest.log.port import TAGGED


def register(app: typer.Typer) -> None:
    app.command("reindex")(reindex_command)


def reindex_command(context: typer.Context) -> None:
    """Build the search index anew from the log. Search goes on with the old one until the new one is whole."""
    this = session(context)
    with (
        closing(wiring.open_log(this.settings)) as log,
        closing(wiring.open_stories(this.settings)) as stories,
        closing(wiring.open_index(this.settings)) as index,
        Progress(console=this.messages, transient=True, disable=not this.messages.is_terminal) as progress,
    ):
        records = sum(partition.end - partition.first for partition in log.progress("indexer", TAGGED))
        reindex(log, index, stories, partial(progress.advance, progress.add_task("Reading the log", total=records)))
        count = index.count()
    this.messages.print(f"The index holds {count:,} articles.")
