"""Dead letters: records that a stage gave up for their own fault, kept with the reason, to be looked at and replayed.

On the topic DEAD, keyed like the record they hold, as JSON: {"format": 1, "topic", "partition", "offset", "key",
"stage", "error", "attempts", "time", "value"}; "value" is the original text, "value_base64" stands in its place where
that is not UTF-8, and neither is there where the record was too large to be written once more.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.errors import WirewatchError
from ingest.log.port import DEAD, Log, Message, Record


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record at its place in the log, and why `stage` gave it up after `attempts`. `value` is None when too large."""

    topic: str
    partition: int
    offset: int
    key: str
    stage: str
    error: str
    attempts: int
    time: datetime
    value: bytes | None


def dead_letter(record: Record, stage: str, error: str, attempts: int, now: datetime) -> DeadLetter:
    """The letter that tells of a record."""
    return DeadLetter(
        record.topic, record.partition, record.offset, record.key, stage, error, attempts, now, record.value
    )


def to_message(letter: DeadLetter) -> Message:
    """The letter as it goes to the log."""
    told: dict[str, Any] = {
        "format": 1,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "key": letter.key,
        "stage": letter.stage,
        "error": letter.error,
        "attempts": letter.attempts,
        "time": letter.time.isoformat(),
    }
    if letter.value is not None:
        try:
            told["value"] = letter.value.decode()
        except UnicodeDecodeError:
            told["value_base64"] = base64.b64encode(letter.value).decode()
    return Message(DEAD, letter.key, json.dumps(told, ensure_ascii=False).encode())


def from_record(record: Record) -> DeadLetter:
    """The letter as it comes from the log. Raises WirewatchError for what is none."""
    try:
        told = json.loads(record.value)
        if told["format"] != 1:
            raise ValueError(f"format {told['format']} is unknown; a newer Wirewatch wrote it")
        value: bytes | None = told["value"].encode() if "value" in told else None
        if "value_base64" in told:
            value = base64.b64decode(told["value_base64"])
        places = (told["topic"], told["partition"], told["offset"], told["key"])
        return DeadLetter(
            *places, told["stage"], told["error"], told["attempts"], datetime.fromisoformat(told["time"]), value
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WirewatchError(f"dead/{letter_id(record)} is not a dead letter: {error!r}") from error


def letter_id(record: Record) -> str:
    """What people call a dead letter by: its partition and offset on the topic DEAD, such as "2-17"."""
    return f"{record.partition}-{record.offset}"


def read_dead(log: Log) -> Iterator[tuple[str, DeadLetter]]:
    """All dead letters kept, each with its id. What cannot be read is told as a letter about itself."""
    for record in log.read(DEAD):
        try:
            letter = from_record(record)
        except WirewatchError as error:
            letter = dead_letter(record, "dead", str(error), 0, record.time)
        yield letter_id(record), letter


def replay(log: Log, letter: DeadLetter) -> None:
    """Append the original bytes to their topic again, to be taken by every group as a new record.

    Raises WirewatchError where the letter does not hold them, Unavailable.
    """
    if letter.value is None:
        raise WirewatchError(
            f"the record was too large to be kept here; it stands at {letter.topic}/{letter.partition}, offset"
            f" {letter.offset}, as long as the log keeps it"
        )
    log.append([Message(letter.topic, letter.key, letter.value)])
