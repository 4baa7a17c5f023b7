"""The SQLite log against a model in memory: appends, polls, commits, rewinds, leaves, reopens in any order."""

import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ingest.log.port import ARTICLES, TAGGED, Consumer, Message, Record
from ingest.log.sqlite import SqliteLog

KEYS = st.text(max_size=3)
VALUES = st.binary(max_size=20)


class LogMachine(RuleBasedStateMachine):
    """One group of up to two members. The model: what was appended per partition, what was committed, what is out."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.log = SqliteLog(Path(self.folder.name) / "log.sqlite", partitions=3)
        self.members: list[Consumer] = []
        self.out: dict[int, list[Record]] = {}
        self.appended: dict[str, list[bytes]] = defaultdict(list)
        self.committed: set[tuple[int, int]] = set()
        self.produced = 0

    @initialize()
    def first_member(self) -> None:
        self.joins()

    @rule(messages=st.lists(st.tuples(KEYS, VALUES), max_size=6))
    def appends(self, messages: list[tuple[str, bytes]]) -> None:
        self.log.append([Message(ARTICLES, key, value) for key, value in messages])
        for key, value in messages:
            self.appended[key].append(value)

    @precondition(lambda self: len(self.members) < 2)
    @rule()
    def joins(self) -> None:
        self.members.append(self.log.consumer("tagger", ARTICLES))
        self.out[id(self.members[-1])] = []

    @precondition(lambda self: self.members)
    @rule(data=st.data(), limit=st.integers(1, 5))
    def polls(self, data: st.DataObject, limit: int) -> None:
        member = data.draw(st.sampled_from(self.members), label="member")
        batch = member.poll(limit, timeout=0)
        assert len(batch) <= limit
        out = {(record.partition, record.offset) for records in self.out.values() for record in records}
        for record in batch:
            place = (record.partition, record.offset)
            assert place not in self.committed
            assert place not in out
        self.out[id(member)] += batch

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def commits(self, data: st.DataObject) -> None:
        member = data.draw(st.sampled_from(self.members), label="member")
        out = self.out[id(member)]
        count = data.draw(st.integers(0, len(out)), label="count")
        member.commit(out[:count], [Message(TAGGED, record.key, record.value) for record in out[:count]])
        self.committed |= {(record.partition, record.offset) for record in out[:count]}
        self.produced += count
        self.out[id(member)] = out[count:]

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def rewinds(self, data: st.DataObject) -> None:
        member = data.draw(st.sampled_from(self.members), label="member")
        member.rewind()
        self.out[id(member)] = []

    @precondition(lambda self: self.members)
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        member = data.draw(st.sampled_from(self.members), label="member")
        member.close()
        self.members.remove(member)
        del self.out[id(member)]

    @rule()
    def reopens(self) -> None:
        self.log.close()
        self.log = SqliteLog(Path(self.folder.name) / "log.sqlite")
        self.members.clear()
        self.out.clear()

    @invariant()
    def offsets_are_dense_and_keys_in_order(self) -> None:
        read: dict[str, list[bytes]] = defaultdict(list)
        offsets: dict[int, list[int]] = defaultdict(list)
        for record in self.log.read(ARTICLES):
            read[record.key].append(record.value)
            offsets[record.partition].append(record.offset)
        assert read == self.appended
        assert all(found == list(range(len(found))) for found in offsets.values())

    @invariant()
    def what_was_committed_is_what_was_produced(self) -> None:
        progress = self.log.progress("tagger", ARTICLES)
        assert sum(partition.committed for partition in progress) == len(self.committed) == self.produced
        assert sum(1 for _ in self.log.read(TAGGED)) == self.produced

    def teardown(self) -> None:
        self.log.close()
        self.folder.cleanup()


TestLog = LogMachine.TestCase
TestLog.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
