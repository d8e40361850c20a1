"""Memory that the program has freed and its C library still keeps."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Return it to the system, where the C library can be told to; it takes milliseconds.

    After large reads glibc keeps tens of megabytes for each thread that made them.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # other C libraries keep nothing
            trim(0)
