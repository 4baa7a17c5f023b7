"""`wirewatch alerts list`: what was mailed, to whom, for which rule, on which articles."""

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from deploy import wiring
from deploy.cli.session import JsonOption, print_json, session
from index.alerts.history import AlertRow

group = typer.Typer(help="What the alert rules have mailed.", no_args_is_help=True)
COLOURS = {"sent": "green", "failed": "red", "unknown": "yellow"}


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="alerts")


@group.command("list")
def list_alerts(
    context: typer.Context,
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, newest first.")] = 50,
    rule: Annotated[str | None, typer.Option("--rule", metavar="NAME", help="Only those of this rule.")] = None,
) -> None:
    """List mails, newest first, with their state and the articles they tell of."""
    this = session(context)
    with closing(wiring.open_history(this.settings)) as history:
        rows = history.list(limit, rule)
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        this.console.print(_headline(row))
        for article in row.articles:
            late = "" if article.mailed else " [dim](joined later)[/]"
            this.console.print(f"    {escape(article.source)}: {escape(article.title)} [dim]{article.id}[/]{late}")
        if row.error:
            this.console.print(f"    [red]{escape(row.error)}[/]")
    if not rows:
        this.messages.print("Nothing was mailed yet.")


def _headline(row: AlertRow) -> str:
    to = ", ".join(each.address for each in row.to)
    state = f"[{COLOURS.get(row.state, 'default')}]{row.state}[/]"
    subject = escape(row.subject or "(not written yet)")
    return f"{row.time:%Y-%m-%d %H:%M} {state} [bold]{subject}[/] · {escape(row.rule)} · {escape(to)}"
