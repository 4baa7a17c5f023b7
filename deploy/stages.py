"""One stage of the pipeline as a process of its own, `wirewatch start`: opened, run until it is asked to stop, watched.

Nothing here waits for a backend before it begins: a stage that starts before its servers waits for them, not ready.
"""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

import structlog

from deploy import wiring
from deploy.jobs import Job, run_jobs, stopping
from deploy.metrics import MeasuredWriter
from deploy.monitor import Monitor, watched
from deploy.retention import keep_trimmed
from deploy.settings import Settings
from deploy.wiring import Closes
from index.indexer import Indexer
from ingest.log.port import ARTICLES, TAGGED, Log
from process.consumer import Handler, consume
from process.patience import Patience, StoppedError

log_event = structlog.get_logger(__name__)

_WEB_BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What a process does for one stage, by name. `probe` uses what the stage needs, and raises what is wrong."""

    jobs: Mapping[str, Job]
    probe: Callable[[], object]


def run_stage(name: str, settings: Settings, shard: tuple[int, int] = (1, 1)) -> None:
    """Run one stage until Ctrl-C or SIGTERM; what it holds is then finished or handed back. `shard` is the poller's.

    Raises WirewatchError when its port is taken, or when it ended for a fault of its own.
    """
    stop = threading.Event()
    monitor = Monitor([name])
    with stopping(stop), ExitStack() as parts:
        stage = _OPENERS[name](_Start(settings, monitor, parts, shard))
        with watched(monitor, settings.metrics.listen, {name: stage.probe}):
            log_event.info("started", stage=name)
            late = run_jobs(stage.jobs, stop)
            log_event.info("stopped", stage=name, late=list(late))
            if late:
                os._exit(0)  # a slow server holds a thread; what it was asked for is asked for again


@dataclass(frozen=True, slots=True)
class _Start:
    """What a stage is opened with. `parts` closes what was opened."""

    settings: Settings
    monitor: Monitor
    parts: ExitStack
    shard: tuple[int, int]

    def opened(self, part: Closes) -> Closes:
        """The part, closed when the process ends."""
        return self.parts.enter_context(closing(part))


def consuming(log: Log, handler: Handler, topic: str, monitor: Monitor) -> Stage:
    """A stage that consumes the log."""
    return Stage(
        {handler.name: lambda stop: consume(log, handler, topic, stop, monitor)},
        lambda: monitor.metrics.lagging(handler.name, topic, log.progress(handler.name, topic)),
    )


def _poller(start: _Start) -> Stage:
    log = start.opened(wiring.open_log(start.settings))
    store = start.opened(wiring.open_feeds(start.settings))
    poller = wiring.open_poller(start.settings, log, store, start.shard)
    jobs: dict[str, Job] = {
        "poller": lambda stop: poller.run(stop, start.monitor),
        "retention": lambda stop: keep_trimmed(log, start.settings.log.retention, stop),
    }
    return Stage(jobs, lambda: log.progress("tagger", ARTICLES))


def _tagger(start: _Start) -> Stage:
    log = start.opened(wiring.open_log(start.settings))
    return consuming(log, wiring.open_tagger(), ARTICLES, start.monitor)


def _indexer(start: _Start) -> Stage:
    log = start.opened(wiring.open_log(start.settings))
    index = start.opened(wiring.open_index(start.settings))
    stories = start.opened(wiring.open_stories(start.settings))
    stage = consuming(log, Indexer(MeasuredWriter(index, start.monitor.metrics), stories), TAGGED, start.monitor)

    def work(stop: threading.Event) -> None:
        """Joins the group only when it may write: a second indexer on one embedded index would hold up partitions."""
        try:
            Patience(stop, lambda: None).persist(lambda: index.write(()), lambda e: start.monitor.failed("indexer", e))
        except StoppedError:
            return
        stage.jobs["indexer"](stop)

    def probe() -> None:
        stage.probe()
        index.count()

    return Stage({"indexer": work}, probe)


def _alerter(start: _Start) -> Stage:
    log = start.opened(wiring.open_log(start.settings))
    database = start.opened(wiring.open_alerts(start.settings))
    rules = start.opened(wiring.open_rules(start.settings, database))
    stories = start.opened(wiring.open_stories(start.settings))
    return consuming(log, wiring.open_alerter(start.settings, database, rules, stories), TAGGED, start.monitor)


def _mailer(start: _Start) -> Stage:
    database = start.opened(wiring.open_alerts(start.settings))
    mailer = wiring.open_mailer(start.settings, database, start.monitor)
    jobs: dict[str, Job] = {"mailer": mailer.run}
    if publisher := wiring.open_publisher(start.settings, database):
        jobs["history"] = start.opened(publisher).run
    return Stage(jobs, lambda: None)


def _web(start: _Start) -> Stage:
    from deploy.serving import serving  # loads the web server

    log = start.opened(wiring.open_log(start.settings))
    index = start.opened(wiring.open_index(start.settings))
    feeds = start.opened(wiring.open_feeds(start.settings))
    rules = start.opened(wiring.open_rules(start.settings))
    history = start.opened(wiring.open_history(start.settings))
    app = wiring.web_app(start.settings, log, index, feeds, rules, history)

    def work(stop: threading.Event) -> None:
        with serving(app, start.settings.web):
            while not stop.wait(_WEB_BEAT_SECONDS):
                start.monitor.health.well("web")

    return Stage({"web": work}, index.count)


_OPENERS: Mapping[str, Callable[[_Start], Stage]] = {
    "poller": _poller,
    "tagger": _tagger,
    "indexer": _indexer,
    "alerter": _alerter,
    "mailer": _mailer,
    "web": _web,
}

STAGES = tuple(_OPENERS)
"""The stages that can be started by themselves."""
