"""The sample edition: forty-odd articles of our own, so that Wirewatch has something to show without a network."""

import tomllib
from datetime import datetime
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

from index.alerts.rule import Rule
from ingest.feed import Feed

RULES = (
    Rule(name="Leaders on the phone (sample)", query="event:phone_call AND person:Putin"),
    Rule(name="Naval exercises (sample)", query="event:naval_exercise"),
    Rule(name="Détroit de Taïwan (sample)", query='event:incursion OR place:"détroit de Taïwan"'),
)


class Source(BaseModel):
    """An invented news source. With `pages`, its feed has summaries only and the text stands on the article's page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    title: str
    language: Literal["en", "fr", "de", "es"]
    format: Literal["rss", "rdf", "atom"]
    encoding: str
    pages: bool


class SampleArticle(BaseModel):
    """One article of a source. `correction` replaces the text from the second reading of the feed on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    slug: str
    published: datetime
    title: str
    summary: str
    text: str = ""
    correction: str | None = None
    link: bool = True
    again: str | None = None


class Edition(BaseModel):
    """All sources and articles, newest article first within a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: tuple[Source, ...]
    article: tuple[SampleArticle, ...]

    def articles_of(self, source: Source) -> list[SampleArticle]:
        """The articles that the source's feed lists."""
        own = [article for article in self.article if article.source == source.path]
        return sorted(own, key=lambda article: article.published, reverse=True)


def load_edition() -> Edition:
    """The edition that comes with the package."""
    edition = Edition.model_validate(
        tomllib.loads(resources.files(__package__).joinpath("edition.toml").read_text("utf-8"))
    )
    texts = {article.slug: article.text for article in edition.article}
    repeated = tuple(
        article.model_copy(update={"text": texts[article.again]}) if article.again else article
        for article in edition.article
    )
    return edition.model_copy(update={"article": repeated})


def sample_feeds(base_url: str) -> tuple[Feed, ...]:
    """The edition's feeds, where `routes.sample_routes` serves them."""
    return tuple(
        Feed(url=f"{base_url}/sample/{source.path}.xml", title=source.title, language=source.language, tags=("sample",))
        for source in load_edition().source
    )
