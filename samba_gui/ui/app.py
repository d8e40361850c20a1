"""Starting: the window for a person, the window for a picture."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from samba_gui.core.errors import ExportError
from samba_gui.core.places import default_bundle_dir
from samba_gui.session.analysis import Phase
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.language import install_language
from samba_gui.ui.places import UserPlaces
from samba_gui.ui.settings import Settings

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

PAINT_MS = 50
"""Processes are started this long after the window is shown: it is painted first."""

SET_ASIDE_MS = 5000
"""What starting has made is set aside this long after the window is shown: by then the head is there, too."""


def run_window(files: Sequence[str], bundle_dir: str | Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    files : sequence of str
        Recordings; the first is opened. Without any, the simulated example is.
    bundle_dir : path, optional
        Folder of the model bundle; the settings' one, else the one that ships.

    Returns
    -------
    int
        The exit code.
    """
    from samba_gui.ui.main_window import MainWindow

    app = application()
    context = Context.make(UserPlaces.of_user())
    context.errors.install()
    window = MainWindow(context)
    window.show()
    chosen = Path(bundle_dir) if bundle_dir is not None else _remembered_bundle(context.settings)
    QTimer.singleShot(PAINT_MS, window, lambda: window.begin(list(files), chosen, bundle_dir is not None))
    set_aside_later(window)
    with _ended_by_interrupt(app):
        return app.exec()


def screenshot(
    rec: str | Path,
    out: str | Path,
    at_s: float | None = None,
    size: tuple[int, int] = (1280, 800),
    theme: str = "light",
    bundle_dir: str | Path | None = None,
    montage: str | Path | None = None,
    timeout_s: float = 600.0,
) -> Path:
    """Write a picture of the real window, with a recording opened and analysed.

    Parameters
    ----------
    rec : path
    out : path
        PNG.
    at_s : float, optional
        Where the cursor stands.
    size : tuple of 2 ints
    theme : {"light", "dark"}
    bundle_dir : path, optional
    montage : str or path, optional
        Id or file; else the best proposal.
    timeout_s : float
        Longest wait.

    Returns
    -------
    Path

    Raises
    ------
    SambaError
        The recording cannot be opened or analysed, or the time is up.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from samba_gui.io.montages import montage_by_id
    from samba_gui.io.pictures import write_png
    from samba_gui.ui.main_window import MainWindow
    from samba_gui.ui.pictures import provenance_of, rgb_of

    chosen_montage = montage_by_id(montage) if montage is not None else None
    application()
    with TemporaryDirectory(prefix="samba-gui-") as folder:
        context = Context.make(UserPlaces.under(Path(folder)))
        context.settings.set("theme", theme)
        notices: list[Notice] = []
        context.errors.posted.connect(notices.append)
        context.errors.install()
        window = MainWindow(context)
        try:
            window.resize(*size)
            window.reset_layout()
            window.show()
            session = context.session
            context.prober.start()
            context.worker.start()
            session.load_bundle(Path(bundle_dir) if bundle_dir is not None else default_bundle_dir())
            session.open(str(rec), chosen_montage)
            _wait_until_settled(window, notices, timeout_s)
            if session.analysis.phase == Phase.OFFERED:
                session.run_again()
                _wait_until_settled(window, notices, timeout_s)
            if at_s is not None:
                session.seek(at_s)
                _wait_until_settled(window, notices, timeout_s)
            picture = rgb_of(window.grab().toImage())
            provenance = provenance_of(session, window.wiring.head_view)
        finally:
            window.close()
            window.deleteLater()
    write_png(Path(out), picture, provenance)
    return Path(out)


def application() -> QApplication:
    """The one application object."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
        app.setApplicationName("samba-gui")
        app.setApplicationDisplayName("")
        install_language(app)
    return app


def set_aside_later(window: MainWindow) -> None:
    """Take what starting makes out of the search for garbage: it stays until the program ends.

    The search through all modules and widgets would stop the window for 60 ms now and then.
    """
    QTimer.singleShot(SET_ASIDE_MS, window, gc.freeze)


def _remembered_bundle(settings: Settings) -> Path:
    """The bundle of last time; forgotten until it has been read well again."""
    remembered = settings.get("analysis/bundle")
    settings.set("analysis/bundle", "")
    return Path(remembered) if remembered and Path(remembered).is_dir() else default_bundle_dir()


def _wait_until_settled(window: MainWindow, notices: list[Notice], timeout_s: float) -> None:
    """Run events until nothing is on its way and the panels have drawn it."""
    until = time.monotonic() + timeout_s
    app = application()
    quiet = 0
    while quiet < 5:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        quiet = quiet + 1 if window.settled else 0
        errors = [notice for notice in notices if notice.level == Level.ERROR]
        if errors:
            raise ExportError(errors[0].message, errors[0].hint) from RuntimeError(errors[0].detail)
        if time.monotonic() > until:
            raise ExportError(
                "Not done after {timeout_s:g} s: {what}.",
                "Give it more time or a shorter file.",
                timeout_s=timeout_s,
                what=", ".join(window.under_way) or "still drawing",
            )
        time.sleep(0.01)


@contextmanager
def _ended_by_interrupt(app: QApplication) -> Iterator[None]:
    """Let Ctrl+C in the terminal close the window as the mouse would."""
    before = signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    # Python sees signals only between its own instructions, so it must be woken now and then
    waker = QTimer()
    waker.timeout.connect(lambda: None)
    waker.start(300)
    try:
        yield
    finally:
        waker.stop()
        signal.signal(signal.SIGINT, before)
