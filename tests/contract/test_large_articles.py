"""Articles that the log does not take whole: their text is cut and marked, and no other article waits for them."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from ingest.article import Article, article_id, revision
from ingest.intake import Intake, Intaker
from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.port import ARTICLES, DEAD, Log, Message, Record
from ingest.log.sqlite import SqliteLog
from ingest.state import FeedStore
from process.consumer import Outcome, drain
from process.deadletter import read_dead
from tests.servers import kafka_url

__all__ = ["kafka_url"]

FEED = "https://wire.example/feed"
LARGEST = 50_000
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MakeLog = Callable[[], Log]


@pytest.fixture(params=["sqlite", "kafka", "kafka with small topics"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Log]:
    """A log that takes records of 50,000 bytes. The last one only learns of it from the brokers."""
    if request.param == "sqlite":
        with closing(SqliteLog(tmp_path / "log.sqlite", max_record=LARGEST)) as log:
            yield log
        return
    address, name = KafkaAddress.parse(request.getfixturevalue("kafka_url")), f"large-{uuid.uuid4().hex}"
    small = request.param == "kafka with small topics"
    with closing(KafkaLog(address, name, max_record=16 * 2**20 if small else LARGEST)) as log:
        log.progress("tagger", ARTICLES)  # makes the topics
        if small:
            with closing(KafkaAdminClient(**address.client())) as admin:
                topics = [f"{name}.{topic}" for topic in (ARTICLES, DEAD)]
                settings = {"max.message.bytes": str(LARGEST)}
                admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, settings) for topic in topics])
        yield log


def article(name: str, text: str) -> Article:
    url = f"https://wire.example/{name}"
    return Article(
        id=article_id(url, None, "Wire", name),
        revision=revision(name, text),
        url=url,
        guid=None,
        source="Wire",
        feed=FEED,
        title=name,
        text=text,
        language="en",
        published=NOW,
        published_by="feed",
        fetched=NOW,
    )


def noise(length: int) -> str:
    """Text that does not shrink when it is compressed."""
    return "".join(uuid.uuid4().hex for _ in range(length // 32))


def test_an_article_that_is_too_large_is_cut_and_marked_and_the_others_stay_whole(log: Log, tmp_path: Path) -> None:
    long = noise(400_000)
    entries = [article("one", "First."), article("long", long), article("three", "Third.")]
    with closing(FeedStore(tmp_path / "feeds.sqlite")) as store:
        intaker = Intaker(log, store)
        assert intaker.take(FEED, entries, Event()) == Intake(new=3)
        assert intaker.take(FEED, entries, Event()) == Intake()
    found = {each.title: each for each in (Article.model_validate_json(record.value) for record in log.read(ARTICLES))}
    assert {title: each.truncated for title, each in found.items()} == {"one": False, "long": True, "three": False}
    assert long.startswith(found["long"].text)
    assert len(found["long"].text) > 10_000
    assert found["long"].revision == entries[1].revision


class Inflating:
    """A stage whose output is larger than the log takes for one article."""

    name = "tagger"
    batch = 100

    def handle(self, records: list[Record]) -> Outcome:
        return Outcome([Message(ARTICLES, r.key, noise(400_000).encode()) for r in records if r.value == b"inflate"])


def test_what_a_stage_makes_too_large_goes_to_the_dead_letters_and_the_others_go_on(log: Log) -> None:
    log.append([Message(ARTICLES, f"key-{n}", b"inflate" if n == 3 else b"fine") for n in range(6)])
    drain(log, Inflating(), ARTICLES, Event())  # type: ignore[arg-type]
    [(_, letter)] = read_dead(log)
    assert (letter.key, letter.value) == ("key-3", b"inflate")
    assert sum(row.lag for row in log.progress("tagger", ARTICLES)) == 0
