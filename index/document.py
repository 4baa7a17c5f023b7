"""What the index stores and search returns: a tagged article with its story and the time it was indexed."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from process.tagged import Entity, Event, TaggedArticle


class Document(BaseModel):
    """One article as search knows it. `story` is the id of the first article of its near-duplicates, its own when alone."""

    model_config = ConfigDict(frozen=True)

    id: str
    revision: str
    url: str | None
    source: str
    feed: str
    tags: tuple[str, ...] = ()
    title: str
    text: str
    language: str
    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    story: str
    published: AwareDatetime
    fetched: AwareDatetime
    tagged: AwareDatetime
    indexed: AwareDatetime


def document(tagged: TaggedArticle, story: str, indexed: AwareDatetime) -> Document:
    """The document that stands for a tagged article."""
    article = tagged.article
    shared = article.model_dump(include={"id", "revision", "url", "source", "feed", "tags", "title", "text", "published", "fetched"})
    return Document(**shared, language=tagged.language, entities=tagged.entities, events=tagged.events,
                    tagged=tagged.tagged, story=story, indexed=indexed)
