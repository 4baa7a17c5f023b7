"""Dead letters keep the original bytes, whatever they are, and bring them back."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import WirewatchError
from ingest.log.port import ARTICLES, DEAD, Message, Record
from ingest.log.sqlite import SqliteLog
from process.deadletter import DeadLetter, dead_letter, read_dead, replay, to_message

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.sqlite")
    yield log
    log.close()


def letter(value: bytes) -> DeadLetter:
    record = Record(ARTICLES, 2, 17, "key", value, NOW)
    return dead_letter(record, "tagger", "unknown format 9", 2, NOW)


def test_a_letter_is_json_that_names_the_record_the_stage_and_the_reason() -> None:
    told = json.loads(to_message(letter('{"title": "Élysée"}'.encode())).value)
    assert told == {
        "format": 1,
        "topic": "articles",
        "partition": 2,
        "offset": 17,
        "key": "key",
        "stage": "tagger",
        "error": "unknown format 9",
        "attempts": 2,
        "time": "2026-11-24T12:00:00+00:00",
        "value": '{"title": "Élysée"}',
    }


@pytest.mark.parametrize("value", [b'{"n": 1}', b"", b"\xff\xfe not UTF-8 \x00", "Ø\u2028 ".encode()])
def test_a_letter_comes_back_from_the_log_as_it_was(log: SqliteLog, value: bytes) -> None:
    log.append([to_message(letter(value))])
    [(name, found)] = read_dead(log)
    assert found == letter(value)
    assert name.endswith("-0")


def test_replaying_appends_the_original_bytes_to_their_topic(log: SqliteLog) -> None:
    replay(log, letter(b"\xff original"))
    [record] = log.read(ARTICLES)
    assert (record.key, record.value) == ("key", b"\xff original")


def test_a_letter_without_its_text_cannot_be_replayed_and_says_where_the_record_stands(log: SqliteLog) -> None:
    kept = letter(b"")
    short = DeadLetter(kept.topic, 2, 17, "key", "tagger", "too large", 1, NOW, value=None)
    log.append([to_message(short)])
    [(_, found)] = read_dead(log)
    assert found.value is None
    with pytest.raises(WirewatchError, match="articles/2, offset 17"):
        replay(log, found)


@pytest.mark.parametrize("value", [b"garbage", b"[]", b'{"format": 2}', b'{"format": 1}'])
def test_what_is_no_dead_letter_is_told_as_one(log: SqliteLog, value: bytes) -> None:
    log.append([Message(DEAD, "strange", value)])
    [(_, found)] = read_dead(log)
    assert "is not a dead letter" in found.error
    assert (found.topic, found.key, found.value) == (DEAD, "strange", value)
