"""Reading the embedded index: a searcher on its newest state, whoever wrote it."""

import threading
from pathlib import Path

import tantivy

from index.generations import Generations
from index.schema import open_index
from ingest.errors import Unavailable

META = "meta.json"
_ATTEMPTS = 5


class IndexDamaged(Unavailable):
    """The files are not an index that can be read. Nothing was lost: the log has the articles."""


class LocalReader:
    """Opens the current generation and notices commits and new generations of this and other processes."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._seen: tuple[Path, int, int] | None = None

    def searcher(self) -> tantivy.Searcher | None:
        """The newest state; None when nothing was ever written. Raises IndexDamaged."""
        with self._lock:
            for last_attempt in [False] * (_ATTEMPTS - 1) + [True]:
                try:
                    return self._refreshed()
                except (ValueError, OSError) as error:
                    self._index = self._seen = None
                    # The generation may have been replaced and removed between reading its name and opening it.
                    if last_attempt:
                        raise damaged(self._generations.root, error) from None
        return None

    def close(self) -> None:
        """Give back files."""
        with self._lock:
            self._index = self._seen = None

    def _refreshed(self) -> tantivy.Searcher | None:
        folder = self._generations.current()
        if folder is None:
            return None
        meta = (folder / META).stat()
        seen = (folder, meta.st_mtime_ns, meta.st_ino)
        if self._index is None or self._seen is None or self._seen[0] != folder:
            self._index = open_index(str(folder))
            self._index.config_reader("manual")
        if self._seen != seen:
            self._index.reload()
            self._seen = seen
        return self._index.searcher()


def damaged(root: Path, error: Exception) -> IndexDamaged:
    """The error for an index that cannot be read, in one line."""
    reason = " ".join(str(error).split())[:160]
    return IndexDamaged(
        f"the search index {root} cannot be read ({reason}); run `wirewatch reindex` to build it again from the log",
        30.0,
    )
