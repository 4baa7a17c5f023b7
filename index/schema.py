"""A document as tantivy holds it. The embedded index and the alert matcher share this schema.

Title and text go to the field of their language, so that each language has its own analysis, and once more, folded but
not stemmed, to `…_plain`, where prefixes look. Names are kept whole (for facets and canonical names) and as words.
The document itself is stored as JSON.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

import tantivy
from tantivy import SchemaBuilder

from index.analysis import LANGUAGES, PLAIN, analysis_language, analyzer, clean
from index.document import Document
from process.tagged import Entity

NAMES = ("entity", "person", "org", "place", "actor")
_VALUES = ("id", "story", "feed", "tag", "entity", "actor")
_FACETS = ("language", "source", "event", "status", "place", "person", "org")
_TIMES = ("published", "fetched", "indexed", "order")
_FIELD_OF_LABEL = {"PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place"}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ORDER_BITS = 30


@cache
def schema() -> tantivy.Schema:
    """The fields. A change here makes old indices unreadable: they say so and ask for `wirewatch reindex`."""
    builder = SchemaBuilder()
    for name in _VALUES:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (*NAMES, "source"):
        builder.add_text_field(f"{name}_words", tokenizer_name=PLAIN)
    for part in ("title", "text"):
        for language in LANGUAGES:
            builder.add_text_field(f"{part}_{language}", tokenizer_name=language)
        builder.add_text_field(f"{part}_plain", tokenizer_name=PLAIN, index_option="basic")
    for name in _TIMES:
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("json", stored=True)
    return builder.build()


def open_index(path: str | None = None) -> tantivy.Index:
    """The tantivy index in a folder, which is made where need be, or one in memory. Raises ValueError, OSError."""
    index = tantivy.Index(schema(), path)
    for language in (*LANGUAGES, PLAIN):
        index.register_tokenizer(language, analyzer(language))
    return index


def to_tantivy(document: Document) -> tantivy.Document:
    """The document with all its fields."""
    row = tantivy.Document()
    add = row.add_text
    add("id", document.id)
    add("story", document.story)
    add("feed", document.feed)
    add("language", document.language)
    add("source", document.source)
    add("source_words", clean(document.source, PLAIN))
    for tag in document.tags:
        add("tag", tag.casefold())
    language = analysis_language(document.language)
    for part, text in (("title", document.title), ("text", document.text)):
        cleaned = clean(text, language)
        add(f"{part}_{language}", cleaned)
        add(f"{part}_plain", cleaned)
    _add_each(row, names_of(document).items(), "")
    _add_each(row, words_of(document).items(), "_words")
    _add_events(row, document)
    row.add_integer("published", microseconds(document.published))
    row.add_integer("fetched", microseconds(document.fetched))
    row.add_integer("indexed", microseconds(document.indexed))
    row.add_integer("order", date_order(document))
    row.add_bytes("json", document.model_dump_json().encode())
    return row


def from_tantivy(row: tantivy.Document) -> Document:
    """The document a row was made of."""
    return Document.model_validate_json(bytes(row["json"][0]))


def microseconds(time: datetime) -> int:
    """Since 1970, UTC."""
    return (time - _EPOCH) // _MICROSECOND


def date_order(document: Document) -> int:
    """A number that sorts documents by publication, to the second, those of one second in an order that stays."""
    seconds = max(0, min(microseconds(document.published) // 1_000_000, 2**33 - 1))
    lot = int.from_bytes(hashlib.blake2s(document.id.encode(), digest_size=4).digest()) >> (32 - _ORDER_BITS)
    return seconds << _ORDER_BITS | lot


def names_of(document: Document) -> dict[str, list[str]]:
    """The canonical names in each of NAMES, as they are kept whole."""
    return _collected(document, lambda entity: (entity.name,))


def words_of(document: Document) -> dict[str, list[str]]:
    """The names in each of NAMES whose words are searched: canonical, and as the article writes them."""
    return _collected(document, lambda entity: (entity.name, entity.text))


def _collected(document: Document, spellings: Callable[[Entity], tuple[str, ...]]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {"entity": {}}
    for entity in document.entities:
        for field in {"entity", _FIELD_OF_LABEL.get(entity.label, "entity")}:
            found.setdefault(field, {}).update(dict.fromkeys(spellings(entity)))
    for event in document.events:
        if event.place:
            found.setdefault("place", {})[event.place] = None
        for actor in event.actors:
            found.setdefault("actor", {})[actor] = None
    return {field: [clean(text, PLAIN) for text in texts] for field, texts in found.items()}


def _add_events(row: tantivy.Document, document: Document) -> None:
    types = dict.fromkeys(event.type for event in document.events)
    statuses = dict.fromkeys(event.status for event in document.events)
    _add_each(row, (("event", types), ("status", statuses)), "")


def _add_each(row: tantivy.Document, values: Iterable[tuple[str, Iterable[str]]], suffix: str) -> None:
    for field, texts in values:
        for text in texts:
            row.add_text(field + suffix, text)
