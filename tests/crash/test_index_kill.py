"""kill -9 while writing: what `write` returned for is there, whole, and writing goes on."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from index.local import LocalIndex
from index.port import SearchRequest
from tests.search_documents import a_document, read

ROOT = Path(__file__).resolve().parents[2]
KILLS = 10
REBUILD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from index.local import LocalIndex
from tests.search_documents import a_document
with LocalIndex(Path(sys.argv[1])).rebuild() as fresh:
    fresh.write([a_document("b", "Destroyer")])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write_and_be_killed(folder: Path, first: int, seconds: float) -> int:
    """The number up to which the process said it had written before it was killed."""
    command = [sys.executable, "-m", "tests.crash.index_writer", str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        told = int(process.stdout.readline())
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        # The last line may be cut short by the kill; only whole ones were told.
        lines = [line for line in process.stdout.read().split("\n")[:-1] if line]
        return int(lines[-1]) if lines else told


def test_nothing_that_was_written_is_lost_however_often_the_writer_is_killed(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    written = 0
    for _ in range(KILLS):
        written = write_and_be_killed(tmp_path / "index", written, chance.uniform(0, 0.3))
        index = LocalIndex(tmp_path / "index")
        ids = [f"a{n}" for n in range(written)]
        assert index.known(ids) == set(ids)
        assert index.search(SearchRequest(read("frigates"), limit=1)).total == index.count() >= written
        index.close()
    after = LocalIndex(tmp_path / "index")
    after.write([a_document("last", "Corvette")])
    assert after.search(SearchRequest(read("corvette"))).total == 1
    after.close()


def test_a_killed_rebuild_leaves_the_old_index_and_is_cleaned_up(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path / "index")
    index.write([a_document("a", "Frigate")])
    index.close()
    killed = subprocess.run([sys.executable, "-c", REBUILD_AND_DIE, str(tmp_path / "index")], cwd=ROOT, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len([entry for entry in (tmp_path / "index").iterdir() if entry.is_dir()]) == 2
    reopened = LocalIndex(tmp_path / "index")
    assert reopened.search(SearchRequest(read("frigate OR destroyer"))).total == 1
    with reopened.rebuild() as fresh:
        fresh.write([a_document("c", "Corvette")])
    assert reopened.known(["a", "b", "c"]) == {"c"}
    assert len([entry for entry in (tmp_path / "index").iterdir() if entry.is_dir()]) == 1
    reopened.close()
