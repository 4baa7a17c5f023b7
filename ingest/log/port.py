"""The log: named topics of keyed records, read by consumer groups. Every backend keeps this contract.

A topic is split into partitions; records of one key share a partition and keep their order. A consumer group owns one
committed offset per partition: the offset of the next record to read. Members of a group share its partitions, each
partition having one owner at a time. The terms are Kafka's
(https://kafka.apache.org/documentation/#intro_concepts_and_terms).

Who calls what, when: `append` from any thread; `consumer` once per stage and thread, then `poll` -> work -> `commit`,
in that order, for ever. A crash between `poll` and `commit` hands the same records out again: effects must bear
repetition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from ingest.errors import WirewatchError

ARTICLES = "articles"
TAGGED = "tagged"
DEAD = "dead"
TOPICS = (ARTICLES, TAGGED, DEAD)


class PartitionsLost(WirewatchError):
    """Another member of the group owns the partitions now. Drop the batch and poll again; nothing was committed."""


class RecordTooLarge(WirewatchError):
    """The record is larger than the log takes. It was not written."""


class Message(NamedTuple):
    """What is to be written: `value` is UTF-8 JSON, `key` decides the partition.

    A tuple as `Record` is, for both are made by the hundred thousand.
    """

    topic: str
    key: str
    value: bytes


class Record(NamedTuple):
    """What was written: a message with its place in the log. `time` is when it was appended, UTC."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    time: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group is in a partition.

    Offsets: `first` is the oldest kept, `committed` the next to read, `end` the next to be written. A log may leave
    offsets out (Kafka does, one for each transaction).
    """

    partition: int
    first: int
    committed: int
    end: int

    @property
    def lag(self) -> int:
        """Records not yet committed: never too few, 0 exactly when there is none. Left out offsets count."""
        return self.end - max(self.committed, self.first)


class Consumer(Protocol):
    """One member of a consumer group, reading one topic. For one thread."""

    def poll(self, limit: int, timeout: float) -> list[Record]:
        """The next records of the partitions it owns, in order within each, at most `limit`.

        Blocks up to `timeout` seconds while there is none; an empty list then. Joins the group at the first call.
        Raises Unavailable; the position does not move then.
        """

    def joined(self) -> bool:
        """Whether it is in its group now, with or without partitions. Asks nobody, waits for nothing."""

    def keep_alive(self) -> None:
        """Stay in the group while a batch takes long. Call it at least every ten seconds.

        Raises PartitionsLost, Unavailable.
        """

    def commit(self, done: Sequence[Record], produce: Sequence[Message] = ()) -> None:
        """In one transaction, append `produce` and move the group past the `done` records. Durable when it returns.

        `done` is a prefix, per partition, of what `poll` gave since the last commit. Raises PartitionsLost,
        Unavailable, RecordTooLarge; nothing was written and nothing committed then. After PartitionsLost, what was
        polled is forgotten as by `rewind`.
        """

    def rewind(self) -> None:
        """Forget what was polled and not committed: the next `poll` gives it again."""

    def close(self) -> None:
        """Leave the group, handing back what was not committed."""


class Log(Protocol):
    """Topics ARTICLES, TAGGED and DEAD. For several threads and, on the same address, several processes at once."""

    def append(self, messages: Sequence[Message]) -> None:
        """Write all messages or none; durable when it returns. Raises Unavailable, RecordTooLarge."""

    def consumer(self, group: str, topic: str) -> Consumer:
        """A new member of `group`. A group without committed offsets begins at the oldest record."""

    def read(self, topic: str) -> Iterator[Record]:
        """All records kept now, in order within each partition, without a group.

        For audit, reindex and dead letters. Exhaust or close the iterator.
        """

    def progress(self, group: str, topic: str) -> list[Progress]:
        """One row per partition, in order. `committed` is `first` for a group that never committed."""

    def trim(self, topic: str, before: datetime) -> int:
        """Retention: drop records appended before that time which every group that ever committed here has passed.

        Returns how many. On Kafka the broker does this by topic settings; there it returns 0.
        """

    def check(self) -> str:
        """Use the log for real (write, read, commit on a scratch topic) and say in one line what it is.

        Raises Unavailable.
        """

    def close(self) -> None:
        """Give back connections and files. Open consumers are closed as well."""
