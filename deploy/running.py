"""Running the pipeline in one process: every stage in a thread of its own until told to stop, or each once, in turn."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from deploy.jobs import Job, run_jobs, stopping
from deploy.monitor import watched
from deploy.progress import Tally
from deploy.retention import keep_trimmed
from deploy.serving import serving
from deploy.settings import Settings
from deploy.stages import consuming
from deploy.wiring import Pipeline
from ingest.log.port import Log
from process.consumer import Handler, Observer, Work, drain


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
        if pipeline.publisher:
            pipeline.publisher.publish_or_say()
    failures = tuple((result.url, result.error) for result in results if result.error)
    return Summary(
        len(results), len(failures), sum(r.new + r.changed for r in results), done["indexer"], mails, failures
    )


def run_forever(pipeline: Pipeline, settings: Settings, say: Callable[[str], None]) -> Sequence[str]:
    """Run every stage until Ctrl-C or SIGTERM, then let each finish or hand back what it holds.

    `say` hears of the progress. Returns the names of stages that wait for a slow server and did not end in time.
    Raises WirewatchError when a port is taken, or when a stage ended for a fault of its own.
    """
    stop = threading.Event()
    monitor, log = pipeline.monitor, pipeline.log
    tally = Tally(pipeline, settings)
    monitor.tell(tally)
    stages = [consuming(log, handler, topic, monitor) for handler, topic in pipeline.stages]
    jobs: dict[str, Job] = {
        "poller": lambda stop: pipeline.poller.run(stop, monitor),
        "mailer": pipeline.mailer.run,
        "retention": lambda stop: keep_trimmed(log, settings.log.retention, stop),
        "progress": lambda stop: tally.run(stop, say),
    }
    if pipeline.publisher:
        jobs["history"] = pipeline.publisher.run
    for stage in stages:
        jobs |= stage.jobs
    probes = {name: stage.probe for stage in stages for name in stage.jobs}
    with (
        serving(pipeline.app, settings.web),
        stopping(stop),
        watched(monitor, settings.metrics.listen, {"poller": lambda: None, "mailer": lambda: None, **probes}),
    ):
        return run_jobs(jobs, stop)


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
