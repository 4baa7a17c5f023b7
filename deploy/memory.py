"""Memory of a process that runs for weeks with many threads."""

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads to come share a few arenas of malloc; call it before they begin.

    By default glibc gives each thread one of its own, which keeps what a large article once took: with two dozen
    threads some 200 MB. See mallopt(3). Other C libraries have no such arenas, and nothing is done.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
