"""The embedded index on a disk that other processes use, that is damaged, or that is full."""

import json
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.generations import IndexLocked
from index.local import LocalIndex
from index.local_reader import IndexDamaged
from index.port import SearchRequest
from index.query import Everything
from ingest.errors import Unavailable
from tests.search_documents import a_document, read

ROOT = Path(__file__).resolve().parents[3]


def python(program: str, *arguments: object) -> str:
    """Run a program in a process of its own; what it writes."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_searching_makes_no_files(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path / "none" / "index")
    assert index.search(SearchRequest(Everything())).total == 0
    assert not (tmp_path / "none").exists()


def test_a_second_writer_is_told_who_writes_and_may_search_meanwhile(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path)
    index.write([a_document("a", "Frigate")])
    told = python(
        """
        import sys
        from pathlib import Path
        from index.local import LocalIndex
        from ingest.errors import Unavailable
        from tests.search_documents import a_document
        index = LocalIndex(Path(sys.argv[1]))
        try:
            index.write([a_document("b")])
        except Unavailable as error:
            print(index.count(), type(error).__name__, error)
        """,
        tmp_path,
    )
    assert told.startswith("1 IndexLocked another process (pid ")
    index.close()


def test_a_reader_sees_what_another_process_commits(tmp_path: Path) -> None:
    reader = LocalIndex(tmp_path)
    assert reader.count() == 0
    program = """
        import sys
        from pathlib import Path
        from index.local import LocalIndex
        from tests.search_documents import a_document
        index = LocalIndex(Path(sys.argv[1]))
        index.write([a_document(sys.argv[2], "Frigate")])
        index.close()
    """
    for count, name in enumerate(("a", "b"), 1):
        python(program, tmp_path, name)
        assert (reader.count(), reader.search(SearchRequest(read("frigate"))).total) == (count, count)


def test_the_lock_is_free_again_after_close(tmp_path: Path) -> None:
    first, second = LocalIndex(tmp_path), LocalIndex(tmp_path)
    first.write([a_document("a")])
    with pytest.raises(IndexLocked):
        second.write([a_document("b")])
    first.close()
    second.write([a_document("b")])
    assert second.count() == 2
    second.close()


def test_a_rebuild_needs_the_writers_lock(tmp_path: Path) -> None:
    writer, other = LocalIndex(tmp_path), LocalIndex(tmp_path)
    writer.write([a_document("a")])
    with pytest.raises(IndexLocked), other.rebuild():
        pass
    writer.close()


def test_searches_go_on_while_the_index_is_written_and_rebuilt(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path, heap=15_000_000)
    index.write([a_document(f"a{n}", "Frigate") for n in range(20)])
    stop = threading.Event()
    totals: list[int] = []
    failures: list[Exception] = []

    def search() -> None:
        reader = LocalIndex(tmp_path)
        while not stop.is_set():
            try:
                totals.append(reader.search(SearchRequest(read("frigate"))).total)
            except Exception as error:  # whatever it is, the test must show it
                failures.append(error)
        reader.close()

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        index.write([a_document("a1", "Frigate")])
        with index.rebuild() as fresh:
            fresh.write([a_document(f"a{n}", "Frigate") for n in range(20)])
    stop.set()
    for thread in threads:
        thread.join()
    index.close()
    assert failures == []
    assert set(totals) == {20}


def no_pointer_but_files(root: Path) -> None:
    (root / "CURRENT").unlink()
    (root / "letter.txt").write_text("not an index")


def cut_files(root: Path) -> None:
    for file in root.glob("g*/*.term"):
        file.write_bytes(file.read_bytes()[:10])


def another_schema(root: Path) -> None:
    [meta] = root.glob("g*/meta.json")
    content = json.loads(meta.read_text())
    content["schema"] = content["schema"][:-1]
    meta.write_text(json.dumps(content))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "another program's folder": no_pointer_but_files,
    "a nonsense pointer": lambda root: (root / "CURRENT").write_text("../../etc"),
    "a binary pointer": lambda root: (root / "CURRENT").write_bytes(b"\xff\xfe"),
    "a missing generation": lambda root: (root / "CURRENT").write_text("g77"),
    "a nonsense meta.json": lambda root: [meta.write_text("{") for meta in root.glob("g*/meta.json")],
    "a missing meta.json": lambda root: (root / "g1" / "meta.json").unlink(),
    "cut files": cut_files,
    "another version's schema": another_schema,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_names_the_folder_and_the_remedy_and_can_be_rebuilt(tmp_path: Path, damage: str) -> None:
    first = LocalIndex(tmp_path)
    first.write([a_document("a", "Frigate")])
    first.close()
    DAMAGE[damage](tmp_path)
    index = LocalIndex(tmp_path)
    for use in (lambda: index.count(), lambda: index.check(), lambda: index.write([a_document("b")])):
        with pytest.raises(IndexDamaged) as caught:
            use()
        assert str(tmp_path) in str(caught.value)
        assert "wirewatch reindex" in str(caught.value)
        assert "\n" not in str(caught.value)
    with index.rebuild() as fresh:
        fresh.write([a_document("a", "Frigate")])
    assert index.search(SearchRequest(read("frigate"))).total == 1
    index.write([a_document("b")])
    assert index.count() == 2
    index.close()


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_text("a file")
    index = LocalIndex(path)
    for use in (lambda: index.check(), lambda: index.write([a_document("a")])):
        with pytest.raises(Unavailable, match=str(path)):
            use()


def test_a_full_disk_is_waited_for_and_nothing_is_lost(tmp_path: Path) -> None:
    """No room is made by a limit on the size of files; to the writer that is the same as a full disk."""
    told = python(
        """
        import resource, signal, sys
        from pathlib import Path
        from index.local import LocalIndex
        from ingest.errors import Unavailable
        from tests.search_documents import a_document
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        index = LocalIndex(Path(sys.argv[1]))
        index.write([a_document("a", "Frigate")])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
        big = [a_document(f"b{n}", " ".join(f"w{n * k}" for k in range(300))) for n in range(100)]
        try:
            index.write(big)
        except Unavailable as error:
            print(type(error).__name__, error)
        print(index.count())
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        index.write(big)
        print(index.count())
        index.close()
        """,
        tmp_path,
    )
    assert told.splitlines() == [
        f"Unavailable no room on the disk for the search index {tmp_path}; free some space",
        "1",
        "101",
    ]
