"""What Lens cannot draw, as Vega: a map, and the dates of single events, which are nested in their article.

A Vega chart holds its Elasticsearch query as it is sent; Kibana adds the dashboard's time range and filters
(`%context%`, `%timefield%`; "Vega reference" in Kibana's manual).
"""

import json
from typing import Any

from deploy.kibana.saved_objects import SavedObject, embedded, no_filter

TIME = "published"
PRECISION = 12
"""Zoom level of the map's tiles: 10 km at the equator. An article with several places is in the tile of each."""
_MOST_TILES = 10_000
_DAYS_AHEAD = 90


def map_of_places(index: str, object_id: str, title: str) -> SavedObject:
    """A circle for each place of events, the larger the more articles tell of events there."""
    # Not the centroid of each tile: Elasticsearch would take in the other places of its articles.
    tile = [
        ("z", "pow(2, +split(datum.key, '/')[0])"),
        ("n", "PI * (1 - 2 * (+split(datum.key, '/')[2] + 0.5) / datum.z)"),
        ("lon", "(+split(datum.key, '/')[1] + 0.5) / datum.z * 360 - 180"),
        ("lat", "atan((exp(datum.n) - exp(-datum.n)) / 2) * 180 / PI"),
    ]
    tiles = {"geotile_grid": {"field": "event_location", "precision": PRECISION, "size": _MOST_TILES}}
    places = {
        "name": "places",
        "url": _query(index, {"tiles": tiles}),
        "format": {"property": "aggregations.tiles.buckets"},
        "transform": [
            *({"type": "formula", "as": name, "expr": expression} for name, expression in tile),
            {"type": "geopoint", "projection": "projection", "fields": ["lon", "lat"]},
        ],
    }
    circle = {
        "x": {"field": "x"},
        "y": {"field": "y"},
        "size": {"scale": "area", "field": "doc_count"},
        "fill": {"value": "#b3261e"},
        "fillOpacity": {"value": 0.6},
        "tooltip": {"signal": "{Articles: datum.doc_count}"},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "config": {"kibana": {"type": "map", "latitude": 30, "longitude": 20, "zoom": 1}},
        "data": [places],
        "scales": [
            {"name": "area", "zero": True, "domain": {"data": "places", "field": "doc_count"}, "range": [20, 800]}
        ],
        "marks": [{"type": "symbol", "from": {"data": "places"}, "encode": {"update": circle}}],
    }
    return _visualization(object_id, title, spec)


def planned_events(index: str, object_id: str, title: str) -> SavedObject:
    """For each day ahead, how often planned events of each type are told of."""
    ahead = [
        {"term": {"events.status": "planned"}},
        {"range": {"events.date": {"gte": "now/d", "lt": f"now+{_DAYS_AHEAD}d/d"}}},
    ]
    days = {"date_histogram": {"field": "events.date", "calendar_interval": "day", "min_doc_count": 1}}
    types = {"terms": {"field": "events.type", "size": 40}, "aggs": {"days": days}}
    planned = {"filter": {"bool": {"filter": ahead}}, "aggs": {"types": types}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {
            "url": _query(index, {"events": {"nested": {"path": "events"}, "aggs": {"planned": planned}}}),
            "format": {"property": "aggregations.events.planned.types.buckets"},
        },
        "transform": [{"flatten": ["days.buckets"], "as": ["day"]}],
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {"field": "day.key", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": None},
            "y": {"field": "day.doc_count", "type": "quantitative", "aggregate": "sum", "title": "Times told"},
            "color": {"field": "key", "type": "nominal", "title": "Event"},
        },
    }
    return _visualization(object_id, title, spec)


def _query(index: str, aggregations: dict[str, Any]) -> dict[str, Any]:
    return {"index": index, "%context%": True, "%timefield%": TIME, "body": {"size": 0, "aggs": aggregations}}


def _visualization(object_id: str, title: str, spec: dict[str, Any]) -> SavedObject:
    state = {"title": title, "type": "vega", "aggs": [], "params": {"spec": json.dumps(spec, indent=2)}}
    attributes = {
        "title": title,
        "description": "",
        "version": 1,
        "visState": embedded(state),
        "uiStateJSON": "{}",
        "kibanaSavedObjectMeta": no_filter(),
    }
    return SavedObject("visualization", object_id, attributes)
