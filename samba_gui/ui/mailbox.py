"""From any thread to the window's: functions are posted, and run when the window gets to them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Mailbox(QObject):
    """Runs what is posted on the thread it was made on."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, function: Callable[[], None]) -> None:
        """Run ``function`` soon; safe from any thread."""
        self._posted.emit(function)

    def _run(self, function: Callable[[], None]) -> None:
        function()
