"""Every unexpected thing ends here: exceptions of any thread, Qt's messages, our own notices."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from samba_gui.core.words import Text
from samba_gui.session.notices import Level, Notice, notice_of

LEVELS = {Level.INFO: logging.INFO, Level.WARNING: logging.WARNING, Level.ERROR: logging.ERROR}


class ErrorDesk(QObject):
    """Collects messages from everywhere, logs them, and hands them to the window.

    Signals
    -------
    posted(Notice)
        May be emitted from any thread; connect it queued.

    Parameters
    ----------
    log_file : Path
        Names of opened files are replaced in it, since they can hold a patient's name.
    """

    posted = Signal(object)

    def __init__(self, log_file: Path) -> None:
        super().__init__()
        self._secrets: list[str] = []
        self._log = logging.getLogger("samba_gui.window")
        self._handler = RotatingFileHandler(
            log_file, maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        self._log.addHandler(self._handler)
        self._log.setLevel(logging.INFO)
        self._log.propagate = False
        self._hooks = (sys.excepthook, threading.excepthook)
        self._qt_hook: Callable | None = None
        self._installed = False

    def install(self) -> None:
        """Catch what nobody catches."""
        self._installed = True
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )
        self._qt_hook = qInstallMessageHandler(self._on_qt_message)

    def close(self) -> None:
        """Give the hooks back and close the log."""
        if self._installed:
            sys.excepthook, threading.excepthook = self._hooks
            qInstallMessageHandler(self._qt_hook)
        self._log.removeHandler(self._handler)
        self._handler.close()

    def hide_in_log(self, path: str) -> None:
        """Never write this file's name to the log."""
        names = (path, Path(path).name, Path(path).stem)
        self._secrets += [name for name in names if len(name) > 3]

    def post(self, notice: Notice) -> None:
        """Log a message and show it; safe from any thread."""
        text = " ".join(part for part in (notice.message, notice.hint, notice.detail) if part)
        for secret in self._secrets:
            text = text.replace(secret, "<recording>")
        self._log.log(LEVELS[notice.level], text)
        self.posted.emit(notice)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        detail = "".join(traceback.format_exception(kind, error, trace))
        self.post(notice_of(error, Text("Something in the window"), detail))

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        # Qt's warnings are for the log; only what is fatal concerns the user
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            problem = Text("The graphical interface reported a problem.")
            self.post(Notice(Level.ERROR, problem, detail=text))
        elif kind == QtMsgType.QtWarningMsg:
            self._log.warning("Qt: %s", text)
