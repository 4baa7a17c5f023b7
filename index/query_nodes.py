"""What a query means, apart from how it was written and from the backend that answers it: small frozen nodes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

TextField = Literal["any", "title", "text", "source"]
NameField = Literal["entity", "person", "org", "place", "actor"]
WordField = TextField | NameField
ExactField = Literal["id", "feed", "tag", "story", "language", "event", "status"]
DateField = Literal["published", "fetched"]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `text`, one after the other; up to `slop` moves of one position each bring them there.

    Words compare without case, accents and, in title and text, inflection. "any" is title or text, title counting more.
    In a name field the words stand within one name of the document.
    """

    field: WordField
    text: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins with the last word of `text`; the words before it occur as they are, anywhere in the field."""

    field: WordField
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """One of these canonical names, whole."""

    field: NameField
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exact:
    """This very value."""

    field: ExactField
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """From `start` (included) to `end` (not included), UTC; None is open."""

    field: DateField
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    clauses: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    clauses: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the clause is not true of."""

    clause: "Query"


@dataclass(frozen=True, slots=True)
class Boost:
    """The clause, counting `factor` times in the score."""

    clause: "Query"
    factor: float


Query: TypeAlias = Everything | Words | Prefix | Named | Exact | Between | And | Or | Not | Boost
