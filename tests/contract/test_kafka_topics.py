"""What Wirewatch makes on Kafka, and what is said of it."""

import uuid
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from deploy import doctor
from deploy.settings import load_settings
from deploy.wiring import open_log
from ingest.errors import WirewatchError
from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_topics import TopicSettings
from ingest.log.port import ARTICLES, TOPICS, Log, Message
from tests.servers import kafka_url

__all__ = ["kafka_url"]


@pytest.fixture
def name() -> str:
    """A prefix of a test's own."""
    return f"test-{uuid.uuid4().hex}"


def configuration(url: str, topic: str) -> Mapping[str, Any]:
    """What Kafka says of a topic: its partitions and settings."""
    with closing(KafkaAdminClient(**KafkaAddress.parse(url).client())) as admin:
        [described] = admin.describe_topics([topic])
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)], config_filter="all")
    settings = found["topic"][topic]
    return {"partitions": len(described["partitions"]), **{key: one["value"] for key, one in settings.items()}}


def use(log: Log) -> None:
    with closing(log):
        log.append([Message(ARTICLES, "a", b"{}")])


def test_topics_are_made_as_the_settings_say(kafka_url: str, name: str, tmp_path: Path) -> None:
    settings = {
        "LOG__URL": kafka_url,
        "LOG__PARTITIONS": "3",
        "LOG__RETENTION": "30d",
        "LOG__CLEANUP": "compact,delete",
    }
    file = tmp_path / "wirewatch.toml"
    file.write_text(f'name = "{name[:40]}"')
    use(open_log(load_settings(file, {f"WIREWATCH_{key}": value for key, value in settings.items()})))
    articles = configuration(kafka_url, f"{name[:40]}.articles")
    assert articles["partitions"] == 3
    assert articles["retention.ms"] == str(30 * 24 * 3600 * 1000)
    assert set(articles["cleanup.policy"].split(",")) == {"compact", "delete"}
    assert articles["message.timestamp.type"] == "LogAppendTime"


def test_dead_letters_are_kept_for_ever_whatever_the_settings_say(kafka_url: str, name: str) -> None:
    topics = TopicSettings(retention=timedelta(days=1), cleanup="compact")
    use(KafkaLog(KafkaAddress.parse(kafka_url), name, topics))
    dead = configuration(kafka_url, f"{name}.dead")
    assert (dead["retention.ms"], dead["cleanup.policy"]) == ("-1", "delete")


def test_topics_that_are_there_stay_as_they_are(kafka_url: str, name: str) -> None:
    address = KafkaAddress.parse(kafka_url)
    use(KafkaLog(address, name, TopicSettings(partitions=2)))
    use(KafkaLog(address, name, TopicSettings(partitions=5)))
    with closing(KafkaLog(address, name, TopicSettings(partitions=5))) as log:
        assert len(log.progress("tagger", ARTICLES)) == 2


def test_names_keep_two_on_one_cluster_apart(kafka_url: str, name: str) -> None:
    address = KafkaAddress.parse(kafka_url)
    use(KafkaLog(address, name))
    with closing(KafkaLog(address, f"{name}-other")) as other:
        assert [record for topic in TOPICS for record in other.read(topic)] == []


def test_more_copies_than_there_are_brokers_is_told_with_the_setting(kafka_url: str, name: str) -> None:
    with (
        closing(KafkaLog(KafkaAddress.parse(kafka_url), name, TopicSettings(replication=3))) as log,
        pytest.raises(WirewatchError, match="too few brokers for replication = 3; set a smaller one in"),
    ):
        log.append([Message(ARTICLES, "a", b"{}")])


def test_the_doctor_uses_the_log_on_kafka(kafka_url: str, name: str, tmp_path: Path) -> None:
    file = tmp_path / "wirewatch.toml"
    file.write_text(f'name = "{name[:40]}"\n[log]\nurl = "{kafka_url}"')
    findings = {finding.part: finding for finding in doctor.examine(load_settings(file, {}))}
    assert findings["log"].well
    assert findings["log"].told.startswith("Kafka log")
    assert "brokers 1, partitions 4, copies of each record 1" in findings["log"].told
