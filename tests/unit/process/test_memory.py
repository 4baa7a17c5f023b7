"""What is made of words is remembered within bounds; what is read once rests from the garbage collector."""

import gc

import pytest

from process import memory
from process.memory import Memory, made_to_stay


def test_a_memory_makes_each_word_once_and_never_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_REMEMBERED", 10)
    made: list[str] = []
    upper = Memory(lambda word: made.append(word) or word.upper())  # type: ignore[func-returns-value]
    assert [upper["a"], upper["a"]] == ["A", "A"]
    assert made == ["a"]
    assert [upper[f"word {number}"] for number in range(50)] == [f"WORD {number}" for number in range(50)]
    assert len(upper) <= 11


def _read_malformed() -> None:
    with made_to_stay():
        assert not gc.isenabled()
        raise ValueError("malformed")


def test_the_garbage_collector_rests_while_lists_are_read_and_works_again_though_one_is_malformed() -> None:
    with pytest.raises(ValueError, match="malformed"):
        _read_malformed()
    assert gc.isenabled()
