"""What Kibana shows of one Wirewatch: data views of articles and alerts, charts, the dashboard that has them all."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.kibana import lens, vega
from deploy.kibana.saved_objects import Reference, SavedObject, embedded, no_filter

FETCH_SECONDS, INDEX_SECONDS = "fetch_seconds", "index_seconds"
"""Fields that Elasticsearch reckons from the times of an article when it is asked."""

_PANELS = {
    "coverage-by-language": (0, 0, 24, 12),
    "coverage-by-source": (24, 0, 24, 12),
    "events": (0, 12, 24, 16),
    "places": (24, 12, 24, 16),
    "actors": (0, 28, 24, 16),
    "pairs": (24, 28, 24, 16),
    "planned": (0, 44, 24, 14),
    "sent": (24, 44, 24, 14),
    "latency": (0, 58, 24, 14),
    "feeds": (24, 58, 24, 14),
}
"""Where each chart stands, by the end of its id: x, y, width, height. The dashboard is 48 wide."""


def saved_objects(name: str) -> Sequence[SavedObject]:
    """All objects of the Wirewatch of that name, each after those it refers to. The same name gives the same ids."""
    charts = [*_coverage(name), *_events(name), *_alerts(name), *_health(name)]
    return (_articles_view(name), _alerts_view(name), *charts, _dashboard(name, charts))


def _articles_view(name: str) -> SavedObject:
    reckoned = {FETCH_SECONDS: ("published", "fetched"), INDEX_SECONDS: ("fetched", "indexed")}
    duration = {
        "id": "duration",
        "params": {"inputFormat": "seconds", "outputFormat": "humanizePrecise", "outputPrecision": 1},
    }
    formats = dict.fromkeys(reckoned, duration)
    fields = {field: _seconds_between(*times) for field, times in reckoned.items()}
    return _view(f"{name}-articles", f"Articles ({name})", vega.TIME, fields, formats)


def _alerts_view(name: str) -> SavedObject:
    return _view(f"{name}-alerts", f"Alerts ({name})", "time", {}, {})


def _coverage(name: str) -> list[SavedObject]:
    sources = {"language": ("Language", 10), "source": ("Source", 15)}
    return [
        lens.xy(
            lens.Head(f"{name}-coverage-by-{field}", f"Coverage by {field}", f"{name}-articles"),
            "bar_stacked",
            {
                field: lens.top(label, field, size, other=True),
                "time": lens.by_time("published"),
                lens.COUNT: lens.count("Articles"),
            },
            split=field,
        )
        for field, (label, size) in sources.items()
    ]


def _events(name: str) -> list[SavedObject]:
    ranked = {
        "events": ("Events by type", "Event", "event", 40),
        "actors": ("Top actors", "Actor", "actor", 20),
        "pairs": ("Who with whom", "Actors of one event", "pair", 20),
    }
    bars = [
        lens.xy(
            lens.Head(f"{name}-{end}", title, f"{name}-articles"),
            "bar_horizontal",
            {end: lens.top(label, field, size), lens.COUNT: lens.count("Articles")},
        )
        for end, (title, label, field, size) in ranked.items()
    ]
    return [
        *bars,
        vega.map_of_places(f"{name}-articles", f"{name}-places", "Places of events"),
        vega.planned_events(f"{name}-articles", f"{name}-planned", "Planned events, the next 90 days"),
    ]


def _alerts(name: str) -> list[SavedObject]:
    columns = {
        "rule": lens.top("Rule", "rule", 20, other=True),
        "time": lens.by_time("time"),
        lens.COUNT: lens.count("Mails"),
    }
    head = lens.Head(f"{name}-sent", "Alerts sent", f"{name}-alerts", 'state: "sent"')
    return [lens.xy(head, "bar_stacked", columns, split="rule")]


def _health(name: str) -> list[SavedObject]:
    latency = {
        "time": lens.by_time("fetched"),
        "fetch-half": lens.percentile("Published to fetched, half", FETCH_SECONDS, 50),
        "fetch-most": lens.percentile("Published to fetched, 95 %", FETCH_SECONDS, 95),
        "index-half": lens.percentile("Fetched to indexed, half", INDEX_SECONDS, 50),
        "index-most": lens.percentile("Fetched to indexed, 95 %", INDEX_SECONDS, 95),
    }
    feeds = {
        "source": lens.top("Source", "source", 200),
        "last": lens.latest("Last new article fetched", "fetched"),
        lens.COUNT: lens.count("Articles"),
        "fetch-half": lens.percentile("Published to fetched, half", FETCH_SECONDS, 50),
        "fetch-most": lens.percentile("95 %", FETCH_SECONDS, 95),
    }
    silent = lens.Head(f"{name}-feeds", "Feeds, the most silent first", f"{name}-articles")
    return [
        lens.xy(lens.Head(f"{name}-latency", "Latency", f"{name}-articles"), "line", latency),
        lens.table(silent, feeds, oldest="last"),
    ]


def _view(
    index: str, title: str, time: str, fields: Mapping[str, object], formats: Mapping[str, object]
) -> SavedObject:
    """A data view: the index, its time, the fields it adds and how fields are written."""
    attributes = {
        "title": index,
        "name": title,
        "timeFieldName": time,
        "allowNoIndex": True,  # before the first article or mail there is none
        "fields": "[]",
        "fieldAttrs": "{}",
        "sourceFilters": "[]",
        "fieldFormatMap": embedded(formats),
        "runtimeFieldMap": embedded(fields),
    }
    return SavedObject("index-pattern", index, attributes)


def _seconds_between(earlier: str, later: str) -> dict[str, object]:
    millis = "doc['{}'].value.toInstant().toEpochMilli()"
    source = f"emit(({millis.format(later)} - {millis.format(earlier)}) / 1000.0)"
    return {"type": "double", "script": {"source": source}}


def _dashboard(name: str, charts: Sequence[SavedObject]) -> SavedObject:
    panels: list[dict[str, Any]] = []
    references: list[Reference] = []
    for chart in charts:
        place = chart.id.removeprefix(f"{name}-")
        x, y, width, height = _PANELS[place]
        panels.append(
            {
                "version": "8.9.0",
                "type": chart.kind,
                "gridData": {"x": x, "y": y, "w": width, "h": height, "i": place},
                "panelIndex": place,
                "embeddableConfig": {"enhancements": {}},
                "panelRefName": f"panel_{place}",
            }
        )
        references.append(Reference(f"{place}:panel_{place}", chart.kind, chart.id))
    attributes = {
        "title": f"Wirewatch ({name})",
        "description": "What the newswires tell, and how soon it is here.",
        "version": 1,
        "timeRestore": True,
        "timeFrom": "now-7d",
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60_000},
        "optionsJSON": embedded({"useMargins": True, "hidePanelTitles": False}),
        "panelsJSON": embedded(panels),
        "kibanaSavedObjectMeta": no_filter(),
    }
    return SavedObject("dashboard", f"{name}-dashboard", attributes, tuple(references))
