"""`wirewatch rules`: alert rules, which are saved searches."""

from contextlib import closing
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from deploy import wiring
from deploy.cli.search import hit_json, show_results
from deploy.cli.session import JsonOption, print_json, session
from index.alerts.rule import Rule
from index.port import SearchRequest
from index.query import parse
from ingest.clock import utc_now

group = typer.Typer(help="Alert rules: searches that mail you when they find something new.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="rules")


@group.command("list")
def list_rules(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the rules of the settings file and those added by command."""
    this = session(context)
    with closing(wiring.open_rules(this.settings)) as store:
        rules = [(rule, "file" if store.in_file(rule.name) else "command") for rule in store.rules()]
    if as_json:
        print_json([{**rule.model_dump(mode="json"), "from": origin} for rule, origin in rules])
        return
    for rule, origin in rules:
        to = ", ".join(rule.to) or "the default recipient"
        off = "" if rule.enabled else " [yellow]disabled[/]"
        this.console.print(f"[bold]{escape(rule.name)}[/]{off} [dim]({origin})[/]\n    {escape(rule.query)}")
        this.console.print(f"    to {escape(to)} · every {rule.every} · one mail per {rule.group}")
    if not rules:
        this.messages.print("No rules yet. Add one: wirewatch rules add NAME QUERY")


@group.command("add")
def add_rule(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it; it stands in every mail.")],
    query: Annotated[str, typer.Argument(help="The search. Try it first with `wirewatch rules test QUERY`.")],
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="Whom to mail; may be repeated.")
    ] = None,
    every: Annotated[str, typer.Option("--every", help='"now", or a digest: "1h", "1d 07:00".')] = "now",
    per: Annotated[str, typer.Option("--group", metavar="event|story|article", help="What is mailed once.")] = "event",
) -> None:
    """Add a rule. It alerts on articles that come in from now on."""
    this = session(context)
    parse(query, wiring.open_names(), utc_now())
    try:
        rule = Rule.model_validate({"name": name, "query": query, "to": tuple(to or ()), "every": every, "group": per})
    except ValidationError as error:
        problem = error.errors()[0]
        raise typer.BadParameter(
            problem["msg"].removeprefix("Value error, "), param_hint=str(problem["loc"][0])
        ) from None
    with closing(wiring.open_rules(this.settings)) as store:
        store.add(rule)
    this.messages.print(f"Added. Mails go to {', '.join(rule.to or this.settings.mail.to)}.")


@group.command("remove")
def remove_rule(context: typer.Context, name: Annotated[str, typer.Argument(help="The rule's name.")]) -> None:
    """Remove a rule that was added by command."""
    this = session(context)
    with closing(wiring.open_rules(this.settings)) as store:
        store.remove(name)
    this.messages.print("Removed.")


@group.command("test")
def test_rule(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="A rule's name, or a query.")],
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 20,
) -> None:
    """Show what a rule or query would have matched among the articles taken in so far."""
    this = session(context)
    with closing(wiring.open_rules(this.settings)) as store:
        named = {rule.name: rule.query for rule in store.rules()}
    wanted = parse(named.get(query, query), wiring.open_names(), utc_now())
    with closing(wiring.open_index(this.settings)) as index:
        results = index.search(SearchRequest(wanted, sort="date", limit=limit))
    if as_json:
        print_json({"total": results.total, "hits": [hit_json(hit) for hit in results.hits]})
    else:
        show_results(this, results)
