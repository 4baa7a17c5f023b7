"""`wirewatch doctor`: check every backend and setting by using it."""

import typer
from rich.markup import escape

from deploy.cli.session import JsonOption, print_json, session
from deploy.doctor import examine


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor_command)


def doctor_command(context: typer.Context, as_json: JsonOption = False) -> None:
    """Check every backend and setting by using it, and say what to do. Exit 3 if one cannot be used."""
    this = session(context)
    findings = []
    for finding in examine(this.settings):
        findings.append(finding)
        if not as_json:
            mark = "[green]ok[/]  " if finding.well else "[red]FAIL[/]"
            this.console.print(f"{mark} {finding.part:<8} {escape(finding.told)}")
    if as_json:
        print_json([{"part": one.part, "ok": one.well, "message": one.told} for one in findings])
    if not all(finding.well for finding in findings):
        raise typer.Exit(3)
