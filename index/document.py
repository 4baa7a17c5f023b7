"""What the index stores and search returns: a tagged article with its story and the time it was indexed."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from process.tagged import Entity, Event, TaggedArticle


class Document(BaseModel):
    """One article as search knows it. `story` is the id of the first of its near-duplicates, its own when alone."""

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
    return Document(
        id=article.id,
        revision=article.revision,
        url=article.url,
        source=article.source,
        feed=article.feed,
        tags=article.tags,
        title=article.title,
        text=article.text,
        language=tagged.language,
        entities=tagged.entities,
        events=tagged.events,
        story=story,
        published=article.published,
        fetched=article.fetched,
        tagged=tagged.tagged,
        indexed=indexed,
    )
