"""Processes to be killed: one appends numbered records to Kafka, one copies them to TAGGED in the commit.

`python -m tests.crash.kafka_at_work append URL NAME FILE NUMBER` notes a number in FILE once `append` has returned;
`… consume URL NAME`.
"""

import sys
from datetime import timedelta
from pathlib import Path

from ingest.log.kafka import KafkaLog
from ingest.log.kafka_address import KafkaAddress
from ingest.log.kafka_topics import TopicSettings
from ingest.log.port import ARTICLES, TAGGED, Message, PartitionsLost

LEASE = timedelta(seconds=2)
STEP = 7


def open_log(url: str, name: str, replication: int = 0) -> KafkaLog:
    """The log under test. What a killed process held is free after two seconds."""
    return KafkaLog(KafkaAddress.parse(url), name, TopicSettings(replication=replication), 2**20, LEASE)


def numbered(numbers: range) -> list[Message]:
    """One record for each number, of eleven keys."""
    return [Message(ARTICLES, f"key-{number % 11}", b"%d" % number) for number in numbers]


def append(log: KafkaLog, noted: Path, number: int) -> None:
    """For ever."""
    with noted.open("a") as file:
        while True:
            log.append(numbered(range(number, number + STEP)))
            number += STEP
            file.write(f"{number - 1}\n")
            file.flush()
            print("ready", flush=True)


def consume(log: KafkaLog) -> None:
    """For ever."""
    consumer = log.consumer("tagger", ARTICLES)
    while True:
        try:
            batch = consumer.poll(20, 1.0)
            consumer.commit(batch, [Message(TAGGED, record.key, record.value) for record in batch])
        except PartitionsLost:
            continue
        if batch:
            print("ready", flush=True)


if __name__ == "__main__":
    work, url, name, *rest = sys.argv[1:]
    if work == "append":
        append(open_log(url, name), Path(rest[0]), int(rest[1]))
    else:
        consume(open_log(url, name))
