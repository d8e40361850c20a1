"""Folders of what can be computed again do not grow for ever."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from samba_gui import __version__
from samba_gui.core.recipe import Recipe

LIMIT_BYTES = 2_000_000_000


def prune(folder: Path, limit_bytes: int = LIMIT_BYTES, pattern: str = "*.samba.h5*") -> None:
    """Remove the oldest files of a kind until the rest fits; what cannot be removed stays."""
    files = []
    for path in folder.glob(pattern):
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


def results_name(sha256: str, recipe: Recipe, device: str, again: int) -> str:
    """Name of the cached results: equal for equal analyses by this version of the program."""
    text = ";".join((sha256, recipe.key, device, str(again), __version__))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.samba.h5"
