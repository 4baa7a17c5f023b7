"""`wirewatch start`: one stage as a process of its own."""

import logging
from enum import StrEnum
from typing import Annotated

import typer
from pydantic import ValidationError

from deploy.cli.session import session
from deploy.logs import Form, configure_logs
from deploy.settings import MetricsSettings
from deploy.threads import share_arenas, take_short_turns

StageName = StrEnum("StageName", ["poller", "tagger", "indexer", "alerter", "mailer", "web"])


def register(app: typer.Typer) -> None:
    app.command("start")(start)


def start(
    context: typer.Context,
    stage: Annotated[StageName, typer.Argument(help="Which stage.", show_default=False)],
    shard: Annotated[
        str | None, typer.Option("--shard", metavar="I/N", help="poller: watch only the I-th of N parts of the feeds.")
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option("--metrics", metavar="HOST:PORT", help="Answer /metrics, /live and /ready here."),
    ] = None,
    log: Annotated[
        Form | None, typer.Option("--log", help="How log lines are written; text on a terminal, else JSON.")
    ] = None,
) -> None:
    """Run one stage as a process of its own, until Ctrl-C or SIGTERM.

    [bold]poller[/]    fetches feeds and appends their articles to the log; share the feeds out with --shard

    [bold]tagger[/]    finds language, names and events; run as many as you have cores

    [bold]indexer[/]   makes tagged articles searchable; one, or several on Elasticsearch

    [bold]alerter[/]   holds tagged articles against the rules and fills the outbox; in one data folder only

    [bold]mailer[/]    sends what is in the outbox; in the alerter's data folder

    [bold]web[/]       serves the pages, as often as wanted

    All of them share the log and the search index of the settings. A stage that is stopped or killed loses nothing:
    what it had not finished is done by another copy, or at the next start. A stage may start before its servers do.
    """
    from deploy.stages import run_stage  # takes a while to load

    this = session(context)
    configure_logs(this.debug, logging.INFO, log)
    share_arenas()
    take_short_turns()
    settings = this.settings
    if metrics is not None:
        settings = settings.model_copy(update={"metrics": _metrics(metrics)})
    run_stage(stage.value, settings, _shard(shard, stage))


def _metrics(listen: str) -> MetricsSettings:
    """Where to be watched. Raises typer.BadParameter."""
    try:
        return MetricsSettings(listen=listen)
    except ValidationError:
        raise typer.BadParameter(
            f"{listen!r} is not HOST:PORT, such as 127.0.0.1:9464", param_hint="--metrics"
        ) from None


def _shard(text: str | None, stage: StageName) -> tuple[int, int]:
    """The shard that was asked for. Raises typer.BadParameter."""
    if text is None:
        return 1, 1
    if stage.value != "poller":
        raise typer.BadParameter("only the poller has shards; start more copies of the others", param_hint="--shard")
    part, _, parts = text.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise typer.BadParameter(
            f"{text!r} is not a shard; write 1/4 for the first of four parts", param_hint="--shard"
        )
    return int(part), int(parts)
