"""The stage that makes tagged articles searchable: a handler of the consume loop."""

from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from pydantic import ValidationError

from index.document import document
from index.port import DocumentWriter, SearchIndex
from ingest.article import Article
from ingest.clock import Clock, utc_now
from ingest.log.port import TAGGED, Log, Record
from process.consumer import Outcome, Refused
from process.tagged import TaggedArticle

log = structlog.get_logger(__name__)


class StoryBook(Protocol):
    """Knows which articles tell the same story."""

    def assign(self, articles: Sequence[Article]) -> list[str]:
        """The story of each, the same whenever it is asked. Raises Unavailable."""


class Indexer:
    """Reads TAGGED, writes the search index. Replay is harmless: documents replace those of their id, in log order."""

    name = "indexer"
    batch = 500

    def __init__(self, index: DocumentWriter, stories: StoryBook, clock: Clock = utc_now) -> None:
        self._index = index
        self._stories = stories
        self._clock = clock

    def handle(self, records: Sequence[Record]) -> Outcome:
        """Index a batch, durably. Raises Unavailable; then the same batch may come again."""
        refused: list[Refused] = []
        taken: list[tuple[Record, TaggedArticle]] = []
        for record in records:
            try:
                taken.append((record, TaggedArticle.model_validate_json(record.value)))
            except ValidationError as error:
                refused.append(Refused(record, _first_fault(error)))
        now = self._clock()
        stories = self._stories.assign([tagged.article for _, tagged in taken])
        documents = [document(tagged, story, now) for (_, tagged), story in zip(taken, stories, strict=True)]
        refusals = {refusal.id: refusal.reason for refusal in self._index.write(documents)}
        for record, tagged in taken:
            if reason := refusals.get(tagged.article.id):
                refused.append(Refused(record, f"the search index refuses it: {reason}"))
            else:
                log.info("article indexed", stage=self.name, article=tagged.article.id)
        return Outcome(refused=refused)


def reindex(log: Log, index: SearchIndex, stories: StoryBook, advance: Callable[[int], None]) -> None:
    """Build the index anew from the log; searches see the old one until the new one is whole. Raises Unavailable.

    `advance` hears how many more records were read.
    """
    with index.rebuild() as fresh:
        indexer = Indexer(fresh, stories)
        batch: list[Record] = []
        for record in log.read(TAGGED):
            batch.append(record)
            if len(batch) == Indexer.batch:
                indexer.handle(batch)
                advance(len(batch))
                batch = []
        indexer.handle(batch)
        advance(len(batch))


def _first_fault(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"not a tagged article of format 1: {place or 'JSON'}: {first['msg']}"
