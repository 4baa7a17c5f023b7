"""`wirewatch start` on Kafka and Elasticsearch: articles per second with 1, 2 and 4 taggers; how long news takes."""

import re
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from deploy.stack import elasticsearch, kafka
from deploy.wiring import open_index, open_log
from index.port import SearchIndex, SearchRequest
from index.query import Between
from ingest.article import Article, article_id, revision
from ingest.clock import utc_now
from ingest.feed import Feed
from ingest.log.port import ARTICLES, Log, Message
from ingest.parse import parse_feed
from tests.bench.newsfeed import feeds
from tests.bench.report import Row, table
from tests.elastic import server_folder
from tests.end_to_end.desk import Desk, text_of, until
from tests.end_to_end.watching import Started, started

WORK = 4000  # articles
TAGGERS = (1, 2, 4)
BATCH = 500
WARMING = 3
FRESH = 60
EVERY = 0.5  # seconds between two fresh articles
LOOK = 0.02  # seconds between two searches
LONGEST = 300.0


def measure() -> list[Row]:
    """Throughput and latency, with servers of its own. Some minutes."""
    rows: list[Row] = []
    with _servers() as servers:
        for taggers in TAGGERS:
            with _desk(servers) as desk:
                rows.append(_throughput(desk, taggers))
        with _desk(servers) as desk:
            return [*rows, *_latency(desk)]


def _throughput(desk: Desk, taggers: int) -> Row:
    """From the moment that the work is in the log until all of it is indexed and was held against the rules."""
    desk.rules = {"Calls": "event:phone_call person:Macron"}
    work = [_message(article) for article in _made()]
    with started(desk, ("indexer", "alerter")) as stages, ExitStack() as others:
        for _ in range(taggers):
            others.enter_context(started(desk, ("tagger",)))
        with closing(open_log(desk.loaded)) as log:
            began = time.monotonic()
            for at in range(0, WORK, BATCH):
                log.append(work[at : at + BATCH])
        until(lambda: all(_committed(stage) >= WORK for stage in stages.values()), LONGEST)
        seconds = time.monotonic() - began
    who = "1 tagger" if taggers == 1 else f"{taggers} taggers"
    return Row(f"Kafka and Elasticsearch, {who}, articles of 100 words", WORK / seconds, "articles/s")


def _latency(desk: Desk) -> list[Row]:
    """From an article's fetching until a search of another process finds it, and until its mail lies in the maildir."""
    desk.rules, desk.rule_options = {"Kestrels": "kestrel"}, 'group = "article"'
    with started(desk, ("tagger", "indexer", "alerter", "mailer")):
        with closing(open_log(desk.loaded)) as log, closing(open_index(desk.loaded)) as index:
            log.append([_message(_fresh(f"warm-up {n}")) for n in range(WARMING)])
            until(lambda: len(desk.mails()) == WARMING, 120)
            time.sleep(2)
            fetched, found = _fresh_ones(log, index)
        until(lambda: len(desk.mails()) == WARMING + FRESH, 120)
        mailed = _arrivals(desk)
    return [
        *_quantiles("fetched to found by search", [found[name] - at for name, at in fetched.items()]),
        *_quantiles("fetched to mail in the maildir", [mailed[name] - at for name, at in fetched.items()]),
    ]


def _fresh_ones(log: Log, index: SearchIndex) -> tuple[dict[str, float], dict[str, float]]:
    """Append an article now and then. Returns when each was fetched, and when a search found it first."""
    fetched: dict[str, float] = {}
    found: dict[str, float] = {}
    began = time.time()
    query = Between("fetched", datetime.fromtimestamp(began, UTC), None)
    while len(found) < FRESH:
        assert time.time() < began + LONGEST, f"{len(found)} of {FRESH} found"
        if len(fetched) < FRESH and time.time() >= began + EVERY * len(fetched):
            article = _fresh(f"fresh {len(fetched)}")
            fetched[article.title] = article.fetched.timestamp()
            log.append([_message(article)])
        for hit in index.search(SearchRequest(query, sort="date", limit=FRESH)).hits:
            found.setdefault(hit.document.title, time.time())
        time.sleep(LOOK)
    return fetched, found


def _quantiles(what: str, seconds: list[float]) -> list[Row]:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    name = f"Kafka and Elasticsearch, {what}"
    return [
        Row(f"{name}, median", hundredths[49], "s"),
        Row(f"{name}, 99th percentile (aim: 5)", hundredths[98], "s"),
    ]


def _arrivals(desk: Desk) -> dict[str, float]:
    """When each mail came to lie in new/, by the title of its article."""
    files = sorted((desk.data / "mail" / "new").iterdir())
    titles = (re.search(r"(fresh|warm-up) \d+", text_of(mail)) for mail in desk.mails())
    return {title[0]: file.stat().st_ctime for file, title in zip(files, titles, strict=True) if title}


def _made() -> list[Article]:
    """Articles as the poller makes them."""
    feed = Feed(url="https://wire.example/feed")
    bodies = (body.encode() for body in feeds(WORK))
    return [entry for body in bodies for entry in parse_feed(body, "application/rss+xml", feed, utc_now()).entries]


def _fresh(title: str) -> Article:
    text = f"A kestrel was seen over the harbour: {title}. {uuid4().hex}"
    url, now = f"https://wire.example/{title.replace(' ', '-')}", utc_now()
    return Article(
        id=article_id(url, None, "Wire", title),
        revision=revision(title, text),
        url=url,
        guid=None,
        source="Wire",
        feed="https://wire.example/feed",
        title=title,
        text=text,
        language="en",
        published=now,
        published_by="fetched",
        fetched=now,
    )


def _message(article: Article) -> Message:
    return Message(ARTICLES, article.id, article.model_dump_json().encode())


def _committed(stage: Started) -> float:
    return stage.figure(f'wirewatch_records_total{{stage="{stage.name}"}}')


@contextmanager
def _servers() -> Iterator[dict[str, str]]:
    """The settings of a Kafka and an Elasticsearch."""
    folder = server_folder()
    try:
        log, search = kafka.start(folder / "kafka"), elasticsearch.start(folder / "elasticsearch")
        yield {"WIREWATCH_LOG__URL": log.url, "WIREWATCH_SEARCH__URL": search.url}
    finally:
        elasticsearch.stop(folder / "elasticsearch")
        kafka.stop(folder / "kafka")
        shutil.rmtree(folder)


@contextmanager
def _desk(servers: dict[str, str]) -> Iterator[Desk]:
    with tempfile.TemporaryDirectory() as folder:
        yield Desk(Path(folder), environment={**servers, "WIREWATCH_NAME": f"bench-{uuid4().hex[:12]}"})


if __name__ == "__main__":
    print(table(measure()))
