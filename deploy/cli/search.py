"""`wirewatch search QUERY`: what was said, by whom, when."""

from contextlib import closing
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape

from deploy import wiring
from deploy.cli.session import JsonOption, Session, print_json, session
from index.port import Hit, SearchRequest, SearchResults, Sort
from index.query import And, Between, parse
from ingest.clock import utc_now
from ingest.duration import parse_duration


def register(app: typer.Typer) -> None:
    app.command("search")(search_command)


def _since(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def search_command(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help="For example: event:naval_exercise AND place:Pékin. Quote it in the shell.")
    ],
    as_json: JsonOption = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many hits at most.")] = 20,
    since: Annotated[
        timedelta | None,
        typer.Option("--since", parser=_since, metavar="LENGTH", help="Only published since, e.g. 7d."),
    ] = None,
    sort: Annotated[str, typer.Option("--sort", metavar="relevance|date", help="What comes first.")] = "relevance",
) -> None:
    """Search every article taken in. The query language is in docs/query-language.md.

    JSON: {"total", "hits": [{"id", "title", "url", "published", "language", "source", "highlights", "entities",
    "events"}]}.
    """
    this = session(context)
    order: dict[str, Sort] = {"relevance": "relevance", "date": "date"}
    if sort not in order:
        raise typer.BadParameter(f"{sort!r} is not an order; write relevance or date", param_hint="--sort")
    now = utc_now()
    wanted = parse(query, wiring.open_names(), now)
    if since is not None:
        wanted = And((wanted, Between("published", now - since, None)))
    with closing(wiring.open_index(this.settings)) as index:
        results = index.search(SearchRequest(wanted, sort=order[sort], limit=limit))
    if as_json:
        print_json({"total": results.total, "hits": [hit_json(hit) for hit in results.hits]})
    else:
        show_results(this, results)


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as `--json` promises it. Matched words of a highlight stand between ** and **."""
    found = hit.document
    return {
        "id": found.id,
        "title": found.title,
        "url": found.url,
        "published": found.published.isoformat(),
        "language": found.language,
        "source": found.source,
        "highlights": [
            "".join(f"**{text}**" if match else text for text, match in fragment) for fragment in hit.highlights
        ],
        "entities": [entity.model_dump(mode="json") for entity in found.entities],
        "events": [event.model_dump(mode="json") for event in found.events],
    }


def show_results(this: Session, results: SearchResults) -> None:
    """Hits as a reader wants them: title, source, the matched words, the events."""
    for hit in results.hits:
        found = hit.document
        this.console.print(f"[bold]{escape(found.title)}[/]")
        this.console.print(
            f"  {found.published:%Y-%m-%d %H:%M} · {escape(found.source)} · {found.language} · [dim]{found.id}[/]"
        )
        for fragment in hit.highlights[:2]:
            this.console.print(
                "  " + "".join(f"[reverse]{escape(t)}[/]" if match else escape(t) for t, match in fragment)
            )
        if found.events:
            this.console.print(f"  [dim]{', '.join(sorted({event.type for event in found.events}))}[/]")
    shown = f", the first {len(results.hits)} shown" if len(results.hits) < results.total else ""
    this.messages.print(f"{results.total:,} found{shown}.")
