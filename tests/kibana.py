"""What Kibana asks of Elasticsearch for a chart, from the chart alone: the saved objects read as Kibana reads them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.kibana.saved_objects import SavedObject

RECORDS = "___records___"
_BARS = 50


@dataclass(frozen=True)
class Range:
    """The dashboard's time range."""

    start: datetime
    end: datetime

    def on(self, field: str) -> dict[str, Any]:
        """The filter that Kibana adds for it."""
        return {"range": {field: {"gte": self.start.isoformat(), "lte": self.end.isoformat()}}}

    @property
    def interval(self) -> str:
        """What the interval `auto` comes to, about."""
        return f"{max(1, (self.end - self.start) // timedelta(hours=1) // _BARS)}h"


@dataclass(frozen=True)
class Search:
    """One search: the index or alias, and what is sent."""

    index: str
    body: Mapping[str, Any]


def search_of(chart: SavedObject, objects: Mapping[str, SavedObject], during: Range) -> Search:
    """The one search that a chart makes."""
    return _vega_search(chart, during) if chart.kind == "visualization" else _lens_search(chart, objects, during)


def fields_of(chart: SavedObject) -> set[str]:
    """The fields that a chart names."""
    if chart.kind == "lens":
        asked = {field for each in _kql(chart) for field in each["match_phrase"]}
        return {column["sourceField"] for column in columns_of(chart).values()} - {RECORDS} | asked
    url = vega_url(chart)
    return {url["%timefield%"], *_fields_in(url["body"])}


def columns_of(chart: SavedObject) -> Mapping[str, Any]:
    """The columns of a Lens chart, in their order."""
    [layer] = chart.attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
    return {key: layer["columns"][key] for key in layer["columnOrder"]}


def vega_url(chart: SavedObject) -> Mapping[str, Any]:
    """Where a Vega chart has its data from: index, body, and what Kibana is to add."""
    spec = json.loads(json.loads(chart.attributes["visState"])["params"]["spec"])
    data = spec["data"][0] if isinstance(spec["data"], list) else spec["data"]
    url: Mapping[str, Any] = data["url"]
    return url


def runtime_fields(view: SavedObject) -> Mapping[str, Any]:
    """The fields that a data view adds."""
    found: Mapping[str, Any] = json.loads(view.attributes.get("runtimeFieldMap", "{}"))
    return found


def _vega_search(chart: SavedObject, during: Range) -> Search:
    url = vega_url(chart)
    assert url["%context%"] is True
    assert "query" not in url["body"], "Kibana adds the dashboard's filters only where there is no query"
    return Search(url["index"], {**url["body"], "query": during.on(url["%timefield%"])})


def _lens_search(chart: SavedObject, objects: Mapping[str, SavedObject], during: Range) -> Search:
    [reference] = chart.references
    view = objects[reference.id]
    columns = columns_of(chart)
    times = [each["sourceField"] for each in columns.values() if each["operationType"] == "date_histogram"]
    body = {
        "size": 0,
        "query": {"bool": {"filter": [during.on((times or [view.attributes["timeFieldName"]])[0]), *_kql(chart)]}},
        "runtime_mappings": runtime_fields(view),
        "aggs": _nested(list(columns.items()), during),
    }
    return Search(view.attributes["title"], body)


def _kql(chart: SavedObject) -> list[dict[str, Any]]:
    """The chart's own query; of Kibana's query language it uses `field: "value"` only."""
    text = chart.attributes["state"]["query"]["query"]
    if not text:
        return []
    found = re.fullmatch(r'(\w+): "(\w+)"', text)
    assert found, text
    return [{"match_phrase": {found[1]: found[2]}}]


def _nested(columns: Sequence[tuple[str, Any]], during: Range) -> dict[str, Any]:
    key, column = columns[0]
    if not column["isBucketed"]:
        return {key: measured for key, column in columns if (measured := _metric(column))}
    inner = _nested(columns[1:], during)
    return {key: {**_buckets(column, during), **({"aggs": inner} if inner else {})}}


def _buckets(column: Any, during: Range) -> dict[str, Any]:
    field, params = column["sourceField"], column["params"]
    if column["operationType"] == "date_histogram":
        assert (params["interval"], params["includeEmptyRows"]) == ("auto", True)
        return {"date_histogram": {"field": field, "fixed_interval": during.interval, "min_doc_count": 0}}
    assert column["operationType"] == "terms"
    assert params["orderBy"] == {"type": "column", "columnId": "count"}
    return {"terms": {"field": field, "size": params["size"], "order": {"_count": params["orderDirection"]}}}


def _metric(column: Any) -> dict[str, Any] | None:
    field = column["sourceField"]
    if column["operationType"] == "percentile":
        return {"percentiles": {"field": field, "percents": [column["params"]["percentile"]]}}
    if column["operationType"] == "max":
        return {"max": {"field": field}}
    assert (column["operationType"], field) == ("count", RECORDS)
    return None


def _fields_in(body: Any) -> Iterator[str]:
    """Every field that a search names, wherever in it."""
    if isinstance(body, list):
        for each in body:
            yield from _fields_in(each)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key in ("field", "path"):
                yield value
            elif key in ("term", "range"):
                yield from value
            else:
                yield from _fields_in(value)
