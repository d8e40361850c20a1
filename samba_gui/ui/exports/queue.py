"""Exports one after the other, each a child process that runs the very same verb as the command line."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from samba_gui.core.progress import REPORT_VARIABLE
from samba_gui.core.words import Text
from samba_gui.io.whole_files import clear_partials
from samba_gui.session.notices import Level, Notice

_KILL_MS = 5000


@dataclass(frozen=True)
class Export:
    """One file or folder to be written.

    Parameters
    ----------
    arguments : tuple of str
        Of ``samba-gui``, the verb first.
    out : Path
        What the verb writes.
    scratch : TemporaryDirectory, optional
        What only this export needs; removed with it.
    """

    arguments: tuple[str, ...]
    out: Path
    scratch: TemporaryDirectory | None = None


@dataclass(frozen=True)
class ExportState:
    """How far the export under way is; ``total`` is 0 as long as that is not known.

    Parameters
    ----------
    name : str
        Of the file; empty where nothing is under way.
    done, total, waiting : int
    """

    name: str = ""
    done: int = 0
    total: int = 0
    waiting: int = 0


class ExportQueue(QObject):
    """Writes exports in the order in which they were asked for.

    A cancelled, failed or killed export leaves nothing behind, and what was there before stays: verbs put
    files in place only when they are complete.

    Signals
    -------
    changed(ExportState)
    written(Export)
        It is complete and in its place.
    noticed(Notice)
        One for every export that ends, but not for a cancelled one.
    """

    changed = Signal(object)
    written = Signal(object)
    noticed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Export] = deque()
        self._now: Export | None = None
        self._pid = 0
        self._cancelled = False
        self._error: tuple[Text, Text] | None = None
        self._progress = (0, 0)
        self._unread = b""
        self._process = QProcess(self)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._process.readyReadStandardError.connect(self._on_told)
        self._process.setStandardOutputFile(QProcess.nullDevice())
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(REPORT_VARIABLE, "1")
        self._process.setProcessEnvironment(environment)

    @property
    def state(self) -> ExportState:
        """What is under way."""
        if self._now is None:
            return ExportState()
        return ExportState(self._now.out.name, *self._progress, len(self._waiting))

    @property
    def busy(self) -> bool:
        """Whether anything is under way or waits."""
        return self._now is not None

    def add(self, export: Export) -> None:
        """Write it when those before it are done."""
        self._waiting.append(export)
        if self._now is None:
            self._begin()
        self.changed.emit(self.state)

    def cancel(self) -> None:
        """End the export under way; the next begins."""
        if self._now is not None:
            self._cancelled = True
            self._process.kill()

    def close(self) -> None:
        """End everything; nothing is told any more."""
        self.blockSignals(True)
        for export in self._waiting:
            _forget(export)
        self._waiting.clear()
        if self._now is not None:
            self.cancel()
            self._process.waitForFinished(_KILL_MS)

    def _begin(self) -> None:
        self._now = self._waiting.popleft()
        self._cancelled, self._error, self._progress, self._unread = False, None, (0, 0), b""
        # a frozen program is the command itself
        before = [] if getattr(sys, "frozen", False) else ["-m", "samba_gui"]
        self._process.start(sys.executable, [*before, *self._now.arguments])
        self._pid = self._process.processId()

    def _on_told(self) -> None:
        *lines, self._unread = (self._unread + bytes(self._process.readAllStandardError().data())).split(
            b"\n"
        )
        for line in lines:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # a library's own words
            if isinstance(told, dict) and "progress" in told:
                self._progress = (int(told["progress"][0]), int(told["progress"][1]))
                self.changed.emit(self.state)
            elif isinstance(told, dict) and "error" in told:
                self._error = (Text.from_plain(told["error"][0]), Text.from_plain(told["error"][1]))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # then nothing finishes
            self._on_finished(-1)

    def _on_finished(self, status: int) -> None:
        self._on_told()
        export, self._now = self._now, None
        assert export is not None
        crashed = self._process.exitStatus() == QProcess.ExitStatus.CrashExit or status < 0
        if self._pid and crashed:
            clear_partials(export.out, self._pid)
        _forget(export)
        failed = crashed or status != 0
        if not self._cancelled:
            self.noticed.emit(self._notice(export, failed))
        if not self._cancelled and not failed:
            self.written.emit(export)
        if self._waiting:
            self._begin()
        self.changed.emit(self.state)

    def _notice(self, export: Export, failed: bool) -> Notice:
        name = export.out.name
        if not failed:
            where = Text("in {folder}", folder=export.out.parent)
            return Notice(Level.INFO, Text("Saved {name}", name=name), where)
        if self._error is not None:
            return Notice(Level.ERROR, *self._error)
        return Notice(
            Level.ERROR,
            Text("Writing {name} crashed; nothing was written.", name=name),
            Text("Try it in 2-D or smaller; what was there before is still there."),
            " ".join(export.arguments[:1]),
        )


def _forget(export: Export) -> None:
    if export.scratch is not None:
        export.scratch.cleanup()


def can_write_mp4() -> bool:
    """Whether the optional package for films is installed."""
    from importlib.util import find_spec

    return find_spec("imageio_ffmpeg") is not None


def is_there(path: Path) -> bool:
    """Whether a file stands where an export would go."""
    return os.path.lexists(path)
