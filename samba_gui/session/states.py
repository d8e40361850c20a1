"""Sessions kept on this computer, so that a recording opens again as it was left.

One file per recording, named by the recording's hash. A file that cannot be read costs only itself.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from samba_gui.core.errors import StateError
from samba_gui.core.words import Text
from samba_gui.io.whole_files import write_whole
from samba_gui.session.background import Background
from samba_gui.session.notices import Notice
from samba_gui.session.state import MAX_CHARACTERS, SessionState

LIMIT = 300
"""So many recordings are remembered; of more, those that were used last."""


class States:
    """Reads and writes the folder, off the window's thread.

    Parameters
    ----------
    folder : Path
    background : Background
    failed : callable
        Told where a session cannot be written.
    """

    def __init__(self, folder: Path, background: Background, failed: Callable[[Notice], None]) -> None:
        self._folder = folder
        self._background = background
        self._failed = failed
        self._lock = threading.Lock()
        self._waiting: dict[str, SessionState] = {}
        self._last: SessionState | None = None
        self.remember = True

    def keep(self, state: SessionState) -> None:
        """Write a session soon; nothing is kept while ``remember`` is off."""
        if self.remember and state != self._last:
            self._last = state
            with self._lock:
                self._waiting[state.recording_sha256] = state
            self._background.run(Text("Keeping the session"), self.flush, lambda _: None, self._failed)

    def read(self, sha256: str) -> SessionState | None:
        """What was kept of a recording; None without anything that can be read."""
        try:
            state = read_state(self._path(sha256))
        except StateError:
            return None
        return state if self.remember and state.recording_sha256 == sha256 else None

    def forget(self) -> None:
        """Remove all that was kept."""
        with self._lock:
            self._waiting.clear()
            self._last = None
            for path in self._folder.glob("*.json"):
                with contextlib.suppress(OSError):
                    path.unlink()

    def flush(self) -> None:
        """Write now what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            for sha256, state in waiting.items():
                self._folder.mkdir(0o700, parents=True, exist_ok=True)
                write_state(self._path(sha256), state)
            if waiting:
                self._prune()

    def _prune(self) -> None:
        def age(path: Path) -> float:
            with contextlib.suppress(OSError):
                return -path.stat().st_mtime
            return 0.0

        for path in sorted(self._folder.glob("*.json"), key=age)[LIMIT:]:
            with contextlib.suppress(OSError):
                path.unlink()

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"


def write_state(path: Path, state: SessionState) -> None:
    """Put a session into a file.

    Raises
    ------
    ExportError
        It cannot be written; what was there stays.
    """
    write_whole(path, lambda file: file.write(state.to_json().encode()))


def read_state(path: Path) -> SessionState:
    """Read a session from a file.

    Raises
    ------
    StateError
        Not readable, or not a session.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return SessionState.from_json(file.read(MAX_CHARACTERS + 1))
    except (OSError, UnicodeDecodeError):
        raise StateError(
            "{name} cannot be read.", "Choose a session that samba-gui saved.", name=path.name
        ) from None
