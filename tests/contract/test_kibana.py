"""The dashboard for Kibana: what each chart asks of a real Elasticsearch that the pipeline filled, and what it gets.

Kibana itself is not run. Its charts are turned into searches as Kibana does it (`tests/kibana.py`).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from deploy.kibana.dashboard import saved_objects
from deploy.kibana.saved_objects import SavedObject
from deploy.kibana.vega import PRECISION
from index.alerts.history import AlertRow
from index.document import Document
from index.elastic.client import ElasticServer, connect
from index.elastic.history import ElasticHistory
from index.elastic.index import ElasticIndex
from index.port import SearchRequest
from tests.end_to_end.desk import Desk, item, rss
from tests.feed_server import FeedServer
from tests.kibana import Range, Search, columns_of, fields_of, runtime_fields, search_of
from tests.search_documents import read

NOW = datetime.now(UTC)
SOON = (NOW + timedelta(days=20)).date()
LONG_AGO = datetime(2022, 12, 1, tzinfo=UTC)
"""Before the sample edition."""


@dataclass(frozen=True)
class Newsroom:
    """A Wirewatch whose index is on Elasticsearch, with the sample edition and a feed of today in it."""

    client: Elasticsearch
    name: str
    documents: tuple[Document, ...]
    alerts: tuple[AlertRow, ...]

    @property
    def objects(self) -> Mapping[str, SavedObject]:
        """What is installed in Kibana, by the end of the id."""
        return {each.id.removeprefix(f"{self.name}-"): each for each in saved_objects(self.name)}

    def ask(self, end: str, start: datetime = LONG_AGO) -> Any:
        """The aggregations that Kibana gets for a chart."""
        by_id = {each.id: each for each in saved_objects(self.name)}
        search = search_of(self.objects[end], by_id, Range(start, datetime.now(UTC) + timedelta(minutes=5)))
        return self.send(search)["aggregations"]

    def send(self, search: Search) -> Any:
        """What Elasticsearch answers."""
        return self.client.search(index=search.index, **search.body).body


def todays_feed() -> str:
    """A feed whose articles tell of a meeting and of a visit ahead."""
    yesterday = format_datetime(NOW - timedelta(days=1))
    day = f"{SOON.day} {SOON:%B %Y}"
    told = {
        "meeting": ("Xi meets Putin", "Chinese President Xi Jinping met Russian President Vladimir Putin in Moscow."),
        "visit": ("Xi to visit Berlin", f"Chinese President Xi Jinping will visit Berlin on {day}, officials said."),
    }
    return rss([item(name, title, text, published=yesterday) for name, (title, text) in told.items()])


@pytest.fixture(scope="module")
def newsroom(elastic_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    name = f"test-{uuid4().hex[:12]}"
    server = ElasticServer(elastic_url)
    with FeedServer() as feeds, connect(server) as client:
        feeds.serve("/wire.xml", todays_feed())
        where = {"WIREWATCH_NAME": name, "WIREWATCH_SEARCH__URL": elastic_url}
        desk = Desk(tmp_path_factory.mktemp("desk"), feeds=[feeds.url("/wire.xml")], environment=where)
        desk.run("run", "--once", "--sample")
        try:
            with closing(ElasticIndex(server, name)) as index, closing(ElasticHistory(server, name)) as history:
                hits = index.search(SearchRequest(read("*:*"), limit=1000)).hits
                yield Newsroom(client, name, tuple(hit.document for hit in hits), tuple(history.list(1000)))
        finally:
            for each in client.indices.get(index=f"{name}-*"):
                client.indices.delete(index=each)
            for template in client.indices.get_index_template(name=f"{name}-*")["index_templates"]:
                client.indices.delete_index_template(name=template["name"])


def counted(values: Callable[[Document], Iterable[str]], documents: Iterable[Document]) -> Counter[str]:
    """In how many documents each value stands."""
    return Counter(value for document in documents for value in set(values(document)))


def shown(buckets: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many documents Elasticsearch counts for each value."""
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets})


def agree(buckets: list[Mapping[str, Any]], expected: Counter[str]) -> None:
    """The chart shows the commonest values with their right numbers, all of them where they are few enough."""
    got = shown(buckets)
    assert expected
    assert all(expected[value] == number for value, number in got.items())
    assert sorted(got.values(), reverse=True) == [number for _, number in expected.most_common(len(buckets))]


def actors(document: Document) -> list[str]:
    return [actor for event in document.events for actor in event.actors]


def pairs(document: Document) -> list[str]:
    return [
        f"{one} – {other}" for event in document.events for one, other in combinations(sorted(set(event.actors)), 2)
    ]


@pytest.mark.parametrize(
    ("chart", "values"),
    [
        ("events", lambda document: [event.type for event in document.events]),
        ("actors", actors),
        ("pairs", pairs),
    ],
)
def test_a_ranking_shows_in_how_many_articles_each_value_stands(
    newsroom: Newsroom, chart: str, values: Callable[[Document], Iterable[str]]
) -> None:
    buckets = newsroom.ask(chart)[chart]["buckets"]
    agree(buckets, counted(values, newsroom.documents))
    recent = [each for each in newsroom.documents if each.published > NOW - timedelta(days=7)]
    agree(newsroom.ask(chart, NOW - timedelta(days=7))[chart]["buckets"], counted(values, recent))


def test_the_leaders_of_the_feed_are_a_pair(newsroom: Newsroom) -> None:
    buckets = newsroom.ask("pairs", NOW - timedelta(days=7))["pairs"]["buckets"]
    assert shown(buckets) == {"Vladimir Putin – Xi Jinping": 1}


@pytest.mark.parametrize("chart", ["language", "source"])
def test_coverage_shows_the_articles_of_each_period(newsroom: Newsroom, chart: str) -> None:
    buckets = newsroom.ask(f"coverage-by-{chart}")[chart]["buckets"]
    agree(buckets, counted(lambda document: [getattr(document, chart)], newsroom.documents))
    for bucket in buckets:
        assert sum(period["doc_count"] for period in bucket["time"]["buckets"]) == bucket["doc_count"]


def test_the_map_has_a_tile_at_each_place_of_events(newsroom: Newsroom) -> None:
    places: Counter[tuple[int, int]] = Counter()
    for document in newsroom.documents:
        located = {entity.name: entity.location for entity in document.entities if entity.location}
        named = {event.place for event in document.events if event.place in located}
        places.update({tile(located[place].lat, located[place].lon) for place in named if place})
    buckets = newsroom.ask("places")["tiles"]["buckets"]
    got = {tuple(map(int, bucket["key"].split("/")[1:])): bucket["doc_count"] for bucket in buckets}
    assert got == places
    assert tile(55.75, 37.62) in got, "Moscow, where they met"


def tile(lat: float, lon: float) -> tuple[int, int]:
    """Column and row of the tile of a place on a web map."""
    across = 2**PRECISION
    down = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * across), int((1 - down) / 2 * across)


def test_planned_events_ahead_are_counted_by_type_and_day(newsroom: Newsroom) -> None:
    answer = newsroom.ask("planned")
    found = {
        (types["key"], datetime.fromtimestamp(day["key"] / 1000, UTC).date()): day["doc_count"]
        for types in answer["events"]["planned"]["types"]["buckets"]
        for day in types["days"]["buckets"]
    }
    assert found == Counter(planned(newsroom.documents))
    assert found["visit", SOON] == 1


def planned(documents: Iterable[Document]) -> Iterator[tuple[str, date]]:
    """Type and day of each planned event of the next 90 days."""
    for event in (event for document in documents for event in document.events):
        if event.status == "planned" and event.date:
            day = date.fromisoformat(f"{event.date}-01-01"[:10])
            if NOW.date() <= day < NOW.date() + timedelta(days=90):
                yield event.type, day


def test_latency_is_reckoned_from_the_times_of_the_articles(newsroom: Newsroom) -> None:
    [period] = [each for each in newsroom.ask("latency")["time"]["buckets"] if each["doc_count"]]
    fetching = sorted((each.fetched - each.published).total_seconds() for each in newsroom.documents)
    indexing = sorted((each.indexed - each.fetched).total_seconds() for each in newsroom.documents)
    for column, seconds in (("fetch-half", fetching), ("index-half", indexing)):
        [value] = period[column]["values"].values()
        assert seconds[len(seconds) // 2 - 2] - 0.001 <= value <= seconds[len(seconds) // 2 + 2] + 0.001
    [most] = period["index-most"]["values"].values()
    assert 0 < most <= indexing[-1] + 0.001


def test_each_feed_shows_when_it_last_gave_something_new(newsroom: Newsroom) -> None:
    buckets = newsroom.ask("feeds")["source"]["buckets"]
    agree(buckets, counted(lambda document: [document.source], newsroom.documents))
    for bucket in buckets:
        own = [each for each in newsroom.documents if each.source == bucket["key"]]
        last = datetime.fromtimestamp(bucket["last"]["value"] / 1000, UTC)
        assert abs(last - max(each.fetched for each in own)) < timedelta(milliseconds=2)


def test_alerts_sent_are_counted_by_rule(newsroom: Newsroom) -> None:
    sent = Counter(row.rule for row in newsroom.alerts if row.state == "sent")
    agree(newsroom.ask("sent")["rule"]["buckets"], sent)


def test_every_chart_has_its_query_tested_here(newsroom: Newsroom) -> None:
    charts = {end for end, each in newsroom.objects.items() if each.kind in ("lens", "visualization")}
    for end in charts:
        assert str(newsroom.ask(end)).count("doc_count"), end
    assert charts == {
        "coverage-by-language", "coverage-by-source", "events", "places", "actors", "pairs", "planned",
        "sent", "latency", "feeds",
    }  # fmt: skip


def test_every_field_is_one_that_kibana_finds_in_the_index(newsroom: Newsroom) -> None:
    for view, charts in by_view(newsroom.objects.values()):
        known = newsroom.client.field_caps(index=view.attributes["title"], fields="*")["fields"]
        assert known[view.attributes["timeFieldName"]].keys() == {"date"}
        for chart in charts:
            named = fields_of(chart)
            assert named - known.keys() - runtime_fields(view).keys() == set(), chart.id
            if chart.kind == "lens":
                kinds = {field: kind for field in named & known.keys() for kind in known[field]}
                types = {"date": "date", "string": "keyword"}
                for column in columns_of(chart).values():
                    if (field := column["sourceField"]) in kinds:
                        assert kinds[field] == types[column["dataType"]], f"{chart.id} {field}"
                        assert "." not in field, f"{field}: Lens cannot aggregate what is nested"


def by_view(objects: Iterable[SavedObject]) -> Iterator[tuple[SavedObject, list[SavedObject]]]:
    """Each data view with the charts that ask it."""
    everything = list(objects)
    for view in (each for each in everything if each.kind == "index-pattern"):
        index = view.attributes["title"]
        asking = [each for each in everything if each.kind == "lens" and each.references[0].id == view.id]
        vega = [each for each in everything if each.kind == "visualization" and f'"{index}' in str(each.attributes)]
        yield view, asking + vega
