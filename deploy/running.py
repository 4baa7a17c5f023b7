"""Running the pipeline in one process: every stage in a thread of its own until told to stop, or each once, in turn."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from deploy.progress import Tally
from deploy.settings import Settings, WebSettings
from deploy.wiring import Pipeline
from ingest.clock import utc_now
from ingest.errors import Unavailable, WirewatchError
from ingest.log.port import ARTICLES, TAGGED, Log
from process.consumer import Handler, Observer, Work, consume, drain

log_event = structlog.get_logger(__name__)

TRIM_SECONDS = 3600.0
SHUTDOWN_SECONDS = 10.0
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Summary:
    """What one run came to. `failures` has a line for each feed that could not be taken in: its address and why."""

    feeds: int
    failed: int
    articles: int
    indexed: int
    mails: int
    failures: tuple[tuple[str, str], ...]


def run_once(pipeline: Pipeline, messages: Console) -> Summary:
    """Poll every feed once, then let each stage finish what there is. Ctrl-C stops after what is under way."""
    stop = threading.Event()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        stopping(stop),
        Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as progress,
    ):
        feeds = progress.add_task("Polling", total=None)
        results = pipeline.poller.poll_all_once(stop, lambda _: progress.advance(feeds))
        done = {
            handler.name: _finish(pipeline.log, handler, topic, stop, progress) for handler, topic in pipeline.stages
        }
        mails = 0
        while not stop.is_set() and (sent := pipeline.mailer.deliver_due(stop).sent):
            mails += sent
    failures = tuple((result.url, result.error) for result in results if result.error)
    return Summary(
        len(results), len(failures), sum(r.new + r.changed for r in results), done["indexer"], mails, failures
    )


def run_forever(pipeline: Pipeline, settings: Settings, say: Callable[[str], None]) -> Sequence[str]:
    """Run every stage until Ctrl-C or SIGTERM, then let each finish or hand back what it holds.

    `say` hears of the progress. Returns the names of stages that wait for a slow server and did not end in time.
    Raises WirewatchError when the pages' port is taken, or when a stage ended for a fault of its own.
    """
    stop = threading.Event()
    ends: list[str] = []

    def guarded(name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            log_event.exception("a stage ended", stage=name)
            ends.append(f"{name}: {error}")
            stop.set()

    tally = Tally(pipeline, settings)
    jobs: dict[str, Callable[[], None]] = {
        "poller": lambda: pipeline.poller.run(stop),
        "mailer": lambda: pipeline.mailer.run(stop),
        "retention": lambda: _trim(pipeline.log, settings, stop),
        "progress": lambda: tally.run(stop, say),
    }
    for handler, topic in pipeline.stages:
        jobs[handler.name] = partial(consume, pipeline.log, handler, topic, stop, tally)
    with serving(pipeline.app, settings.web), stopping(stop):
        threads = [threading.Thread(target=guarded, args=job, name=job[0]) for job in jobs.items()]
        for thread in threads:
            thread.start()
        stop.wait()
        end = time.monotonic() + SHUTDOWN_SECONDS
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
    if ends:
        raise WirewatchError(
            f"stopped, for a stage ended by itself: {'; '.join(ends)}. Nothing is lost; start it again."
        )
    return [thread.name for thread in threads if thread.is_alive()]


@contextmanager
def serving(app: FastAPI, web: WebSettings) -> Iterator[None]:
    """Serve the pages while the block runs. Raises WirewatchError when the address cannot be listened on."""
    host, port = web.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise WirewatchError(
            f"Cannot listen on {web.listen}: {error.strerror}. Stop what listens there, or set `listen` in [web]."
        ) from error
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", server_header=False, proxy_headers=False, timeout_graceful_shutdown=5
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(SHUTDOWN_SECONDS)
        listener.close()


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set `stop` while the block runs; a second Ctrl-C ends at once."""

    def ask(number: int, _frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            os._exit(INTERRUPTED)  # as harmless as any crash: what was not finished is done again
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _finish(log: Log, handler: Handler, topic: str, stop: threading.Event, progress: Progress) -> int:
    """Let a stage handle all that waits for it. Returns how many records that were."""
    waiting = sum(partition.lag for partition in log.progress(handler.name, topic))
    task = progress.add_task(f"{handler.name.capitalize()} at work", total=waiting)
    return drain(log, handler, topic, stop, _Advance(progress, task))


class _Advance(Observer):
    """Moves a progress bar by what a stage has committed."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def worked(self, work: Work) -> None:
        self._progress.advance(self._task, work.records)


def _trim(log: Log, settings: Settings, stop: threading.Event) -> None:
    """Keep the log as long as the settings say. Dead letters stay until someone looks at them."""
    while not stop.is_set():
        try:
            for topic in (ARTICLES, TAGGED):
                if dropped := log.trim(topic, utc_now() - settings.log.retention):
                    log_event.info("old records dropped", topic=topic, records=dropped)
        except Unavailable as error:
            log_event.warning("could not trim the log", error=str(error))
        stop.wait(TRIM_SECONDS)
