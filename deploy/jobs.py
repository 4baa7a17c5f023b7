"""Work that goes on until the process is asked to stop: each job in a thread of its own."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import structlog

from ingest.errors import WirewatchError

log = structlog.get_logger(__name__)

SHUTDOWN_SECONDS = 10.0
INTERRUPTED = 130

Job = Callable[[threading.Event], None]
"""Works until the event is set, then finishes or hands back what it holds."""


def run_jobs(jobs: Mapping[str, Job], stop: threading.Event) -> Sequence[str]:
    """Run every job, by its name, until `stop` is set, and let each end.

    Returns the names of those that did not end in time, since a slow server holds them. Raises WirewatchError when one
    ended for a fault of its own, which stops the others.
    """
    ends: list[str] = []

    def guarded(name: str, job: Job) -> None:
        structlog.contextvars.bind_contextvars(stage=name)
        try:
            job(stop)
        except Exception as error:
            log.exception("a stage ended")
            ends.append(f"{name}: {error}")
            stop.set()

    threads = [threading.Thread(target=guarded, args=job, name=job[0], daemon=True) for job in jobs.items()]
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
