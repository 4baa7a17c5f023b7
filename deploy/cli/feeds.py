"""`wirewatch feeds`: which feeds are watched and how they are doing."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from deploy import wiring
from deploy.checking import Check, check_feeds
from deploy.cli.session import JsonOption, print_json, session
from deploy.opml import read_opml, write_opml
from ingest.errors import WirewatchError
from ingest.feed import Feed
from ingest.state import FeedState, FeedStore

group = typer.Typer(help="Feeds and their health.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="feeds")


@group.command("list")
def list_feeds(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the feeds of the settings file and those added by command, with their health.

    JSON: [{"url", "title", "status", "error", "last_fetched", "next_poll", "articles"}].
    """
    this = session(context)
    with closing(wiring.open_feeds(this.settings)) as store:
        rows = [(feed, store.state(feed.url)) for feed in wiring.all_feeds(this.settings, store)]
    if as_json:
        print_json([_json(feed, state) for feed, state in rows])
        return
    for feed, state in rows:
        colour = {"ok": "green", "failing": "red"}.get(state.status, "dim")
        title = state.title or feed.title or ""
        off = "" if feed.enabled else " [yellow]disabled[/]"
        this.console.print(
            f"[{colour}]{state.status:<8}[/]{state.articles:>7,}  {escape(title)} [dim]{escape(feed.url)}[/]{off}"
        )
        if state.error:
            this.console.print(f"    [red]{escape(state.error)}[/]")
    if not rows:
        this.messages.print("No feeds yet. Add one: wirewatch feeds add URL")


@group.command("add")
def add_feed(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="The feed's address.")],
    title: Annotated[str | None, typer.Option("--title", help="How to call its source.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Of its articles: fr, en, …")
    ] = None,
    interval: Annotated[str | None, typer.Option("--interval", metavar="LENGTH", help="How often, e.g. 10m.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A word of your own; may be repeated.")] = None,
) -> None:
    """Add a feed. A running `wirewatch run` notices within seconds."""
    this = session(context)
    told = {"url": url, "title": title, "language": language, "interval": interval, "tags": tuple(tag or ())}
    try:
        feed = Feed.model_validate({key: value for key, value in told.items() if value is not None})
    except ValidationError as error:
        problem = error.errors()[0]
        raise typer.BadParameter(
            problem["msg"].removeprefix("Value error, "), param_hint=str(problem["loc"][0])
        ) from None
    with closing(wiring.open_feeds(this.settings)) as store:
        _refuse_those_of_the_file(this.settings.feed, url)
        new = store.add(feed)
    this.messages.print("Added." if new else "Changed.")


@group.command("remove")
def remove_feed(context: typer.Context, url: Annotated[str, typer.Argument(help="The feed's address.")]) -> None:
    """Remove a feed that was added by command. Its articles stay."""
    this = session(context)
    _refuse_those_of_the_file(this.settings.feed, url)
    with closing(wiring.open_feeds(this.settings)) as store:
        if not store.remove(url):
            raise WirewatchError(f"There is no feed {url}. `wirewatch feeds list` shows those there are.")
    this.messages.print("Removed.")


@group.command("check")
def check(
    context: typer.Context,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]…", help="Which; all feeds if none is named.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch and read feeds now, without taking anything in. Exit 1 if one fails."""
    this = session(context)
    with closing(wiring.open_feeds(this.settings)) as store:
        feeds = _asked_for(this.settings.feed, store, urls)
    checks = list(check_feeds(feeds, wiring.open_fetcher(this.settings), this.settings.fetch.workers))
    if as_json:
        print_json([{"url": one.url, "ok": one.well, "entries": one.entries, "message": one.told} for one in checks])
    else:
        for one in checks:
            mark = "[green]ok[/]  " if one.well else "[red]FAIL[/]"
            this.console.print(f"{mark} {one.entries:>4} {escape(one.url)} [dim]{escape(one.told)}[/]")
    _fail_on(checks)


@group.command("import")
def import_opml(context: typer.Context, file: Annotated[Path, typer.Argument(help="An OPML file.")]) -> None:
    """Add the feeds of an OPML file, as feed readers export it."""
    this = session(context)
    try:
        feeds, faults = read_opml(file.read_bytes())
    except OSError as error:
        raise WirewatchError(f"Cannot read {file}: {error.strerror}.") from None
    of_file = {feed.url for feed in this.settings.feed}
    with closing(wiring.open_feeds(this.settings)) as store:
        new = sum(store.add(feed) for feed in feeds if feed.url not in of_file)
    for fault in faults:
        this.messages.print(f"[yellow]passed over[/] {escape(fault)}")
    this.messages.print(f"{new:,} feeds added, {len(feeds) - new:,} known already.")


@group.command("export")
def export_opml(context: typer.Context) -> None:
    """Print all feeds as OPML."""
    this = session(context)
    with closing(wiring.open_feeds(this.settings)) as store:
        typer.echo(write_opml(wiring.all_feeds(this.settings, store)), nl=False)


def _refuse_those_of_the_file(of_file: Sequence[Feed], url: str) -> None:
    if any(feed.url == url for feed in of_file):
        raise WirewatchError(f"The feed {url} stands in the settings file; change its [[feed]] there.")


def _asked_for(of_file: Sequence[Feed], store: FeedStore, urls: list[str] | None) -> list[Feed]:
    known = {feed.url: feed for feed in (*of_file, *store.added())}
    try:
        return [known.get(url) or Feed(url=url) for url in urls] if urls else list(known.values())
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"].removeprefix("Value error, "), param_hint="URL") from None


def _fail_on(checks: Sequence[Check]) -> None:
    if not all(one.well for one in checks):
        raise typer.Exit(1)


def _json(feed: Feed, state: FeedState) -> dict[str, object]:
    told = {"url": feed.url, "title": state.title or feed.title, "status": state.status, "error": state.error}
    times = {"last_fetched": state.last_fetched, "next_poll": state.next_poll}
    return {**told, **{key: time and time.isoformat() for key, time in times.items()}, "articles": state.articles}
