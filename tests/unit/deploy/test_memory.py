"""The memory of long-running processes."""

import subprocess
import sys
from pathlib import Path

import pytest

_ARENAS = """
import ctypes, sys, threading
from deploy.memory import share_arenas

if sys.argv[1] == "shared":
    share_arenas()
together = threading.Barrier(8)

def work():
    kept = [bytes(2000) for _ in range(1000)]
    together.wait()  # all of them hold memory at the same time

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w")))
libc.fflush(None)
"""


def arenas(how: str, told: Path) -> int:
    """How many arenas a process of eight threads has made."""
    subprocess.run([sys.executable, "-c", _ARENAS, how, str(told)], check=True)
    return told.read_text().count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="malloc of glibc")
def test_threads_share_memory_that_they_have_given_back(tmp_path: Path) -> None:
    assert arenas("each its own", tmp_path / "own") > 2
    assert arenas("shared", tmp_path / "shared") <= 2
