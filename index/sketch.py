"""How alike two texts are, from a few numbers kept of each: bottom-k sketches of word shingles (Broder 1997).

Of the hashes of a text's shingles (runs of SHINGLE words) the SIZE smallest are kept. Any two texts have the smallest
hashes of their shared shingles in common, in proportion to how much they share (their Jaccard similarity).
"""

import struct
import zlib
from dataclasses import dataclass
from itertools import islice

from index.analysis import folded_words

SHINGLE = 4
SIZE = 64
KEYS = 8

_READ = 20_000  # code points of a text that are looked at
_FEWEST_WORDS = 20  # a shorter text is compared together with its title, a longer one whatever its title
_SCATTER = (
    0x9E3779B1  # odd, so that multiplying modulo 2**32 gives every hash another place; CRCs of like texts are alike
)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The smallest hashes of a text, ascending, at most SIZE."""

    hashes: tuple[int, ...]

    @property
    def keys(self) -> tuple[int, ...]:
        """The few to look like texts up by: texts half alike share one of KEYS all but always."""
        return self.hashes[:KEYS]

    def similarity(self, other: "Sketch") -> float:
        """An estimate of the share of shingles the two have in common, 0 to 1; exact for short texts."""
        mine, theirs = set(self.hashes), set(other.hashes)
        smallest = sorted(mine | theirs)[:SIZE]
        return sum(each in mine and each in theirs for each in smallest) / len(smallest) if smallest else 0.0

    def to_bytes(self) -> bytes:
        """As stored."""
        return struct.pack(f"<{len(self.hashes)}I", *self.hashes)

    @staticmethod
    def from_bytes(stored: bytes) -> "Sketch":
        """What `to_bytes` gave."""
        return Sketch(struct.unpack(f"<{len(stored) // 4}I", stored))


def sketch(title: str, text: str) -> Sketch:
    """The sketch of an article."""
    words = folded_words(text[:_READ])
    if len(words) < _FEWEST_WORDS:
        words = folded_words(title[:_READ]) + words
    runs = zip(*(islice(words, start, None) for start in range(SHINGLE)), strict=False)
    shingles = {" ".join(run) for run in runs} or {" ".join(words)}
    hashes = {zlib.crc32(shingle.encode()) * _SCATTER & 0xFFFFFFFF for shingle in shingles if shingle}
    return Sketch(tuple(sorted(hashes)[:SIZE]))
