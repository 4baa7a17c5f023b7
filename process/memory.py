"""What a function makes of words, remembered within bounds; and what is made once and stays."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

_REMEMBERED = 100_000
Made = TypeVar("Made")


class Memory(dict[str, Made], Generic[Made]):
    """What `make` gives for each word; emptied before it grows large."""

    def __init__(self, make: Callable[[str], Made]) -> None:
        self._make = make

    def __missing__(self, word: str) -> Made:
        if len(self) > _REMEMBERED:
            self.clear()
        made = self[word] = self._make(word)
        return made


@contextmanager
def made_to_stay() -> Iterator[None]:
    """While word lists are read: the garbage collector, which would look at all of them again and again, rests."""
    rested = not gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not rested:
            gc.enable()
