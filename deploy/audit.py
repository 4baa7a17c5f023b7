"""The ledger: what became of every article that was fetched. Nothing lost, and here is the proof.

Each record of the articles topic counts once: `indexed` when it is the one that search answers with, `duplicate` when
it repeats or precedes another record of the same article, `dead` when it lies in the dead letters, `pending` when a
stage has still to come to it. What is in none of these is missing, and then the sum does not close.

It can run while everything else does: committed offsets are read before the records, the index last, so that work done
meanwhile is told as pending, never as missing.
"""

from collections import Counter
from dataclasses import dataclass

from index.port import SearchIndex
from ingest.log.port import ARTICLES, TAGGED, Log
from process.deadletter import read_dead

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Ledger:
    """How many fetched records came to which end. `missing` lists article ids that nothing accounts for."""

    fetched: int
    indexed: int
    duplicate: int
    dead: int
    pending: int
    missing: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the sum closes."""
        return self.fetched == self.indexed + self.duplicate + self.dead + self.pending


def audit(log: Log, index: SearchIndex) -> Ledger:
    """Walk the log and account for every record. Raises Unavailable."""
    tagger_at = {row.partition: row.committed for row in log.progress("tagger", ARTICLES)}
    indexer_at = {row.partition: row.committed for row in log.progress("indexer", TAGGED)}
    dead_places = set()
    dead_ids: Counter[str] = Counter()
    for _, letter in read_dead(log):
        if letter.stage == "tagger":
            dead_places.add((letter.partition, letter.offset))
        elif letter.stage == "indexer":
            dead_ids[letter.key] += 1

    fetched = pending = dead = 0
    tagged: Counter[str] = Counter()
    for record in log.read(ARTICLES):
        fetched += 1
        if record.offset >= tagger_at[record.partition]:
            pending += 1
        elif (record.partition, record.offset) in dead_places:
            dead += 1
        else:
            tagged[record.key] += 1
    waiting = Counter(record.key for record in log.read(TAGGED) if record.offset >= indexer_at[record.partition])

    indexed = duplicate = 0
    missing: list[str] = []
    known = _known(index, list(tagged))
    for article_id, records in tagged.items():
        still = min(records, waiting[article_id])
        refused = min(records - still, dead_ids[article_id])
        pending, dead, rest = pending + still, dead + refused, records - still - refused
        if rest and article_id in known:
            indexed, duplicate = indexed + 1, duplicate + rest - 1
        elif rest:
            missing.append(article_id)
    return Ledger(fetched, indexed, duplicate, dead, pending, tuple(missing))


def _known(index: SearchIndex, ids: list[str]) -> set[str]:
    return {known for start in range(0, len(ids), _AT_ONCE) for known in index.known(ids[start : start + _AT_ONCE])}
