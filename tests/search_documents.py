"""Documents and names for tests of search, small enough to read at a glance."""

import hashlib
from datetime import UTC, datetime, timedelta

from index.document import Document
from index.query import Query, parse
from ingest.article import Article
from process.tagged import Entity, Event, Label, Status, TaggedArticle

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

_NAMES = {
    "pékin": ("Beijing",),
    "peking": ("Beijing",),
    "beijing": ("Beijing",),
    "china": ("China",),
    "poutine": ("Vladimir Putin",),
    "géorgie": ("Georgia (country)", "Georgia (U.S. state)"),
    "otan": ("NATO",),
}


class KnownNames:
    """A resolver that knows a handful of names."""

    def resolve(self, name: str) -> tuple[str, ...]:
        return _NAMES.get(name.casefold(), ())


def read(query: str) -> Query:
    """The query, read at NOW with the names above."""
    return parse(query, KnownNames(), NOW)


def entity(name: str, label: Label, text: str | None = None, start: int = 0) -> Entity:
    """An entity that stands in the text at `start`."""
    shown = text or name
    return Entity(name=name, label=label, text=shown, part="text", start=start, end=start + len(shown))


def event(
    kind: str, status: Status = "happened", actors: tuple[str, ...] = (), place: str | None = None, sentence: str = ""
) -> Event:
    """An event whose sentence begins the text."""
    return Event(
        type=kind,
        plover="",
        status=status,
        actors=actors,
        place=place,
        sentence=sentence,
        part="text",
        start=0,
        end=len(sentence),
    )


def a_document(
    name: str,
    title: str = "",
    text: str = "",
    language: str = "en",
    *,
    source: str = "Harbour Post",
    tags: tuple[str, ...] = (),
    entities: tuple[Entity, ...] = (),
    events: tuple[Event, ...] = (),
    days_ago: float = 0,
    published: datetime | None = None,
    story: str | None = None,
) -> Document:
    """A document. It was published, fetched, tagged and indexed `days_ago` before NOW."""
    time = published or NOW - timedelta(days=days_ago)
    return Document(
        id=name,
        revision=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16],
        url=f"https://news.example/{name}",
        source=source,
        feed="https://news.example/feed.xml",
        tags=tags,
        title=title,
        text=text,
        language=language,
        entities=entities,
        events=events,
        story=story or name,
        published=time,
        fetched=time,
        tagged=time,
        indexed=time,
    )


def an_article(name: str, title: str = "", text: str = "", published: datetime = NOW) -> Article:
    """An article as ingest emits it."""
    return Article(
        id=name,
        revision=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16],
        url=f"https://news.example/{name}",
        guid=None,
        source="Harbour Post",
        feed="https://news.example/feed.xml",
        title=title,
        text=text,
        language="en",
        published=published,
        published_by="feed",
        fetched=published,
    )


def a_tagged_article(article: Article) -> TaggedArticle:
    """The article with no tags."""
    return TaggedArticle(article=article, language="en", entities=(), events=(), tagged=article.fetched)
