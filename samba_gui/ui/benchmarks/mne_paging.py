"""Run by any Python that has mne-qt-browser: how long its pages take on a file, with its own defaults.

Stands alone, so that the browser need not be installed beside this program.
Arguments: the file, the number of pages, and a file for its picture or nothing.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

PATIENCE_S = 60.0
REST_MS = 250


def main(path: str, n_pages: int, picture: str) -> None:
    """Open the file with 64 channels and 10 s, turn pages by Shift+Right and print the figures."""
    import mne
    import mne_qt_browser
    from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    mne.set_log_level("ERROR")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    begun = time.perf_counter()
    raw = mne.io.read_raw_edf(path)
    figure: Any = mne.viz.plot_raw(raw, duration=10.0, n_channels=64, show=False, block=False)
    figure.resize(1280, 800)
    loop, rest = QEventLoop(), QEventLoop()
    quiet = QTimer(interval=REST_MS)
    quiet.timeout.connect(rest.quit)

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                quiet.start()
            if event.type() == QEvent.Type.Paint and figure.mne.t_start != before:
                QTimer.singleShot(0, loop.quit)
            return False

    painted = Painted()
    figure.mne.view.viewport().installEventFilter(painted)
    before = -1.0
    figure.show()
    loop.exec()
    open_s = time.perf_counter() - begun
    while figure.mne.enable_precompute and not figure.mne.data_precomputed:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
        if time.perf_counter() - begun > PATIENCE_S:
            break
    pages_s, pages_cpu_s = [], []
    for _ in range(n_pages):
        quiet.start()
        rest.exec()  # until nothing is painted any more: that would be taken for the next page
        before = figure.mne.t_start
        key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
        begun, cpu = time.perf_counter(), time.process_time()
        QApplication.postEvent(figure, key)
        loop.exec()
        pages_s.append(time.perf_counter() - begun)
        pages_cpu_s.append(time.process_time() - cpu)
    if picture:
        figure.grab().save(picture)
    found = {
        "version": mne_qt_browser.__version__,
        "open_s": open_s,
        "in_memory": bool(figure.mne.data_precomputed),
        "pages_s": pages_s,
        "pages_cpu_s": pages_cpu_s,
    }
    print(json.dumps(found), flush=True)
    figure.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
