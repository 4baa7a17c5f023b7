"""The one consume loop, which serves tagger, indexer and alerter: poll a batch, handle it, commit.

What may work later (Unavailable) is tried again with the same batch while the consumer stays in its group. Any other
error is the fault of a record: the batch is handled one by one, the record that fails becomes a dead letter, and the
partition moves on. A crash anywhere hands the batch out again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import structlog

from ingest.clock import Clock, utc_now
from ingest.errors import Unavailable, WirewatchError
from ingest.log.port import Consumer, Log, Message, PartitionsLost, Record, RecordTooLarge
from process.deadletter import dead_letter, to_message
from process.patience import Patience, StoppedError

events = structlog.get_logger(__name__)

_POLL_SECONDS = 0.5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that fails for its own fault, and why."""

    record: Record
    error: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch comes to: messages to append, and records to be put among the dead letters."""

    produce: Sequence[Message] = ()
    refused: Sequence[Refused] = ()


class Handler(Protocol):
    """A stage. `name` is also its consumer group.

    `batch` is the most records it wants at once: as many as make the work cheap, and few enough to be handled well
    within the ten seconds of `keep_alive`.
    """

    name: str
    batch: int

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Do the work and make its effects durable before returning; the same records may come again.

        Raises Unavailable to be given the same batch again. Anything else that it raises is a record's fault.
        """


@dataclass(frozen=True, slots=True)
class Work:
    """One committed batch, for metrics: how many records, how long, how many of them refused."""

    stage: str
    records: int
    seconds: float
    refused: int


class Observer:
    """Hears how a stage is doing, in the stage's thread. Each method does nothing until it is given something to do."""

    def polled(self, stage: str, joined: bool) -> None:
        """The log answered a poll; `joined` tells whether the stage is in its group."""

    def worked(self, work: Work) -> None:
        """A batch was committed."""

    def failed(self, stage: str, error: WirewatchError) -> None:
        """A backend is away and the stage tries again (Unavailable), or a batch went to another (PartitionsLost)."""


def consume(
    log: Log,
    handler: Handler,
    topic: str,
    stop: threading.Event,
    observer: Observer | None = None,
    clock: Clock = utc_now,
) -> None:
    """Serve the topic until `stop` is set. What was polled is then either committed or handed back.

    Raises WirewatchError when the log itself cannot be used any more.
    """
    with closing(log.consumer(handler.name, topic)) as consumer:
        loop = _Loop(consumer, handler, Patience(stop, consumer.keep_alive), observer, clock)
        while not stop.is_set():
            loop.turn(_POLL_SECONDS)


def drain(
    log: Log,
    handler: Handler,
    topic: str,
    stop: threading.Event,
    observer: Observer | None = None,
    clock: Clock = utc_now,
    longest: float = 60.0,
) -> int:
    """Serve the topic until its group has nothing left to read, or `stop` is set. Returns how many it committed.

    Raises Unavailable when a backend stays away for longer than `longest` seconds, and WirewatchError like `consume`.
    """
    with closing(log.consumer(handler.name, topic)) as consumer:
        patience = Patience(stop, consumer.keep_alive, longest)
        loop = _Loop(consumer, handler, patience, observer, clock)
        wait = 0.0
        while not stop.is_set():
            if loop.turn(wait):
                wait = 0.0
            elif any(partition.lag for partition in patience.persist(lambda: log.progress(handler.name, topic))):
                wait = _POLL_SECONDS  # another member of the group is still at work
            else:
                break
        return loop.committed


def each(records: Sequence[Record], work: Callable[[Record], Sequence[Message]]) -> Outcome:
    """Do the work record by record, so that one that fails is refused alone. Unavailable goes through."""
    produce: list[Message] = []
    refused: list[Refused] = []
    for record in records:
        try:
            produce += work(record)
        except Unavailable:
            raise
        except Exception as error:  # whatever it is, the other records must not wait for it
            refused.append(Refused(record, _reason(error)))
    return Outcome(produce, refused)


class _Loop:
    """One consumer with its handler. `committed` counts the records it has moved past."""

    def __init__(
        self, consumer: Consumer, handler: Handler, patience: Patience, observer: Observer | None, clock: Clock
    ) -> None:
        self.committed = 0
        self._consumer = consumer
        self._handler = handler
        self._patience = patience
        self._observer = observer or Observer()
        self._clock = clock

    def turn(self, timeout: float) -> bool:
        """Poll once and see the batch through. Returns whether there was one."""
        try:
            records = self._persist(lambda: self._consumer.poll(self._handler.batch, timeout))
            self._observer.polled(self._handler.name, self._consumer.joined())
            if records:
                self._work(records, 0)
        except StoppedError:
            return False
        except PartitionsLost as error:
            events.info("dropped a batch that another member has taken over", stage=self._handler.name, why=str(error))
            self._observer.failed(self._handler.name, error)
            return True
        return bool(records)

    def _work(self, records: Sequence[Record], attempts: int) -> None:
        """Handle and commit the records, one by one where together they fail."""
        started = time.perf_counter()

        def handle() -> Outcome:
            nonlocal attempts
            attempts += 1
            return self._handler.handle(records)

        try:
            outcome = self._persist(handle)
            self._commit(records, outcome, attempts)
        except (StoppedError, PartitionsLost, Unavailable):
            raise
        except Exception as error:
            if len(records) > 1:
                for record in records:
                    self._work([record], attempts)
                return
            events.debug("a record failed", exc_info=True, stage=self._handler.name, article=records[0].key)
            outcome = Outcome(refused=[Refused(records[0], _reason(error))])
            self._commit(records, outcome, attempts)
        seconds = time.perf_counter() - started
        self._observer.worked(Work(self._handler.name, len(records), seconds, len(outcome.refused)))

    def _commit(self, records: Sequence[Record], outcome: Outcome, attempts: int) -> None:
        now = self._clock()
        name = self._handler.name
        letters = [dead_letter(refused.record, name, refused.error, attempts, now) for refused in outcome.refused]
        produce = [*outcome.produce, *map(to_message, letters)]
        try:
            self._persist(lambda: self._consumer.commit(records, produce))
        except RecordTooLarge:
            if len(records) > 1 or not letters:
                raise
            # A record that filled the log's limit does not fit once more with the reason around it.
            short = [*outcome.produce, *(to_message(replace(letter, value=None)) for letter in letters)]
            self._persist(lambda: self._consumer.commit(records, short))
        for letter in letters:
            events.warning("dead letter", stage=name, article=letter.key, error=letter.error)
        self.committed += len(records)

    def _persist(self, call: Callable[[], T]) -> T:
        return self._patience.persist(call, lambda error: self._observer.failed(self._handler.name, error))


def _reason(error: Exception) -> str:
    """One line for people: an error of ours speaks for itself, any other is named."""
    text = " ".join(str(error).split())
    return text if isinstance(error, WirewatchError) and text else f"{type(error).__name__}: {text}"
