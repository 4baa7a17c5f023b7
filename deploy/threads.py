"""What a process of many threads, which runs for weeks, asks of the C library and of Python."""

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2
_TURN = 0.0005  # seconds; Python's own is ten times as long


def share_arenas() -> None:
    """Let all threads to come share a few arenas of malloc; call it before they begin.

    By default glibc gives each thread one of its own, which keeps what a large article once took: with two dozen
    threads some 200 MB. See mallopt(3). Other C libraries have no such arenas, and nothing is done.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def take_short_turns() -> None:
    """Let a thread that waits for another to be done with Python wait no longer than half a millisecond.

    One that talks to a server has its turn several times in a request, and the server is idle until it comes.
    See sys.setswitchinterval.
    """
    sys.setswitchinterval(_TURN)
