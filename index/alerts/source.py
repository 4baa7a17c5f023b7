"""What an alert remembers of a matched article: enough to write the mail and to show the history, without the index."""

from collections.abc import Sequence

from pydantic import AwareDatetime, BaseModel, ConfigDict

from index.document import Document
from process.tagged import Event

_LONGEST = 2_000
"""Characters kept of a title, a sentence or an address: an article may have megabytes of each."""


class Source(BaseModel):
    """One article of a group. `events`: those the rule is about. `why`: the pieces (text, is_match) that it matched.

    `fetched` is None in what an earlier version kept.
    """

    model_config = ConfigDict(frozen=True)

    article: str
    revision: str
    title: str
    url: str | None
    source: str
    language: str
    published: AwareDatetime
    fetched: AwareDatetime | None = None
    events: tuple[Event, ...]
    why: tuple[tuple[tuple[str, bool], ...], ...] = ()


def source(document: Document, events: Sequence[Event], why: Sequence[Sequence[tuple[str, bool]]]) -> Source:
    """The document as an alert keeps it."""
    return Source(
        article=document.id,
        revision=document.revision,
        title=document.title[:_LONGEST],
        url=document.url,
        source=document.source[:_LONGEST],
        language=document.language,
        published=document.published,
        fetched=document.fetched,
        events=tuple(event.model_copy(update={"sentence": event.sentence[:_LONGEST]}) for event in events),
        why=tuple(tuple(fragment) for fragment in why),
    )
