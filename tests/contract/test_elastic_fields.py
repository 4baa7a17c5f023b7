"""What Elasticsearch makes of our fields: the very words of the embedded index, and what Kibana can ask."""

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import LANGUAGES, PLAIN, tokens
from index.elastic.client import ElasticServer, connect
from index.elastic.document import as_words
from index.elastic.index import ElasticIndex
from index.port import SearchRequest
from process.tagged import Entity, Event, Location
from tests.contract.test_search_agreement import WORDS
from tests.elastic import an_index
from tests.search_documents import a_document, read


@pytest.fixture(scope="module")
def index(elastic_url: str) -> Iterator[ElasticIndex]:
    """An index with one visit, planned in Moscow, and one exercise in the South China Sea."""
    with an_index(elastic_url) as opened:
        opened.write([a_document("a", "Visit and exercise", "Both.", entities=(MOSCOW, SEA), events=(VISIT, EXERCISE))])
        opened.count()
        yield opened


@pytest.fixture(scope="module")
def client(elastic_url: str) -> Iterator[Elasticsearch]:
    with connect(ElasticServer(elastic_url)) as opened:
        yield opened


def place(name: str, lat: float, lon: float, country: str | None) -> Entity:
    location = Location(lat=lat, lon=lon)
    return Entity(name=name, label="GPE", text=name, part="text", start=0, end=4, country=country, location=location)


def happening(kind: str, **fields: Any) -> Event:
    return Event(type=kind, plover="", sentence="Both.", part="text", start=0, end=5, **fields)


MOSCOW = place("Moscow", 55.75, 37.62, "RU")
SEA = place("South China Sea", 15.0, 115.0, None)
VISIT = happening("visit", status="planned", actors=("Xi Jinping", "Vladimir Putin"), place="Moscow", date="2026-12")
EXERCISE = happening("naval_exercise", status="happened", actors=("China",), place="South China Sea", date="someday")


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=30).map(" ".join))
@settings(max_examples=150)
def test_a_text_has_the_same_words_in_the_same_places_as_in_the_embedded_index(
    client: Elasticsearch, index: ElasticIndex, text: str
) -> None:
    for language in (*LANGUAGES, PLAIN):
        field = "source_words" if language == PLAIN else f"text_{language}"
        sent = as_words(text, language)
        analyzed = client.indices.analyze(index=f"{index.name}-articles", field=field, text=sent)["tokens"]
        wanted = [(token.text, token.position) for token in tokens(text, language)]
        assert [(token["token"], token["position"]) for token in analyzed] == wanted


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"nested": {"path": "events", "query": {"bool": {"filter": [
            {"term": {"events.type": "visit"}}, {"term": {"events.status": "planned"}}]}}}}, 1),
        ({"nested": {"path": "events", "query": {"bool": {"filter": [
            {"term": {"events.type": "visit"}}, {"term": {"events.status": "happened"}}]}}}}, 0),
        ({"nested": {"path": "entities", "query": {"geo_distance": {
            "distance": "50km", "entities.location": {"lat": 55.7, "lon": 37.6}}}}}, 1),
        ({"geo_distance": {"distance": "50km", "event_location": {"lat": 55.7, "lon": 37.6}}}, 1),
        ({"geo_distance": {"distance": "50km", "place_location": {"lat": 48.8, "lon": 2.3}}}, 0),
        ({"term": {"pair": "Vladimir Putin – Xi Jinping"}}, 1),
        ({"term": {"country": "RU"}}, 1),
        ({"range": {"planned_date": {"gte": "2026-12-01", "lt": "2027-01-01"}}}, 1),
        ({"range": {"event_date": {"lt": "2026-12-01"}}}, 0),
        ({"match_phrase": {"title": "VISIT and"}}, 1),
        ({"match_phrase": {"text": "both"}}, 1),
    ],
)  # fmt: skip
def test_kibana_can_ask_for_one_event_a_place_on_the_map_a_pair_and_a_date(
    client: Elasticsearch, index: ElasticIndex, query: dict[str, Any], count: int
) -> None:
    assert client.count(index=f"{index.name}-articles", query=query)["count"] == count


def test_a_field_that_is_not_in_the_mapping_is_refused(client: Elasticsearch, index: ElasticIndex) -> None:
    [name] = client.indices.get_alias(name=f"{index.name}-articles")
    answer = client.bulk(index=name, operations=[{"index": {"_id": "x"}}, {"surprise": 1}])
    assert "strict_dynamic_mapping_exception" in str(answer["items"])


def test_what_can_be_made_again_is_not_kept_twice(client: Elasticsearch, index: ElasticIndex) -> None:
    [hit] = client.search(index=f"{index.name}-articles")["hits"]["hits"]
    assert hit["_source"]["title"] == "Visit and exercise"
    assert not [name for name in hit["_source"] if name.startswith(("title_", "text_")) or name.endswith("_words")]
    assert index.search(SearchRequest(read("exercise"))).total == 1
