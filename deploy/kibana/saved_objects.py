"""Kibana's saved objects, as its import takes them: one JSON object per line.

The format is that of Kibana 8.9, the last that changed for these types before "model versions": 8.19 and 9.x take it as
it is, or bring it forward when they import it. Sources: the `…/saved_objects` and `…/dashboard_saved_object` folders of
Kibana's plugins data_views, lens, visualizations and dashboard, and `lens/server/migrations`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["index-pattern", "lens", "visualization", "dashboard"]

_CORE_VERSION = "8.8.0"
_VERSIONS: dict[Kind, str] = {
    "index-pattern": "8.0.0",
    "lens": "8.9.0",
    "visualization": "8.5.0",
    "dashboard": "8.9.0",
}
"""By type, the version of the last migration that the format has behind it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """That an object needs another, and what it calls it."""

    name: str
    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class SavedObject:
    """One object. Kibana knows it by kind and id; the same id replaces it."""

    kind: Kind
    id: str
    attributes: dict[str, Any]
    references: Sequence[Reference] = ()


def to_ndjson(objects: Iterable[SavedObject]) -> str:
    """The objects as a file for import, those that others need first."""
    return "".join(f"{_line(each)}\n" for each in objects)


def embedded(value: Any) -> str:
    """JSON in a string, as Kibana keeps many attributes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def no_filter() -> dict[str, str]:
    """What an object says of the search it belongs to: no query and no filter of its own."""
    return {"searchSourceJSON": embedded({"query": {"query": "", "language": "kuery"}, "filter": []})}


def _line(each: SavedObject) -> str:
    references = [{"name": one.name, "type": one.kind, "id": one.id} for one in each.references]
    return embedded(
        {
            "type": each.kind,
            "id": each.id,
            "attributes": each.attributes,
            "references": references,
            "coreMigrationVersion": _CORE_VERSION,
            "typeMigrationVersion": _VERSIONS[each.kind],
        }
    )
