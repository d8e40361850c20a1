"""Finds what a test leaves behind: threads, timers, windows, VTK objects, child processes, log records."""

from __future__ import annotations

import gc
import logging
import re
import sys
import threading
import time
import traceback
import weakref
from types import FrameType
from typing import Any

import psutil
from warm_workers import server_pid

GRACE_S = 10.0
# by address: some VTK wrappers cannot be hashed
_older: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
_born: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()


def remember_origins() -> None:
    """Let every thread and Qt timer that is started from Python remember where that happened."""
    from PySide6.QtCore import QThread, QTimer

    for kind in (threading.Thread, QThread, QTimer):
        _remember_origin(kind)


def _remember_origin(kind: type) -> None:
    start = kind.start  # type: ignore[attr-defined]

    def remembering_start(self: Any, *args: Any) -> Any:
        frame = traceback.extract_stack(sys._getframe(1), limit=1)[0]
        _born[self] = f"started in {frame.filename}:{frame.lineno} ({frame.name})"
        return start(self, *args)

    kind.start = remembering_start  # type: ignore[attr-defined]


def origin(thing: Any) -> str:
    """Where a thread or timer was started, in words."""
    return _born.get(thing, "origin unknown")


class LogRecords(logging.Handler):
    """Collects records of level WARNING and above; a test names those it expects."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.records.append(record)

    def expect(self, pattern: str) -> None:
        """Let records whose message matches the regular expression pass."""
        self.expected.append(pattern)

    def stray(self) -> list[str]:
        """Records that no pattern covers, in words."""
        return [
            f"log record {r.levelname} of {r.name}: {r.getMessage()} ({r.pathname}:{r.lineno})"
            for r in self.records
            if not any(re.search(pattern, r.getMessage()) for pattern in self.expected)
        ]


class LeakCheck:
    """A snapshot of what lives now; :meth:`leaks` says what was added since and did not go away."""

    def __init__(self) -> None:
        _older.update({id(thing): thing for thing in living_vtk_objects()})
        # What lives now is moved out of the collector's sight: whatever it still sees at the end is
        # of the test, and both looking and collecting stay fast.
        gc.freeze()
        self._threads = set(threading.enumerate())
        self._children = set(_children())
        self._windows = set(map(_address, _windows()))
        self._timers = set(map(_address, _timers()))
        self._qthreads = set(map(_address, _qthreads()))

    def leaks(self, grace_s: float | None = None) -> list[str]:
        """One line for each thing left, after it had ``grace_s`` seconds to go, ``GRACE_S`` if not given."""
        deadline = time.monotonic() + (GRACE_S if grace_s is None else grace_s)
        let_qt_delete()
        gc.collect()
        let_qt_delete()
        while found := self._found():
            if time.monotonic() > deadline:
                break
            gc.unfreeze()
            gc.collect()
            let_qt_delete()
            time.sleep(0.02)
        return found

    def kill_children(self) -> None:
        """End the child processes that were left, so that the next test starts clean."""
        for child in set(_children()) - self._children:
            child.kill()
            child.wait(5)

    def _found(self) -> list[str]:
        threads = [
            f"thread {thread.name!r}, {origin(thread)}"
            for thread in set(threading.enumerate()) - self._threads
        ]
        timers = [
            f"active {type(timer).__name__} of {timer.interval()} ms, {origin(timer)}"
            for timer in _timers()
            if _address(timer) not in self._timers
        ]
        threads += [
            f"QThread, {origin(thread)}" for thread in _qthreads() if _address(thread) not in self._qthreads
        ]
        windows = [
            f"window {type(window).__name__} {window.objectName() or window.windowTitle()!r}"
            for window in _windows()
            if _address(window) not in self._windows
        ]
        children = [f"child process {_command(child)}" for child in set(_children()) - self._children]
        return threads + timers + windows + children + vtk_objects()


def vtk_objects() -> list[str]:
    """VTK objects that came after the last snapshot, in words."""
    found = [thing for thing in living_vtk_objects() if id(thing) not in _older]
    return [f"VTK object {type(thing).__name__}, held by {_holders(thing, found)}" for thing in found]


def living_vtk_objects() -> list[Any]:
    """All VTK objects that Python knows."""
    if "vtkmodules.vtkCommonCore" not in sys.modules:
        return []
    base = sys.modules["vtkmodules.vtkCommonCore"].vtkObjectBase
    # issubclass of type(), not isinstance(): a proxy's __class__ may run code
    return [thing for thing in gc.get_objects() if issubclass(type(thing), base)]


def _holders(thing: Any, found: list[Any]) -> str:
    names = {
        type(holder).__qualname__
        for holder in gc.get_referrers(thing)
        if holder is not found and not isinstance(holder, FrameType)
    }
    return ", ".join(sorted(names)) or "nobody the collector knows"


def let_qt_delete() -> None:
    """Let Qt delete what is to be deleted later."""
    app = _application()
    if app is not None:
        from PySide6.QtCore import QEvent

        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()


def _application() -> Any:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets else None


def _windows() -> list[Any]:
    app = _application()
    return list(app.topLevelWidgets()) if app is not None else []


def _timers() -> list[Any]:
    return [timer for timer in _started("QTimer") if timer.isActive()]


def _qthreads() -> list[Any]:
    return [thread for thread in _started("QThread") if thread.isRunning()]


def _started(kind: str) -> list[Any]:
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return []
    import shiboken6

    kind_of = getattr(core, kind)
    return [thing for thing in list(_born) if isinstance(thing, kind_of) and shiboken6.isValid(thing)]


def _address(thing: Any) -> int:
    import shiboken6

    return shiboken6.getCppPointer(thing)[0]


def _children() -> list[psutil.Process]:
    # multiprocessing keeps one tracker and one server process per session on purpose; the server's children
    # bear its command line, so it is known by its number
    kept = server_pid()
    children = psutil.Process().children(recursive=True)
    return [c for c in children if c.pid != kept and "resource_tracker" not in _command(c)]


def _command(child: psutil.Process) -> str:
    try:
        return f"{child.pid}: {' '.join(child.cmdline())[:200]}"
    except psutil.Error:
        return f"{child.pid}: ended"
