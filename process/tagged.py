"""What process emits: an article with its language, entities and events. Offsets count code points of title or text."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from ingest.article import Article

Label = Literal["PERSON", "ORG", "GPE", "LOC", "VESSEL"]
Status = Literal["happened", "ongoing", "planned", "cancelled"]
Part = Literal["title", "text"]


class Location(BaseModel):
    """WGS 84, degrees."""

    model_config = ConfigDict(frozen=True)

    lat: float
    lon: float


class Entity(BaseModel):
    """One named thing, once per article. `text` stands at [start, end) of the article's `part`.

    `name`     its canonical English name, the same in every language
    `country`  ISO 3166-1 alpha-2 of the country it is in or belongs to, where known
    `rule`     what made it: the gazetteer entry or the rule, for `wirewatch tag --explain`
    """

    model_config = ConfigDict(frozen=True)

    name: str
    label: Label
    text: str
    part: Part
    start: int
    end: int
    country: str | None = None
    location: Location | None = None
    rule: str = ""


class Event(BaseModel):
    """One event, once per article, with the sentence that proves it: `sentence` stands at [start, end) of `part`.

    `type`    one of the 35 types; `plover` is its code in PLOVER
    `actors`  entity names of those who take part
    `place`   entity name (GPE or LOC) where it happens
    `date`    ISO day, month or year, resolved against the article's publication
    `rule`    the trigger that made it
    """

    model_config = ConfigDict(frozen=True)

    type: str
    plover: str
    status: Status
    actors: tuple[str, ...] = ()
    place: str | None = None
    date: str | None = None
    sentence: str
    part: Part
    start: int
    end: int
    rule: str = ""


class TaggedArticle(BaseModel):
    """An article as the tagger leaves it. On the log: versioned JSON, keyed by the article's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    article: Article
    language: str
    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    tagged: AwareDatetime
