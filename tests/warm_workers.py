"""Workers forked from one process that has imported the network, for tests which start a worker each.

Importing takes a worker two seconds of processor time. The program's own way, a new interpreter, is what the
tests of the worker itself take, and all windows that tests start in processes of their own.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing import forkserver
from typing import Any

from samba_gui.engine.worker import WorkerClient

if sys.platform == "linux":  # elsewhere forking after such imports is not safe, or unknown

    class _WarmProcess(multiprocessing.context.ForkServerProcess):
        """Runs in the environment of the test that asks for it, not of the one that came first."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self._environment = dict(os.environ)

        def run(self) -> None:
            os.environ.clear()
            os.environ.update(self._environment)
            super().run()

    class _WarmContext(multiprocessing.context.ForkServerContext):
        Process = _WarmProcess


def fork_when_started(worker: WorkerClient) -> None:
    """Let this worker's processes, also those after a death, be forked where that is possible."""
    if sys.platform == "linux":
        context = _WarmContext()
        context.set_forkserver_preload(["samba_gui.engine.worker_child"])
        worker._context = context


def server_pid() -> int | None:
    """Of the process that the workers are forked from; it ends with the tests."""
    return forkserver._forkserver._forkserver_pid if sys.platform == "linux" else None
