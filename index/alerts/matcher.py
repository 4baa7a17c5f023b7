"""Search turned round: a batch of documents becomes a small index in memory, and every rule's query runs against it.

The analysis, the schema and the compiled queries are those of the search index, so a rule matches exactly what the same
search finds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
import tantivy

from index.alerts.asked import Asked, asked
from index.alerts.rule import Rule
from index.compile import compile_query
from index.document import Document
from index.highlight import Fragment, highlights
from index.query import NameResolver, Query, QueryError, parse
from index.schema import open_index, to_tantivy

log = structlog.get_logger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WRITER_BYTES = 20_000_000
_LONGEST = 400
"""The longest fragment of a match that is kept, in code points."""


@dataclass(frozen=True, slots=True)
class Match:
    """A rule and a document that it finds."""

    rule: Rule
    document: Document
    query: Query
    asked: Asked

    def why(self) -> Sequence[Fragment]:
        """The pieces of title and text that matched, each a list of (text, is_match). Empty when names or tags did."""
        found = highlights(self.query, self.document)
        return [_cut(fragment) for fragment in found if any(hit for _, hit in fragment)]


@dataclass(frozen=True, slots=True)
class _Compiled:
    query: Query
    search: tantivy.Query
    asked: Asked


class Matcher:
    """Keeps the compiled queries from batch to batch. For one thread."""

    def __init__(self, names: NameResolver) -> None:
        self._names = names
        self._compiled: dict[str, _Compiled | None] = {}
        self._moving: set[str] = set()

    def match(self, rules: Sequence[Rule], documents: Sequence[Document], now: datetime) -> Sequence[Match]:
        """What the enabled rules find, in the order of the documents, then of the rules.

        A rule whose query is wrong finds nothing and is logged, once, with the column and the remedy. Relative dates
        count from `now`.
        """
        wanted = [(rule, found) for rule in rules if rule.enabled and (found := self._compile(rule, now))]
        if not wanted or not documents:
            return []
        searcher, places = _small_index(documents)
        hits: list[tuple[int, int]] = []
        for order, (_, compiled) in enumerate(wanted):
            rows = searcher.search(compiled.search, limit=len(documents), count=False).hits
            hits += [(places[address.segment_ord, address.doc], order) for _, address in rows]
        self._forget(rules)
        return [
            Match(wanted[order][0], documents[place], wanted[order][1].query, wanted[order][1].asked)
            for place, order in sorted(hits)
        ]

    def _compile(self, rule: Rule, now: datetime) -> _Compiled | None:
        text = rule.query
        if text in self._compiled and text not in self._moving:
            return self._compiled[text]
        try:
            query = parse(text, self._names, now)
            if query != parse(text, self._names, now + timedelta(days=400)):
                self._moving.add(text)  # it asks for "now-7d" or the like
            self._compiled[text] = _Compiled(query, compile_query(query), asked(query))
        except QueryError as error:
            log.error(
                f'the alert rule "{rule.name}" is passed over; correct its query', rule=rule.name, error=str(error)
            )
            self._compiled[text] = None
        return self._compiled[text]

    def _forget(self, rules: Sequence[Rule]) -> None:
        """Drop the queries of rules that are gone, once they are many."""
        if len(self._compiled) > 2 * len(rules) + 100:
            kept = {rule.query for rule in rules}
            self._compiled = {text: query for text, query in self._compiled.items() if text in kept}
            self._moving &= kept


def _small_index(documents: Sequence[Document]) -> tuple[tantivy.Searcher, dict[tuple[int, int], int]]:
    """The index, and for each of its rows (segment, number) the place of the document in `documents`."""
    index = open_index()
    writer = index.writer(_WRITER_BYTES, num_threads=1)
    for place, document in enumerate(documents):
        # The time of indexing is a fast field that no query asks for: it carries the place.
        writer.add_document(to_tantivy(document.model_copy(update={"indexed": _EPOCH + place * _MICROSECOND})))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    addresses = [address for _, address in searcher.search(tantivy.Query.all_query(), len(documents), count=False).hits]
    values = searcher.fast_field_values("indexed", addresses)
    places = {(at.segment_ord, at.doc): int(value or 0) for at, value in zip(addresses, values, strict=True)}
    return searcher, places


def _cut(fragment: Iterable[tuple[str, bool]]) -> Fragment:
    pieces: list[tuple[str, bool]] = []
    left = _LONGEST
    for text, hit in fragment:
        if left > 0:
            pieces.append((text[:left], hit))
        left -= len(text)
    return pieces
