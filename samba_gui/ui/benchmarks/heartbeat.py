"""How long an event waits for the window's thread."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """A timer that notes when it is served.

    A stall delays not one event but all that come during it, so each missed beat counts with its own wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self._served: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(lambda: self._served.append(time.perf_counter()))

    def start(self) -> None:
        """Begin anew."""
        self._served = [time.perf_counter()]
        self._timer.start()

    def stop(self) -> np.ndarray:
        """Waits of all beats since the start, ms (n,)."""
        self._timer.stop()
        self._served.append(time.perf_counter())
        return waits_ms(np.diff(self._served))


def waits_ms(intervals_s: np.ndarray) -> np.ndarray:
    """From the time between two services to the waits of the beats that fell into it, ms (n,)."""
    late_ms = np.maximum(1000 * np.asarray(intervals_s) - BEAT_MS, 0.0)
    return np.concatenate([np.arange(late, -1e-9, -BEAT_MS) for late in late_ms]) if len(late_ms) else late_ms
