"""The folder of the embedded index. It holds generations (`g1`, `g2`, …), each a whole tantivy index, and `CURRENT`.

`CURRENT` names the generation in use and is replaced in one step, so that a rebuilt index takes the place of the old
one without a gap. `writer.lock` is held by the one process that writes; the system frees it when that process dies.
"""

import fcntl
import os
import re
import shutil
from pathlib import Path

from ingest.errors import Unavailable

_POINTER = "CURRENT"
_LOCK = "writer.lock"


class IndexLocked(Unavailable):
    """Another process writes to the index."""


class WriterLock:
    """The right to write to the folder, until closed or until the process ends."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._file = (root / _LOCK).open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            owner = self._file.read(20).strip() or "unknown"
            self._file.close()
            raise IndexLocked(
                f"another process (pid {owner}) writes to the search index {root}; stop it, or let it do the work", 5.0
            ) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def close(self) -> None:
        """Let others write."""
        self._file.close()


class Generations:
    """Which generation is current, and the making of new ones. Only the holder of the WriterLock changes anything."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """The folder of the current generation; None when nothing was ever written. Raises OSError, ValueError."""
        try:
            name = (self.root / _POINTER).read_text("ascii").strip()
        except FileNotFoundError:
            if foreign := self._foreign():
                raise ValueError(f"it holds other files, such as {foreign}") from None
            return None
        if not re.fullmatch(r"g\d+", name):
            raise ValueError(f"{_POINTER} does not name a generation")
        return self.root / name

    def make(self) -> Path:
        """A new, empty folder. What earlier attempts left behind is removed."""
        self.sweep()
        folder = self.root / f"g{max(self._numbers(), default=0) + 1}"
        folder.mkdir()
        return folder

    def publish(self, folder: Path) -> None:
        """Make the folder current, for good when this returns, and remove the others. Open readers keep their files."""
        fresh = self.root / f"{_POINTER}.new"
        with fresh.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.root / _POINTER)
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self.sweep()

    def sweep(self) -> None:
        """Remove every generation but the current one."""
        try:
            current = self.current()
        except ValueError:
            current = None
        for number in self._numbers():
            folder = self.root / f"g{number}"
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    def _foreign(self) -> str | None:
        names = [entry.name for entry in self.root.iterdir()] if self.root.exists() else []
        return next((name for name in names if not re.fullmatch(r"g\d+|CURRENT\.new|writer\.lock", name)), None)

    def _numbers(self) -> list[int]:
        return [int(entry.name[1:]) for entry in self.root.iterdir() if re.fullmatch(r"g\d+", entry.name)]
