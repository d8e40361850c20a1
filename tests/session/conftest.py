"""A session with its real worker and prober, and a queue in place of the window's event loop."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warm_workers import fork_when_started

from samba_gui.engine.worker import WorkerClient
from samba_gui.io.probe import Prober
from samba_gui.session.analysis import AnalysisOptions
from samba_gui.session.notices import Notice
from samba_gui.session.session import Session
from samba_gui.training.untrained import write_untrained_bundle


class Loop:
    """Runs what was posted, until something is true."""

    def __init__(self) -> None:
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.post = self._posted.put
        self.notices: list[Notice] = []

    def until(self, true: Callable[[], bool], timeout_s: float = 120.0) -> None:
        """Run what is posted until ``true``."""
        end = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < end, f"not within {timeout_s} s; notices: {self.notices}"
            with contextlib.suppress(queue.Empty):
                self._posted.get(timeout=0.02)()


@pytest.fixture(scope="session")
def untrained_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose network is not trained."""
    folder = tmp_path_factory.mktemp("bundle")
    write_untrained_bundle(folder)
    return folder


@pytest.fixture
def loop() -> Loop:
    """The event loop of the test."""
    return Loop()


@pytest.fixture
def session(loop: Loop, tmp_path: Path) -> Iterator[Session]:
    """A session at rest; its processes run."""
    worker = WorkerClient(lambda: loop.post(lambda: session.collect()))
    prober = Prober()
    fork_when_started(worker)
    session = Session(
        worker, prober, tmp_path / "results", tmp_path / "annotations", tmp_path / "sessions", loop.post
    )
    session.options = AnalysisOptions(pairs=1)  # half the work
    session.noticed.connect(loop.notices.append)
    prober.start()
    worker.start()
    yield session
    prober.close()
    worker.close()
    session.close()
