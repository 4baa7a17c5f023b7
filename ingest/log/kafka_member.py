"""One consumer of the Kafka log: a member of a consumer group, with cooperative rebalances.

A batch and what is made of it commit in one transaction, in which Kafka checks that the group still counts on this
member. Where the answer to a commit is lost, what became of it is looked up before anything else is done.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from kafka import ConsumerRebalanceListener, KafkaConsumer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.coordinator.base import MemberState
from kafka.errors import (
    CommitFailedError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata, TopicPartition

from ingest.errors import WirewatchError
from ingest.log.kafka_clients import connected
from ingest.log.kafka_transactions import Offsets, OutcomeUnknownError, Transactions
from ingest.log.port import Message, PartitionsLost, Record

events = structlog.get_logger(__name__)

POLL_INTERVAL = timedelta(minutes=2)
"""A member that neither polls nor keeps alive for this long is put out of its group."""

_HEARTBEAT_MS = 500  # the answers tell of rebalances, which end sooner so
_JOIN_SECONDS = 1.0  # a poll may take so long for joining, whatever its timeout
_STEP_SECONDS = 0.1
_PROBE_SECONDS = 5.0  # between two looks whether the brokers are there, while nothing comes
_CLOSE_MS = 5000
_NOT_OURS = (CommitFailedError, IllegalGenerationError, UnknownMemberIdError, RebalanceInProgressError)


@dataclass(frozen=True, slots=True)
class Membership:
    """Which group reads which topic (with their names on Kafka), and how the log makes and reports things.

    `prepare` raises what keeps the member from beginning, `check_sizes` RecordTooLarge; `told` turns kafka-python's
    errors into ours.
    """

    group: str
    topic: str
    kafka_topic: str
    lease: timedelta
    client: Callable[[], dict[str, Any]]
    prepare: Callable[[], object]
    check_sizes: Callable[[Sequence[Message]], None]
    told: Callable[[], AbstractContextManager[None]]


class KafkaMember:
    """Keeps `ingest.log.port.Consumer`. `close` may come from another thread than the one that polls."""

    def __init__(self, membership: Membership, transactions: Transactions) -> None:
        self._membership = membership
        self._transactions = transactions
        self._consumer: KafkaConsumer | None = None
        self._held: dict[TopicPartition, list[Record]] = {}  # what was read and is not committed
        self._given: Counter[TopicPartition] = Counter()  # how many of those `poll` has given out
        self._revoked = _Revoked()
        self._lost = False  # whether some of what was given out was taken away
        self._unsure: Offsets | None = None  # a commit whose answer did not come
        self._probed = time.monotonic()
        self._mutex = threading.RLock()
        self.closed = False

    def poll(self, limit: int, timeout: float) -> list[Record]:
        with self._mutex, self._membership.told():
            consumer = self._joined()
            self._settle()
            self._notice()
            again = self._take_held(limit)
            if again:
                return again
            polled = self._poll(consumer, limit, timeout)
            self._notice()  # first: a partition may be lost, won again and read within one poll
            for tp in polled.keys() & consumer.assignment():
                self._held.setdefault(tp, []).extend(to_record(self._membership.topic, one) for one in polled[tp])
            found = self._take_held(limit)
            if found:
                self._probed = time.monotonic()
            else:
                self._probe(consumer)
            return found

    def joined(self) -> bool:
        return not self.closed and self._consumer is not None and _stable(self._consumer)

    def keep_alive(self) -> None:
        with self._mutex, self._membership.told():
            consumer = self._joined()
            owned = consumer.assignment()
            consumer.pause(*owned)
            until = time.monotonic() + _JOIN_SECONDS
            try:
                self._drive(consumer)
                while not _stable(consumer) and time.monotonic() < until:
                    self._drive(consumer, _STEP_SECONDS)
            finally:
                consumer.resume(*(owned & consumer.assignment()))
            self._notice()
            self._require_kept(consumer)

    def commit(self, done: Sequence[Record], produce: Sequence[Message] = ()) -> None:
        self._membership.check_sizes(produce)
        with self._mutex, self._membership.told():
            consumer = self._joined()
            self._notice()
            self._require_kept(consumer)
            offsets = self._ends(done)
            if self._settle() and not any(self._held_before(offsets)):
                return  # the commit before this one, whose answer was lost, had been made
            try:
                self._commit(consumer, self._past_markers(consumer, offsets), produce)
            except _NOT_OURS as error:
                self._drop(consumer)
                raise PartitionsLost(
                    f"group {self._membership.group} has other members for {self._membership.topic} now"
                ) from error
            self._forget_until(offsets)

    def rewind(self) -> None:
        with self._mutex:
            self._lost = False
            self._given.clear()

    def close(self) -> None:
        with self._mutex:
            if self.closed:
                return
            self.closed = True
            with suppress(KafkaError, OSError):  # else the lease will expire
                if self._consumer is not None:
                    self._consumer.close(autocommit=False, timeout_ms=_CLOSE_MS)
            with suppress(KafkaError, OSError):
                self._transactions.close()

    def _joined(self) -> KafkaConsumer:
        """The client, which joins the group in its first polls."""
        if self.closed:
            raise WirewatchError(f"the consumer of {self._membership.topic} is closed")
        if self._consumer is None:
            self._membership.prepare()
            lease = int(self._membership.lease.total_seconds() * 1000)
            consumer = connected(
                KafkaConsumer,
                **self._membership.client(),
                group_id=self._membership.group,
                partition_assignment_strategy=[CooperativeStickyAssignor],
                session_timeout_ms=lease,
                heartbeat_interval_ms=_HEARTBEAT_MS,
                max_poll_interval_ms=int(POLL_INTERVAL.total_seconds() * 1000),
                **READING,
            )
            consumer.subscribe([self._membership.kafka_topic], listener=self._revoked)
            consumer.partitions_for_topic(self._membership.kafka_topic)  # a leader who knows none would assign none
            self._consumer = consumer
        return self._consumer

    def _poll(self, consumer: KafkaConsumer, limit: int, timeout: float) -> dict[TopicPartition, list[Any]]:
        """What comes within the timeout. While the group makes up its mind, the timeout does not begin to run."""
        began = time.monotonic()
        until, joined_until = began + timeout, began + max(timeout, _JOIN_SECONDS)
        joining = not _stable(consumer)
        while True:
            left = max(0.0, until - time.monotonic())
            step = _STEP_SECONDS if joining else left
            found: dict[TopicPartition, list[Any]] = consumer.poll(timeout_ms=step * 1000, max_records=limit)
            if found:
                return found
            now = time.monotonic()
            if joining and _stable(consumer):
                until = now + timeout
            joining = not _stable(consumer)
            if now >= (joined_until if joining else until):
                return {}

    def _drive(self, consumer: KafkaConsumer, seconds: float = 0.0) -> None:
        """Take part in the group without taking records."""
        for tp, records in consumer.poll(timeout_ms=seconds * 1000, max_records=1).items():
            consumer.seek(tp, records[0].offset)  # of a partition that came just now

    def _probe(self, consumer: KafkaConsumer) -> None:
        """Ask the brokers for something now and then: kafka-python is silent while they are away."""
        now = time.monotonic()
        if now - self._probed < _PROBE_SECONDS:
            return
        self._probed = now
        consumer.end_offsets([TopicPartition(self._membership.kafka_topic, 0)], timeout_ms=_PROBE_SECONDS * 1000)

    def _take_held(self, limit: int) -> list[Record]:
        """What was read and not given out yet, or was rewound."""
        taken: list[Record] = []
        for tp, records in self._held.items():
            some = records[self._given[tp] : self._given[tp] + limit - len(taken)]
            self._given[tp] += len(some)
            taken += some
        return taken

    def _notice(self) -> None:
        """Forget what was read of partitions that others have now."""
        for tp in self._revoked.taken():
            self._held.pop(tp, None)
            self._lost = bool(self._given.pop(tp, 0)) or self._lost

    def _drop(self, consumer: KafkaConsumer) -> None:
        """Forget all that was read, so that the next poll takes part in the group before it gives anything."""
        for tp in consumer.assignment() & self._held.keys():
            if self._held[tp]:
                consumer.seek(tp, self._held[tp][0].offset)
        self._held.clear()
        self._given.clear()
        self._lost = False

    def _require_kept(self, consumer: KafkaConsumer) -> None:
        if self._lost:
            self._drop(consumer)
            raise PartitionsLost(f"group {self._membership.group} has given partitions of this batch to another member")

    def _ends(self, done: Sequence[Record]) -> dict[TopicPartition, int]:
        """The offset to commit for each partition of those records, which must be the next ones of what was polled."""
        offsets: dict[int, list[int]] = {}
        for record in done:
            offsets.setdefault(record.partition, []).append(record.offset)
        ends = {}
        for partition, found in offsets.items():
            tp = TopicPartition(self._membership.kafka_topic, partition)
            given = self._held.get(tp, [])[: self._given[tp]]
            if [record.offset for record in given[: len(found)]] != found:
                raise ValueError(f"the records to commit of partition {partition} are not the next ones polled")
            ends[tp] = found[-1] + 1
        return ends

    def _past_markers(self, consumer: KafkaConsumer, offsets: Offsets) -> dict[TopicPartition, int]:
        """Where all that was read is done, commit past the transaction markers that were read over as well."""
        ends = dict(offsets)
        for tp, end in offsets.items():
            if self._held[tp][-1].offset + 1 == end:
                ends[tp] = max(end, consumer.position(tp) or end)
        return ends

    def _commit(self, consumer: KafkaConsumer, offsets: Offsets, messages: Sequence[Message]) -> None:
        if not messages:
            if offsets:
                places = {tp: OffsetAndMetadata(offset, "", -1) for tp, offset in offsets.items()}
                consumer.commit(places, timeout_ms=_CLOSE_MS)
            return
        member = consumer.group_metadata()
        if member.generation_id < 0:
            raise CommitFailedError("not in the group")
        try:
            self._transactions.write(messages, offsets, member if offsets else None)
        except OutcomeUnknownError:
            self._unsure = offsets
            raise

    def _settle(self) -> bool:
        """Find out what became of a commit whose answer was lost. Returns whether it had been made."""
        if self._unsure is None:
            return False
        assert self._consumer is not None
        self._transactions.begin()  # waits until the earlier transaction has ended, one way or the other
        committed = {tp: self._consumer.committed(tp, timeout_ms=_CLOSE_MS) or 0 for tp in self._unsure}
        made = bool(committed) and all(committed[tp] >= offset for tp, offset in self._unsure.items())
        events.info("looked up a commit whose answer was lost", group=self._membership.group, made=made)
        if made:
            self._forget_until(self._unsure)
        self._unsure = None
        return made

    def _held_before(self, offsets: Offsets) -> Iterator[Record]:
        """What is held and stands before those offsets."""
        return (record for tp, end in offsets.items() for record in self._held.get(tp, []) if record.offset < end)

    def _forget_until(self, offsets: Offsets) -> None:
        for tp, end in offsets.items():
            rest = [record for record in self._held.get(tp, []) if record.offset >= end]
            self._given[tp] = max(0, self._given[tp] - (len(self._held.get(tp, [])) - len(rest)))
            self._held[tp] = rest


class _Revoked(ConsumerRebalanceListener):  # type: ignore[misc]
    """Collects the partitions that the group takes from this member."""

    def __init__(self) -> None:
        self._partitions: set[TopicPartition] = set()

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        self._partitions |= set(revoked)

    def on_partitions_lost(self, lost: set[TopicPartition]) -> None:
        self._partitions |= set(lost)

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        """Nothing: a partition that comes begins at its committed offset."""

    def taken(self) -> set[TopicPartition]:
        """The partitions taken since the last call."""
        taken, self._partitions = self._partitions, set()
        return taken


READING: dict[str, Any] = {
    "isolation_level": "read_committed",
    "auto_offset_reset": "earliest",
    "enable_auto_commit": False,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
    "fetch_max_bytes": 2**24,
    "max_partition_fetch_bytes": 2**22,
}
"""How every client of the log reads, and how much it reads ahead."""


def to_record(topic: str, found: Any) -> Record:
    """A record as kafka-python gives it, as the port has it."""
    key = (found.key or b"").decode("utf-8", "replace")
    return Record(topic, found.partition, found.offset, key, found.value or b"", _moment(found.timestamp))


@lru_cache(maxsize=64)
def _moment(milliseconds: int) -> datetime:
    """Since 1970, UTC. Records that were appended together have one time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _stable(consumer: KafkaConsumer) -> bool:
    return bool(consumer.group_metadata().state is MemberState.STABLE)
