"""A record that no stage can read, in the middle of good ones, on Kafka and Elasticsearch: the ledger knows it."""

from contextlib import closing
from pathlib import Path

from deploy.wiring import open_log
from ingest.log.port import ARTICLES, TAGGED, Message
from tests.elastic import a_name
from tests.end_to_end.desk import Desk, item, rss
from tests.feed_server import FeedServer


def test_a_poison_record_is_a_dead_letter_in_the_ledger_and_the_others_go_on(
    kafka_url: str, elastic_url: str, tmp_path: Path
) -> None:
    with a_name(elastic_url) as name, FeedServer() as web:
        settings = {"NAME": name, "LOG__URL": kafka_url, "SEARCH__URL": elastic_url}
        environment = {f"WIREWATCH_{key}": value for key, value in settings.items()}
        desk = Desk(tmp_path, [web.url("/feed")], {"Kestrels": "kestrel"}, 'group = "article"', environment=environment)
        with closing(open_log(desk.loaded)) as log:
            log.append([Message(topic, f"poison-{n}", b"\xff{") for topic in (ARTICLES, TAGGED) for n in range(4)])
        web.serve("/feed", rss([item(f"a{n}", f"Kestrel {n}", f"Number {n}.") for n in range(10)]))
        desk.once()
        sums = {"fetched": 14, "indexed": 10, "duplicate": 0, "dead": 4, "pending": 0, "balanced": True}
        assert desk.json("audit") == sums
        assert len(desk.mails()) == 10
        letters = desk.json("dead", "list")
        assert sorted(letter["stage"] for letter in letters) == sorted(["tagger", "indexer", "alerter"] * 4)
