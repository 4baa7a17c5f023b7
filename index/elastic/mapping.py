"""What an index on Elasticsearch looks like: its name, its fields, its settings.

Text arrives as words already folded and stemmed by `index/analysis.py`, the very ones that the embedded index and the
alert matcher see; Elasticsearch only parts them at blanks. Its own stemmers cannot serve: they change with its versions
(of the words in German news, 9.4 stems one in eighty in another way), and then a search would find what no alert does.

`title` and `text` are analysed by Elasticsearch besides, for Kibana; Wirewatch never asks them.
"""

from typing import Any

from index.analysis import LANGUAGES
from index.schema import NAMES

VERSION = 1
"""Of the mapping. A change to the fields needs a new one: then old indices say so and ask for `wirewatch reindex`."""

GAP = "-"  # stands for a word left out, such as 5,000 letters of base64; no word is written so
MOST_HITS = 10_000
DERIVED = ("title_*", "text_*", "*_words", "*_us", "order", "tag")  # made from the others: not worth keeping twice
_LONGEST = 8000  # characters of a value that is found as a whole; ids and names are far shorter
_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST}
_UNSEARCHED = {"type": "keyword", "index": False, "doc_values": False}


def template(prefix: str) -> dict[str, Any]:
    """The index template for all indices whose names begin with the prefix."""
    return {
        "index_patterns": [f"{prefix}*"],
        "priority": 500,
        "template": {"settings": _settings(), "mappings": mappings()},
        "_meta": {"description": "Articles of Wirewatch", "mapping_version": VERSION},
    }


def mappings() -> dict[str, Any]:
    """The fields. What is not among them is refused, with the document."""
    return {
        "dynamic": "strict",
        "_source": {"excludes": list(DERIVED)},
        "properties": _kept() | _searched() | _charted(),
    }


def _settings() -> dict[str, Any]:
    return {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",  # a copy on a second node, where there is one
        "refresh_interval": "1s",  # said in so many words, so that an index nobody searches is refreshed as well
        "max_result_window": 2 * MOST_HITS,  # a whole page after a first page
        "codec": "best_compression",
        "analysis": {
            "analyzer": {
                "words": {"type": "custom", "tokenizer": "whitespace", "filter": ["gaps"]},
                "reading": {"type": "custom", "tokenizer": "standard", "filter": ["asciifolding", "lowercase"]},
            },
            "filter": {"gaps": {"type": "stop", "stopwords": [GAP]}},  # leaves their places free
        },
    }


def _kept() -> dict[str, Any]:
    """The fields of `Document`, as Elasticsearch gives them back."""
    reading = {"type": "text", "analyzer": "reading"}
    whole = dict.fromkeys(("id", "revision", "source", "feed", "tags", "language", "story"), _KEYWORD)
    times = {name: {"type": "date"} for name in ("published", "fetched", "tagged", "indexed")}
    parts = {
        "entities": _nested(
            _KEYWORD, ("name", "label", "text", "part", "country", "rule"), location={"type": "geo_point"}
        ),
        "events": _nested(
            _KEYWORD, ("type", "plover", "status", "actors", "place", "part", "rule"), date=_a_date(), sentence=reading
        ),
    }
    return {**whole, "url": _UNSEARCHED, "title": reading, "text": reading, **times, **parts}


def _searched() -> dict[str, Any]:
    """The flat fields that queries ask, by the names they have in the embedded index."""
    words = {"type": "text", "analyzer": "words"}
    # Only whether a word is there matters to a prefix.
    present = {"type": "text", "analyzer": "words", "index_options": "docs", "norms": False}
    fields: dict[str, Any] = {f"{part}_{language}": words for part in ("title", "text") for language in LANGUAGES}
    fields |= {"title_plain": present, "text_plain": present}
    fields |= {f"{name}_words": words for name in (*NAMES, "source")}
    fields |= dict.fromkeys((*NAMES, "event", "status", "tag"), _KEYWORD)
    # Elasticsearch's dates know milliseconds; ours know microseconds.
    fields |= {name: {"type": "long"} for name in ("published_us", "fetched_us", "indexed_us", "order")}
    return fields


def _charted() -> dict[str, Any]:
    """Flat fields for Kibana, which draws no maps or time lines of nested ones."""
    return {
        "event_location": {"type": "geo_point", "ignore_malformed": True},
        "place_location": {"type": "geo_point", "ignore_malformed": True},
        "country": _KEYWORD,
        "event_date": _a_date(),
        "planned_date": _a_date(),
        "pair": _KEYWORD,
    }


def _a_date() -> dict[str, Any]:
    """An ISO day, month or year; the tagger's word for it is kept even where it is no date."""
    return {"type": "date", "format": "strict_date||strict_year_month||strict_year", "ignore_malformed": True}


def _nested(keyword: dict[str, Any], names: tuple[str, ...], **others: dict[str, Any]) -> dict[str, Any]:
    offset = {"type": "integer", "index": False}
    return {"type": "nested", "properties": dict.fromkeys(names, keyword) | {"start": offset, "end": offset} | others}
