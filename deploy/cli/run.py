"""`wirewatch run`: the whole pipeline and the web pages with one command."""

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from deploy import wiring
from deploy.cli.session import Session, session
from deploy.sample.edition import RULES, sample_feeds
from deploy.settings import Settings
from deploy.starter.starter import starter_feeds
from deploy.threads import share_arenas, take_short_turns
from index.query import QueryError, parse
from ingest.clock import utc_now

if TYPE_CHECKING:
    from deploy.running import Summary


def register(app: typer.Typer) -> None:
    app.command("run")(run_command)


def run_command(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Poll every feed once, finish every stage, print a summary.")
    ] = False,
    starter: Annotated[bool, typer.Option("--starter", help="Also watch the starter set of public feeds.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Also serve and watch the bundled sample edition.")] = False,
) -> None:
    """Poll, tag, index, alert and serve the pages, until Ctrl-C."""
    from deploy.running import run_forever, run_once  # loads the web server, which no other command needs
    from deploy.serving import serving

    share_arenas()
    take_short_turns()
    this = session(context)
    settings = with_extras(this.settings, starter=starter, sample=sample)
    pipeline = wiring.Pipeline(settings, sample=sample)
    try:
        _warn_of_rules(this, settings)
        if once:
            with serving(pipeline.app, settings.web) if sample else nullcontext():
                done = run_once(pipeline, this.messages)
            _show(this, done)
        else:
            _greet(this, settings)
            late = run_forever(pipeline, settings, this.messages.print)
            this.messages.print("Stopped. What was taken in is safe; the rest is taken in next time.")
            if late:
                os._exit(0)  # a slow server holds a thread; what it was asked for is asked for again
    finally:
        pipeline.close()


def with_extras(settings: Settings, *, starter: bool, sample: bool) -> Settings:
    """The settings with the starter feeds and the sample edition's feeds and rules added."""
    base = f"http://{settings.web.listen}"
    feeds = (*settings.feed, *(starter_feeds() if starter else ()), *(sample_feeds(base) if sample else ()))
    rules = (*settings.rule, *(RULES if sample else ()))
    loopback = (
        Settings.model_validate({"fetch": {"allow_private": ["127.0.0.1/32"]}}).fetch.allow_private if sample else ()
    )
    fetch = settings.fetch.model_copy(update={"allow_private": (*settings.fetch.allow_private, *loopback)})
    return settings.model_copy(update={"feed": feeds, "rule": rules, "fetch": fetch})


def _warn_of_rules(this: Session, settings: Settings) -> None:
    """Name the rules of the settings that cannot be read. The others work all the same."""
    for rule in settings.rule:
        try:
            parse(rule.query, wiring.open_names(), utc_now())
        except QueryError as error:
            this.messages.print(f"[yellow]rule {escape(repr(rule.name))} is passed over[/]: {escape(str(error))}")


def _greet(this: Session, settings: Settings) -> None:
    out = this.messages
    out.print(f"[bold]Wirewatch[/] watches {len(settings.feed)} feeds of the settings and those added by command.")
    out.print(f"  pages   {settings.web.base_url}")
    out.print(f"  mails   {escape(mail_place(settings))}")
    out.print(f"  data    {settings.data}")
    out.print("Ctrl-C stops it.")


def mail_place(settings: Settings) -> str:
    """Where mails go, without any password."""
    kind, _, rest = settings.mail.url.partition(":")
    return f"{settings.data / 'mail'} (a Maildir)" if kind == "maildir" else f"{kind}:{rest.rpartition('@')[2]}"


def _show(this: Session, done: "Summary") -> None:
    out = this.console
    out.print(f"feeds     {done.feeds:>7,}   of which failed {done.failed:,}")
    out.print(f"articles  {done.articles:>7,}   new or changed")
    out.print(f"indexed   {done.indexed:>7,}")
    out.print(f"mails     {done.mails:>7,}   {escape(mail_place(this.settings))}")
    for url, error in done.failures:
        reason = error.removeprefix(f"{url}: ")
        this.messages.print(f"[yellow]{escape(url)}[/]: {escape(reason)}", soft_wrap=True)
