"""What ingest emits: one article as a feed told it, under an id that the same article keeps."""

import hashlib
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

PublishedBy = Literal["feed", "clamped", "fetched"]


class Article(BaseModel):
    """One news article. Written to the log as versioned JSON (`format`), keyed by `id`.

    `id`         the identity, see `article_id`; a changed article is a new `revision` of the same id
    `revision`   a hash of title and text
    `url`        canonical, None when the feed gave no link
    `source`     who published it: the feed's title, else its host
    `feed`       the feed's address
    `text`       plain text without markup, paragraphs parted by an empty line; may be empty
    `language`   what the feed claims (ISO 639), None when it does not say; the tagger decides
    `published`  UTC. `published_by` tells where it comes from: "feed"; "clamped" (the feed's date lay in the future and
                 was set to `fetched`); "fetched" (the feed had none, so it is the time it was first fetched)
    `full_text`  whether `text` is the article page's text rather than the feed's summary
    `truncated`  whether the end of `text` was cut off, since it is longer than is kept or than the log takes
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    id: str
    revision: str
    url: str | None
    guid: str | None
    source: str
    feed: str
    tags: tuple[str, ...] = ()
    title: str
    text: str
    language: str | None
    published: AwareDatetime
    published_by: PublishedBy
    fetched: AwareDatetime
    full_text: bool = False
    truncated: bool = False


def article_id(url: str | None, guid: str | None, source: str, title: str) -> str:
    """The article's identity: 32 hex digits of SHA-256 over its canonical URL, else its guid, else source and title."""
    named = f"url:{url}" if url else f"guid:{guid}" if guid else f"title:{source}\n{title}"
    return hashlib.sha256(named.encode()).hexdigest()[:32]


def revision(title: str, text: str) -> str:
    """16 hex digits that change when the title or the text does."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:16]
