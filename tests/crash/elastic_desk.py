"""A log, an indexer and the ledger over an Elasticsearch that is maltreated."""

import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from deploy.audit import Ledger, audit
from index.elastic.index import ElasticIndex
from index.indexer import Indexer
from index.stories import Stories
from ingest.article import Article
from ingest.log.port import ARTICLES, TAGGED, Message, Record
from ingest.log.sqlite import SqliteLog
from process.consumer import Outcome, consume, drain
from process.deadletter import read_dead
from process.tagged import Entity
from tests.search_documents import a_tagged_article, an_article


class PlainTagger:
    """A tagger that sees only `entities`, in no time: what is tested comes after it."""

    name = "tagger"
    batch = 100

    def __init__(self, entities: tuple[Entity, ...]) -> None:
        self._entities = entities

    def handle(self, records: Sequence[Record]) -> Outcome:
        return Outcome([Message(TAGGED, record.key, self._tag(record)) for record in records])

    def _tag(self, record: Record) -> bytes:
        tagged = a_tagged_article(Article.model_validate_json(record.value))
        return tagged.model_copy(update={"entities": self._entities}).model_dump_json().encode()


class ElasticDesk:
    """Articles go in by `take_in`, and through `drain` or, in a thread while the block runs, by themselves."""

    def __init__(self, folder: Path, index: ElasticIndex) -> None:
        self.index = index
        self._parts = ExitStack()
        self.log = self._parts.enter_context(closing(SqliteLog(folder / "log.sqlite")))
        self._indexer = Indexer(index, self._parts.enter_context(closing(Stories(folder / "stories.sqlite"))))
        self._stop = threading.Event()
        self._worker = threading.Thread(target=consume, args=(self.log, self._indexer, TAGGED, self._stop))

    def take_in(self, *names: str, entities: tuple[Entity, ...] = ()) -> None:
        """Put articles of those names on the log, and tag them."""
        articles = [an_article(name, f"Frigate {name}", f"{name} sails") for name in names]
        self.log.append([Message(ARTICLES, each.id, each.model_dump_json().encode()) for each in articles])
        drain(self.log, PlainTagger(entities), ARTICLES, threading.Event())

    def drain(self, longest: float = 60.0) -> None:
        """Index all that waits. Raises Unavailable when that takes longer, in seconds."""
        drain(self.log, self._indexer, TAGGED, threading.Event(), longest=longest)

    @property
    def committed(self) -> int:
        """How many records the indexer is done with."""
        return sum(partition.committed for partition in self.log.progress("indexer", TAGGED))

    def ledger(self) -> Ledger:
        """What became of every article."""
        return audit(self.log, self.index)

    def dead(self) -> list[tuple[str, str, str]]:
        """Key, stage and error of each dead letter."""
        return [(letter.key, letter.stage, letter.error) for _, letter in read_dead(self.log)]

    def __enter__(self) -> Self:
        self._worker.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._worker.join()

    def close(self) -> None:
        """Give back the files."""
        self._parts.close()
