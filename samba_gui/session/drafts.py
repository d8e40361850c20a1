"""Annotations made here, kept on this computer: a crash or a closed window loses none of them.

One file per recording, named by the recording's hash; the recording itself is never written.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

from samba_gui.core.recording import Annotation
from samba_gui.core.words import Text
from samba_gui.session.background import Background
from samba_gui.session.notices import Notice

Annotations = tuple[Annotation, ...]


class Drafts:
    """Saves soon after every change, off the window's thread.

    Parameters
    ----------
    folder : Path
    background : Background
    failed : callable
        Told where a draft cannot be written.
    """

    def __init__(self, folder: Path, background: Background, failed: Callable[[Notice], None]) -> None:
        self._folder = folder
        self._background = background
        self._failed = failed
        self._lock = threading.Lock()
        self._waiting: dict[str, Annotations | None] = {}
        self._own: set[str] = set()

    def keep(self, sha256: str, annotations: Annotations | None) -> None:
        """Save a recording's annotations soon; None: they are the file's own, nothing needs keeping."""
        with self._lock:
            self._waiting[sha256] = annotations
        self._background.run(Text("Saving annotations"), self.flush, lambda _: None, self._failed)

    def read(self, sha256: str) -> Annotations | None:
        """What was saved; None without anything that can be read."""
        try:
            rows = json.loads(self._path(sha256).read_text("utf-8"))["annotations"]
            return tuple(Annotation(float(row[0]), float(row[1]), str(row[2])) for row in rows)
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def adopt(self, sha256: str) -> None:
        """What was saved is in use again: the next change may replace it."""
        self._own.add(sha256)

    def flush(self) -> None:
        """Write now what waits."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            for sha256, annotations in waiting.items():
                self._write(sha256, annotations)

    def _write(self, sha256: str, annotations: Annotations | None) -> None:
        path = self._path(sha256)
        if sha256 not in self._own and path.exists():
            if annotations is None:
                return
            # those of last time were not taken back, and are not lost for that
            os.replace(path, path.with_suffix(".previous.json"))
        self._own.add(sha256)
        if annotations is None:
            path.unlink(missing_ok=True)
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        rows = [[note.onset_s, note.duration_s, note.description] for note in annotations]
        new.write_text(json.dumps({"format": "samba-gui annotations 1", "annotations": rows}), "utf-8")
        with contextlib.suppress(OSError):
            new.chmod(0o600)  # descriptions can hold names
        os.replace(new, path)

    def _path(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.json"
