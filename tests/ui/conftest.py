"""The real window with its real processes, in private folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from analysis_fixtures import write_eeg
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from warm_workers import fork_when_started

from samba_gui.session.analysis import AnalysisOptions
from samba_gui.training.untrained import write_untrained_bundle
from samba_gui.ui.context import Context
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces

PATIENCE_MS = 120_000


class PatientBot(QtBot):
    """Waits as long as a crowded machine needs; pytest-qt gives up after five seconds."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """Let the event loop run until ``callback`` is true or raises no assertion any more."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **given: Any) -> Any:
        """Let the event loop run until the signal came."""
        return super().waitSignal(signal, timeout=timeout, **given)

    def settle(self, window: MainWindow) -> None:
        """Let the event loop run until nothing is under way in the window."""

        def nothing_is_under_way() -> None:
            assert window.under_way == ()

        self.waitUntil(nothing_is_under_way)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """In place of pytest-qt's."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def untrained_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle whose network is not trained."""
    folder = tmp_path_factory.mktemp("bundle")
    write_untrained_bundle(folder)
    return folder


@pytest.fixture(scope="session")
def short_edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """22 s of noise and alpha at 19 electrodes."""
    return write_eeg(tmp_path_factory.mktemp("recordings") / "short.edf", 22)


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], MainWindow]]:
    """Makes shown windows on one folder of settings; all are closed at the end."""
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(Context.make(UserPlaces.under(tmp_path)))
        fork_when_started(window.context.worker)
        window.context.session.options = AnalysisOptions(pairs=1)  # half the work
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    qtbot.wait(1)  # deletes them
    windows.clear()


@pytest.fixture
def window(make_window: Callable[[], MainWindow], untrained_bundle: Path) -> MainWindow:
    """A shown window whose processes are started; nothing is open."""
    window = make_window()
    window.context.prober.start()
    window.context.worker.start()
    window.context.session.load_bundle(untrained_bundle)
    return window
