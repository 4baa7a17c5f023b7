"""A name where it stands in a text."""

from dataclasses import dataclass
from typing import Literal

from process.gazetteer_entry import Entry
from process.tagged import Label, Location

MentionKind = Literal["name", "short", "adjective", "demonym", "prefix"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens [first, last) of a part name this thing. `rule` says why it is believed.

    `kind` tells a name from an adjective ("chinois") or demonym ("les Chinois") of a country; `role` is the gazetteer's
    word for what it is: country, capital, city, sea, …; empty for a name found by rule.
    """

    first: int
    last: int
    name: str
    label: Label
    rule: str
    kind: MentionKind = "name"
    country: str | None = None
    location: Location | None = None
    role: str = ""
    sure: bool = True

    @property
    def classes(self) -> frozenset[str]:
        """What patterns call it: its label, ANY, and STATE for a country."""
        return _CLASSES[self.label, self.role == "country"]

    @property
    def is_state(self) -> bool:
        """Whether it is a country (or a territory that stands for itself)."""
        return self.role == "country"

    @property
    def is_land(self) -> bool:
        """Whether it is a country, a territory or another land that is ruled."""
        return self.role in ("country", "territory", "region", "disputed")


_CLASSES = {
    (label, state): frozenset({label, "ANY", "STATE"} if state else {label, "ANY"})
    for label in ("PERSON", "ORG", "GPE", "LOC", "VESSEL")
    for state in (True, False)
}


def of_entry(first: int, last: int, entry: Entry, kind: MentionKind, *, sure: bool = True) -> Mention:
    """The mention of a gazetteer entry."""
    return Mention(
        first, last, entry.name, entry.label, entry.source, kind, entry.country, entry.location, entry.kind, sure
    )
