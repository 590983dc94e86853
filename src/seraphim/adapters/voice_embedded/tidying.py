"""Giving free memory back to the operating system.

FFmpeg allocates and frees from several threads, and glibc keeps what is freed for the thread that
freed it: some megabytes, which come and go with the songs and filters.
"""

import ctypes
import sys
from collections.abc import Callable


def _trimmer() -> Callable[[int], int] | None:
    """Return glibc's ``malloc_trim``; other C libraries have none and need none."""
    if sys.platform != "linux":
        return None
    try:
        # The interpreter is given up during the call, so that it holds nobody up in Python.
        return ctypes.CDLL(None).malloc_trim
    except AttributeError:
        return None


_trim = _trimmer()


def give_back() -> None:
    """Return free pages; takes a few milliseconds, so call it from a worker."""
    if _trim is not None:
        _trim(0)
