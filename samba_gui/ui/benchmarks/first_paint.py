"""Run in a fresh process: starts the program as the command does and tells when its window is painted."""

from __future__ import annotations

import json
import runpy
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class FirstPaint(QObject):
    """Notes the time of the first painting of a main window, says it on stdout and closes the window."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            app = QApplication.instance()
            assert app is not None
            app.removeEventFilter(self)
            QTimer.singleShot(0, lambda: self._on_painted(watched))  # when all its parts are painted, too
        return False

    def _on_painted(self, window: QMainWindow) -> None:
        print(json.dumps({"painted_at": time.time(), "torch": "torch" in sys.modules}), flush=True)
        window.close()


def main() -> None:
    """The same way as ``samba-gui`` without arguments."""
    from samba_gui.ui.app import application

    first_paint = FirstPaint()
    application().installEventFilter(first_paint)
    sys.argv = ["samba-gui"]
    runpy.run_module("samba_gui", run_name="__main__")


if __name__ == "__main__":
    main()
