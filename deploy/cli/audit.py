"""`wirewatch audit`: the proof that nothing was lost."""

from contextlib import closing
from dataclasses import asdict

import typer

from deploy import wiring
from deploy.audit import audit
from deploy.cli.session import JsonOption, print_json, session

SHOWN = 20


def register(app: typer.Typer) -> None:
    app.command("audit")(audit_command)


def audit_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Account for every article fetched: indexed, duplicate, dead or pending. Exit 1 if the sum does not close.

    JSON: {"fetched", "indexed", "duplicate", "dead", "pending", "balanced"}.
    """
    this = session(context)
    with closing(wiring.open_log(this.settings)) as log, closing(wiring.open_index(this.settings)) as index:
        ledger = audit(log, index)
    sums = asdict(ledger)
    missing = sums.pop("missing")
    if as_json:
        print_json({**sums, "balanced": ledger.balanced})
    else:
        for name, count in sums.items():
            this.console.print(f"{name:<10}{count:>10,}")
        this.console.print(
            "balanced" if ledger.balanced else f"[red]NOT BALANCED[/]: {len(missing)} records unaccounted for"
        )
        for article_id in missing[:SHOWN]:
            this.console.print(f"  missing: article {article_id}")
        if missing:
            this.console.print("Run `wirewatch reindex` to rebuild the index from the log, then audit again.")
    if not ledger.balanced:
        raise typer.Exit(1)
