"""A real window that is driven by events and says how long they took until painted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from samba_gui.core.errors import ExportError
from samba_gui.ui.app import application, set_aside_later
from samba_gui.ui.context import Context
from samba_gui.ui.main_window import MainWindow
from samba_gui.ui.places import UserPlaces
from samba_gui.ui.traces.plot import TracePlot

PATIENCE_S = 120.0
POLL_MS = 20


class Took(NamedTuple):
    """How long something took.

    Parameters
    ----------
    seconds : float
        On the clock.
    cpu_s : float
        Of all threads of this process: it hardly depends on what else the machine does.
    """

    seconds: float
    cpu_s: float


class DrivenWindow(QObject):
    """The program's window with folders of its own, its processes started.

    Parameters
    ----------
    folder : Path
        For settings, caches and results.
    bundle_dir : Path
    """

    def __init__(self, folder: Path, bundle_dir: Path) -> None:
        super().__init__()
        self.app = application()
        self.window = MainWindow(Context.make(UserPlaces.under(folder)))
        self.session = self.window.context.session
        self._painting: Callable[[], None] | None = None
        plot = self.window.traces.findChild(TracePlot)
        assert plot is not None
        self._canvas: QWidget = plot.viewport()
        self._canvas.installEventFilter(self)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.context.prober.start()
        self.window.context.worker.start()
        set_aside_later(self.window)
        self.session.load_bundle(bundle_dir)
        self.wait(lambda: self.session.bundle is not None)

    def close(self) -> None:
        """End everything."""
        self.window.close()
        self.window.deleteLater()

    def open(self, path: Path) -> Took:
        """Open a recording; until its first page is painted."""
        self.session.analysis.clear()
        before = self.session.document

        def shown() -> bool:
            return self.session.document is not before and bool(self.window.traces.state.page.rows)

        return self.timed(lambda: self.window.open_files([str(path)]), shown)

    def turn(self, key: Qt.Key) -> Took:
        """Press a key in the traces; until another page is painted."""

        def press() -> None:
            QApplication.postEvent(
                self.window.traces,
                QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier),
            )

        return self.timed(press, self._another_page())

    def drag_to(self, start_s: float) -> Took:
        """Drag the page's frame in the timeline; until that page is painted."""
        return self.timed(lambda: self.window.timeline.seek_requested.emit(start_s), self._another_page())

    def _another_page(self) -> Callable[[], bool]:
        before = self.window.traces.state.page
        return lambda: self.window.traces.state.page is not before

    def timed(self, act: Callable[[], None], is_shown: Callable[[], bool]) -> Took:
        """From an act to the end of the first painting of the traces that shows it."""
        loop, ended = QEventLoop(), [0.0]

        def painting() -> None:
            if is_shown():
                QTimer.singleShot(0, painted)  # after this painting

        def painted() -> None:
            ended[0] = ended[0] or time.perf_counter()
            loop.quit()

        self._painting = painting
        begun, cpu = time.perf_counter(), time.process_time()
        QTimer.singleShot(0, act)
        QTimer.singleShot(int(1000 * PATIENCE_S), loop, loop.quit)
        loop.exec()
        self._painting = None
        if not ended[0]:
            raise ExportError(
                "Nothing was painted within {patience_s:g} s.",
                "Try a smaller recording.",
                patience_s=PATIENCE_S,
            )
        return Took(ended[0] - begun, time.process_time() - cpu)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._painting is not None:
            self._painting()
        return False

    def wait(self, until: Callable[[], bool], patience_s: float = PATIENCE_S) -> float:
        """Let the window live until something is so; seconds that took."""
        loop, poll = QEventLoop(), QTimer()
        begun = time.perf_counter()

        def look() -> None:
            if until() or time.perf_counter() - begun > patience_s:
                loop.quit()

        poll.timeout.connect(look)
        poll.start(POLL_MS)
        loop.exec()
        poll.stop()
        return time.perf_counter() - begun

    def rest(self, seconds: float) -> None:
        """Let the window live for a while."""
        self.wait(lambda: False, seconds)
