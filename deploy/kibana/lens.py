"""Charts as Kibana's Lens keeps them: columns, which say what is asked of Elasticsearch, and how these are drawn.

A column is one dimension of a chart, an aggregation. Columns that make buckets come first and are nested in that
order, those that measure come last. The names are Lens's own (`form_based/operations/definitions` in its sources).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.kibana.saved_objects import Reference, SavedObject

Column = dict[str, Any]

COUNT = "count"
"""The id by which `top` orders: a chart that has `top` has a column `count`."""
_LAYER = "layer"


def by_time(field: str) -> Column:
    """Buckets of time, as wide as the dashboard's range calls for; the range is laid on this field."""
    params = {"interval": "auto", "includeEmptyRows": True, "dropPartials": False}
    return _column(field, "date_histogram", field, "date", scale="interval", params=params)


def top(label: str, field: str, size: int, *, other: bool = False) -> Column:
    """The commonest values. `other` puts the rest into one more bucket; only for fields with one value per article."""
    params = {
        "size": size,
        "orderBy": {"type": "column", "columnId": COUNT},
        "orderDirection": "desc",
        "otherBucket": other,
        "missingBucket": False,
        "parentFormat": {"id": "terms"},
    }
    return _column(label, "terms", field, "string", scale="ordinal", params=params)


def count(label: str) -> Column:
    """How many documents."""
    return _column(label, "count", "___records___", "number", params={"emptyAsNull": True})


def percentile(label: str, field: str, percent: int) -> Column:
    """The value that so many percent do not exceed."""
    return _column(label, "percentile", field, "number", params={"percentile": percent})


def latest(label: str, field: str) -> Column:
    """The last of the times."""
    return _column(label, "max", field, "date", params={"emptyAsNull": True})


@dataclass(frozen=True, slots=True)
class Head:
    """What every chart has: its id and title, the id of its data view, and which documents it is about (KQL)."""

    id: str
    title: str
    view: str
    query: str = ""


def xy(head: Head, series: str, columns: Mapping[str, Column], *, split: str | None = None) -> SavedObject:
    """A chart with axes. `series` is how it is drawn, such as `bar_stacked`; `split` the column that colours it.

    The first other column that makes buckets is the x axis, all that measure are the y axis.
    """
    axis = next(key for key, column in columns.items() if column["isBucketed"] and key != split)
    layer = {
        "layerId": _LAYER,
        "layerType": "data",
        "seriesType": series,
        "xAccessor": axis,
        "accessors": [key for key, column in columns.items() if not column["isBucketed"]],
        **({"splitAccessor": split} if split else {}),
    }
    drawn = {
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "hide",
        "preferredSeriesType": series,
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
        "layers": [layer],
    }
    return _chart(head, "lnsXY", columns, drawn)


def table(head: Head, columns: Mapping[str, Column], *, oldest: str) -> SavedObject:
    """A table; the rows with the oldest time in the column `oldest` come first."""
    drawn = {
        "layerId": _LAYER,
        "layerType": "data",
        "columns": [{"columnId": key, "isTransposed": False} for key in columns],
        "sorting": {"columnId": oldest, "direction": "asc"},
    }
    return _chart(head, "lnsDatatable", columns, drawn)


def _chart(head: Head, kind: str, columns: Mapping[str, Column], drawn: dict[str, Any]) -> SavedObject:
    layer = {"columns": dict(columns), "columnOrder": list(columns), "incompleteColumns": {}}
    state = {
        "datasourceStates": {"formBased": {"layers": {_LAYER: layer}}},
        "visualization": drawn,
        "query": {"query": head.query, "language": "kuery"},
        "filters": [],
        "internalReferences": [],
        "adHocDataViews": {},
    }
    attributes = {"title": head.title, "description": "", "visualizationType": kind, "state": state}
    view = Reference(f"indexpattern-datasource-layer-{_LAYER}", "index-pattern", head.view)
    return SavedObject("lens", head.id, attributes, (view,))


def _column(
    label: str, operation: str, field: str, data: str, *, scale: str = "ratio", params: dict[str, Any]
) -> Column:
    return {
        "label": label,
        "customLabel": True,
        "dataType": data,
        "operationType": operation,
        "sourceField": field,
        "isBucketed": scale != "ratio",
        "scale": scale,
        "params": params,
    }
