"""The same feeds through `wirewatch start` on Kafka and Elasticsearch, and through one process on the embedded pair.

Both must come to the same articles, tags, search results and mails.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.wiring import open_index, open_names
from index.port import Hit, SearchRequest
from index.query import Query, parse
from ingest.clock import utc_now
from tests.elastic import a_name
from tests.end_to_end.desk import Desk, loopback, until
from tests.end_to_end.test_own_feeds import FEEDS, serve_told
from tests.end_to_end.test_recorded_feeds import serve_recorded, serve_seed
from tests.end_to_end.watching import started
from tests.feed_server import FeedServer

ALL = "published:[1900-01-01 TO now]"
QUERIES = (
    "event:naval_exercise",
    'event:phone_call AND (person:Poutine OR "video call")',
    "place:Pékin OR place:Moscow",
    "title:russ* AND NOT language:fr",
    '"joint exercise"~5 OR "exercice naval"',
    "status:planned",
    "entity:China OR actor:Russia",
    "language:en minister",
)
RULES = {"Exercises": "event:naval_exercise", "Calls": "event:phone_call"}


@dataclass
class Pair:
    """Two desks that have read the same feeds: one on the real servers, one on its own files."""

    real: Desk
    embedded: Desk

    def hits(self, query: str) -> tuple[dict[str, Hit], dict[str, Hit]]:
        """What each finds, by id."""
        asked = parse(query, open_names(), utc_now())
        return _hits(self.real, asked), _hits(self.embedded, asked)


def _hits(desk: Desk, query: Query) -> dict[str, Hit]:
    with closing(open_index(desk.loaded)) as index:
        return {hit.document.id: hit for hit in index.search(SearchRequest(query, limit=10_000)).hits}


@pytest.fixture(scope="module")
def web() -> Iterator[FeedServer]:
    with FeedServer("0.0.0.0") as server:
        yield server


@pytest.fixture(scope="module")
def own(kafka_url: str, elastic_url: str, web: FeedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Feeds that we wrote."""
    feeds = serve_told(web)
    for number, file in enumerate(sorted(FEEDS.iterdir())):
        web.serve(f"/{file.name}", file.read_bytes())
        feeds.append(f"http://{loopback(number)}:{web.port}/{file.name}")
    with _real(kafka_url, elastic_url) as settings:
        yield _read(feeds, settings, tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def recorded(
    kafka_url: str, elastic_url: str, shared: Path, web: FeedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """Feeds as publishers wrote them, and the seed."""
    files = enumerate(sorted((shared / "feeds").iterdir()))
    feeds = [serve_recorded(web, number, file.name, file.read_bytes()) for number, file in files]
    [seed] = (shared / "seed").iterdir()
    feeds.append(serve_seed(web, seed.read_text("utf-8").strip())[0])
    with _real(kafka_url, elastic_url) as settings:
        yield _read(feeds, settings, tmp_path_factory.mktemp("recorded"))


@contextmanager
def _real(kafka_url: str, elastic_url: str) -> Iterator[dict[str, str]]:
    """The settings of the real pair, under a name of its own."""
    with a_name(elastic_url) as name:
        yield {"WIREWATCH_NAME": name, "WIREWATCH_LOG__URL": kafka_url, "WIREWATCH_SEARCH__URL": elastic_url}


def _read(feeds: list[str], settings: Mapping[str, str], folder: Path) -> Pair:
    """Let both desks read the feeds: the one by six processes, two of them taggers, the other by one."""
    real = Desk(folder / "real", feeds, RULES, environment=settings)
    embedded = Desk(folder / "embedded", feeds, RULES)
    embedded.once()
    expected = embedded.json("audit")["indexed"]
    with started(real) as stages, started(real, ["tagger"]):
        until(lambda: stages["indexer"].figure('wirewatch_records_total{stage="indexer"}') >= expected, 180)
        until(lambda: stages["alerter"].figure('wirewatch_records_total{stage="alerter"}') >= expected, 60)
        until(lambda: {alert["state"] for alert in real.json("alerts", "list", "--limit", "10000")} == {"sent"})
        for stage in stages.values():
            stage.stop()
    return Pair(real, embedded)


@pytest.fixture(params=["own", "recorded"])
def pair(request: pytest.FixtureRequest) -> Pair:
    """Each pair of desks."""
    found: Pair = request.getfixturevalue(request.param)
    return found


@pytest.mark.timeout(600)
def test_both_have_taken_in_the_same_articles_and_both_ledgers_balance(pair: Pair) -> None:
    audits = [desk.json("audit") for desk in (pair.real, pair.embedded)]
    assert audits[0] == audits[1]
    assert audits[0]["balanced"]
    assert audits[0]["indexed"] == audits[0]["fetched"] > 20


def test_both_have_tagged_every_article_alike(pair: Pair) -> None:
    real, embedded = pair.hits(ALL)
    assert len(real) == len(embedded) > 20
    own_to_each = {"published", "fetched", "tagged", "indexed", "story"}
    for article_id, hit in embedded.items():
        found = real[article_id].document.model_dump(exclude=own_to_each)
        assert found == hit.document.model_dump(exclude=own_to_each)


@pytest.mark.parametrize("query", QUERIES)
def test_both_find_the_same(pair: Pair, query: str) -> None:
    real, embedded = pair.hits(query)
    assert real.keys() == embedded.keys()
    for article_id, hit in embedded.items():
        assert real[article_id].highlights == hit.highlights, article_id


def test_both_have_mailed_the_same_news(pair: Pair) -> None:
    real, embedded = (_news(desk) for desk in (pair.real, pair.embedded))
    assert real == embedded
    assert len(pair.real.mails()) == len(pair.embedded.mails()) > 0


def _news(desk: Desk) -> list[tuple[str, list[str]]]:
    """Rule and articles of each mail."""
    alerts = desk.json("alerts", "list", "--limit", "10000")
    return sorted((alert["rule"], sorted(article["id"] for article in alert["articles"])) for alert in alerts)
