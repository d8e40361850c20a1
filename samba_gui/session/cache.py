"""The folder of cached results does not grow for ever."""

from __future__ import annotations

import contextlib
from pathlib import Path

LIMIT_BYTES = 2_000_000_000


def prune(folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Remove the oldest results until the rest fits; what cannot be removed stays."""
    files = []
    for path in folder.glob("*.samba.h5*"):
        with contextlib.suppress(OSError):
            facts = path.stat()
            files.append((facts.st_mtime, facts.st_size, path))
    files.sort(reverse=True)
    total = 0
    for _, size, path in files:
        total += size
        if total > limit_bytes:
            with contextlib.suppress(OSError):
                path.unlink()
