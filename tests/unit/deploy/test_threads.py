"""The memory and the turns of threads in long-running processes."""

import subprocess
import sys
from pathlib import Path

import pytest

_ARENAS = """
import ctypes, sys, threading
from deploy.threads import share_arenas

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

_TURNS = """
import sys, threading, time
from deploy.threads import take_short_turns

def turns():
    counted = 0
    work = threading.Thread(target=lambda: sum(number % 7 for number in range(3_000_000)))
    work.start()
    while work.is_alive():
        time.sleep(0)  # gives up its turn, and waits for the next
        counted += 1
    return counted

long = turns()
take_short_turns()
print(turns() / long)
"""


def arenas(how: str, told: Path) -> int:
    """How many arenas a process of eight threads has made."""
    subprocess.run([sys.executable, "-c", _ARENAS, how, str(told)], check=True)
    return told.read_text().count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="malloc of glibc")
def test_threads_share_memory_that_they_have_given_back(tmp_path: Path) -> None:
    assert arenas("each its own", tmp_path / "own") > 2
    assert arenas("shared", tmp_path / "shared") <= 2


def test_a_thread_gets_its_turn_several_times_as_often_beside_one_that_computes() -> None:
    told = subprocess.run([sys.executable, "-c", _TURNS], check=True, capture_output=True, text=True)
    assert float(told.stdout) > 3
