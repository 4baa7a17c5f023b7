"""The search port. Every backend keeps this contract; `index/query.py` gives the query, the backend compiles it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from index.document import Document
from index.query import Query

Sort = Literal["relevance", "date"]
FACETS = ("language", "source", "event", "status", "place", "person", "org")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`after` is the cursor of the last page's `SearchResults.next`. Facets and histogram count all hits, not the page.

    A page holds at most 10,000 hits. Relevance of a query that has no words to weigh (place:China) is its date.
    """

    query: Query
    sort: Sort = "relevance"
    limit: int = 20
    after: str | None = None
    facets: bool = False
    histogram: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """`highlights`: plain-text fragments, each a list of (text, is_match) pieces. Never HTML.

    The first is the whole title, unless that is empty; then one or two places of the text.
    """

    document: Document
    score: float
    highlights: Sequence[Sequence[tuple[str, bool]]]


@dataclass(frozen=True, slots=True)
class FacetCount:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`histogram` counts hits per day of `published`, oldest first, days without any left out."""

    total: int
    hits: Sequence[Hit]
    next: str | None = None
    facets: dict[str, Sequence[FacetCount]] = field(default_factory=dict)
    histogram: Sequence[tuple[date, int]] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the index does not take for its own fault; the others of the batch are written."""

    id: str
    reason: str


class DocumentWriter(Protocol):
    """Where documents go: a search index, or one that is being built anew."""

    def write(self, documents: Sequence[Document]) -> Sequence[Refusal]:
        """Add or replace by id; durable when it returns. Raises Unavailable, then nothing is known to be written."""


class SearchIndex(DocumentWriter, Protocol):
    """Documents by id. One writer at a time on the embedded backend; searching is safe from any thread and process."""

    def search(self, request: SearchRequest) -> SearchResults:
        """One page of hits. Raises Unavailable."""

    def get(self, article_id: str) -> Document | None:
        """The document of that id."""

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are in the index. For the audit."""

    def count(self) -> int:
        """How many documents there are."""

    def rebuild(self) -> AbstractContextManager[DocumentWriter]:
        """Build the index anew: write every document to what the block is given. Raises Unavailable.

        Searches see the old index until the block ends, then the new one; the old one for good if the block raises.
        """

    def check(self) -> str:
        """Use the index for real and say in one line what it is. Raises Unavailable."""

    def close(self) -> None:
        """Give back connections, locks and files."""
