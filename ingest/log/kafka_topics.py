"""The topics that Wirewatch keeps on Kafka: made where they are missing, with what the settings say."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.errors import InvalidReplicationFactorError, TopicAlreadyExistsError

from ingest.errors import WirewatchError
from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_clients import connected
from ingest.log.port import DEAD, TOPICS

SCRATCH = "check"
ENVELOPE = 2**16
"""Bytes allowed around the largest record: its key, and Kafka's own frame."""

_FOR_EVER = -1


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """How new topics are made. `replication` is how many brokers keep each record; 0 leaves it to the brokers.

    `cleanup` is Kafka's cleanup.policy: "delete", "compact" (of each article only the last record stays) or
    "compact,delete". Dead letters are kept for ever all the same.
    """

    partitions: int = 4
    replication: int = 0
    retention: timedelta = field(default=timedelta(days=365))
    cleanup: str = "delete"


def ensure_topics(address: KafkaAddress, name: str, settings: TopicSettings, max_record: int) -> Mapping[str, int]:
    """Make the topics of that prefix which are missing. Returns the number of partitions of each. Raises KafkaError."""
    wanted = [*TOPICS, SCRATCH]
    with closing(connected(KafkaAdminClient, **address.client())) as admin:
        found = _partitions(admin, name, wanted)
        if missing := [topic for topic in wanted if topic not in found]:
            _create(admin, name, missing, settings, max_record)
            found = _partitions(admin, name, wanted)
    return found


def _create(
    admin: KafkaAdminClient, name: str, topics: Sequence[str], settings: TopicSettings, max_record: int
) -> None:
    new = {
        f"{name}.{topic}": {
            "num_partitions": 1 if topic == SCRATCH else settings.partitions,
            "replication_factor": settings.replication or -1,
            "configs": _configs(topic, settings, max_record),
        }
        for topic in topics
    }
    try:
        admin.create_topics(new, wait_for_metadata=True)
    except TopicAlreadyExistsError:  # another process was quicker
        admin.wait_for_topics(list(new))
    except InvalidReplicationFactorError as error:
        raise WirewatchError(
            f"Kafka has too few brokers for replication = {settings.replication}; set a smaller one in [log]"
        ) from error


def _configs(topic: str, settings: TopicSettings, max_record: int) -> dict[str, str]:
    kept: dict[str, Any] = {"cleanup.policy": settings.cleanup, "retention.ms": _milliseconds(settings.retention)}
    if topic == DEAD:
        kept = {"cleanup.policy": "delete", "retention.ms": _FOR_EVER}
    elif topic == SCRATCH:
        kept = {"cleanup.policy": "delete", "retention.ms": _milliseconds(timedelta(hours=1))}
    kept |= {"max.message.bytes": max_record + ENVELOPE, "message.timestamp.type": "LogAppendTime"}
    return {key: str(value) for key, value in kept.items()}


def _partitions(admin: KafkaAdminClient, name: str, topics: Sequence[str]) -> dict[str, int]:
    described = admin.describe_topics([f"{name}.{topic}" for topic in topics])
    return {one["name"].removeprefix(f"{name}."): len(one["partitions"]) for one in described if not one["error_code"]}


def _milliseconds(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)
