"""A document as Elasticsearch holds it: the fields of `Document`, and those that queries and Kibana ask."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations
from typing import Any

from index.analysis import OTHER, PLAIN, STEMMERS, Token, analysis_language, analyzer, clean, stemmed, tokens
from index.document import Document
from index.elastic.mapping import GAP
from index.schema import NAMES, date_order, microseconds, names_of, words_of
from process.tagged import Location

_LONGEST_ID = 1000
_LONGEST_KEY = 512  # bytes, what Elasticsearch takes
_LONG_WORD = 50  # characters; from this length on, a word may be one of those that the analysis leaves out


def key(article_id: str) -> str:
    """The `_id` of an article's document."""
    encoded = article_id.encode()
    return article_id if len(encoded) <= _LONGEST_KEY else f"blake2:{hashlib.blake2b(encoded).hexdigest()}"


def month(document: Document) -> str:
    """The month whose index it goes to."""
    return document.fetched.astimezone(UTC).strftime("%Y.%m")


def to_elastic(document: Document) -> dict[str, Any]:
    """The document with all its fields. Raises ValueError when it cannot be stored."""
    if not 0 < len(document.id) <= _LONGEST_ID:
        raise ValueError(f"its id is empty or has more than {_LONGEST_ID} characters")
    row = document.model_dump(mode="json")
    row |= {"published": _iso(document.published), "fetched": _iso(document.fetched)}
    row |= {"tagged": _iso(document.tagged), "indexed": _iso(document.indexed)}
    language = analysis_language(document.language)
    for part, text in (("title", document.title), ("text", document.text)):
        cleaned = clean(text, language)
        folded = analyzer(PLAIN).analyze(cleaned)
        row[f"{part}_{language}"] = _joined_words(cleaned, folded, language)
        row[f"{part}_plain"] = " ".join(dict.fromkeys(folded))
    row["source_words"] = as_words(document.source, PLAIN)
    names, words = names_of(document), words_of(document)
    for field in NAMES:
        row[field] = names.get(field, [])
        row[f"{field}_words"] = [as_words(text, PLAIN) for text in words.get(field, ())]
    row["event"] = _distinct(event.type for event in document.events)
    row["status"] = _distinct(event.status for event in document.events)
    row["tag"] = [tag.casefold() for tag in document.tags]
    row |= {f"{name}_us": microseconds(getattr(document, name)) for name in ("published", "fetched", "indexed")}
    row["order"] = date_order(document)
    return row | _charted(document)


def from_elastic(source: dict[str, Any]) -> Document:
    """The document a row was made of."""
    return Document.model_validate({name: source[name] for name in Document.model_fields})


@lru_cache(maxsize=20_000)  # names and sources come again and again
def as_words(text: str, language: str) -> str:
    """The words of a text as the analysis knows them, with blanks between, GAP standing for those it leaves out."""
    cleaned = clean(text, language)
    return _joined_words(cleaned, analyzer(PLAIN).analyze(cleaned), language)


def joined(words: Iterable[Token]) -> str:
    """The words, each in its place, with blanks between."""
    places: list[str] = []
    for word in words:
        places += [GAP] * (word.position - len(places))
        places.append(word.text)
    return " ".join(places)


def _joined_words(cleaned: str, folded: Sequence[str], language: str) -> str:
    """The words of a clean text, whose folded words are known."""
    if language == OTHER or _may_have_long_word(cleaned):
        return joined(tokens(cleaned, language))
    return " ".join(stemmed(folded, language) if language in STEMMERS else folded)


def _may_have_long_word(text: str) -> bool:
    """Whether there is a stretch of that length without a blank. Leaps from blank to blank: faster than splitting."""
    place = 0
    while len(text) - place >= _LONG_WORD:
        place = text.rfind(" ", place, place + _LONG_WORD) + 1
        if not place:
            return True
    return False


def _charted(document: Document) -> dict[str, Any]:
    """See `index/elastic/mapping.py`: flat fields for Kibana."""
    locations = {entity.name: entity.location for entity in document.entities if entity.location}
    places = dict.fromkeys(event.place for event in document.events if event.place in locations)
    return {
        "place_location": [_point(location) for location in locations.values()],
        "event_location": [_point(locations[place]) for place in places if place],
        "country": _distinct(entity.country for entity in document.entities if entity.country),
        "event_date": _distinct(event.date for event in document.events if event.date),
        "planned_date": _distinct(e.date for e in document.events if e.date and e.status == "planned"),
        "pair": _distinct(_pairs(document)),
    }


def _pairs(document: Document) -> Iterator[str]:
    """Who with whom: each two actors of one event, in the order of the alphabet."""
    for event in document.events:
        for one, other in combinations(sorted(set(event.actors)), 2):
            yield f"{one} – {other}"


def _point(location: Location) -> dict[str, float]:
    return {"lat": location.lat, "lon": location.lon}


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
