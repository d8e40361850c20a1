"""Child processes that do not run the user's script again."""

from __future__ import annotations

import sys
import threading
from multiprocessing.process import BaseProcess
from types import ModuleType

_LOCK = threading.Lock()


def start_child(process: BaseProcess) -> None:
    """Start a process of the ``spawn`` context without importing the main module in it.

    The standard library imports the parent's main module in every child, so that a script without an
    ``if __name__ == "__main__"`` guard would start itself again and again. Our children run functions of this
    package alone and need no main module.

    Parameters
    ----------
    process : BaseProcess
        Its target must be importable by name.
    """
    with _LOCK:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
