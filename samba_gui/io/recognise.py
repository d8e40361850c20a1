"""What a file is: a recording, electrode positions, annotations, a bundle, a session, an exported figure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from samba_gui.core.errors import SambaError
from samba_gui.io.annotations import read_annotations
from samba_gui.io.bundles import CONFIG_FILE
from samba_gui.io.formats import choose_format
from samba_gui.io.montage_files import load_montage
from samba_gui.io.provenance import read_provenance

MAX_SESSION_BYTES = 4_000_000
_HEAD_LINES, _MOST_LETTERS = 40, 4096
TABLES = (".csv", ".tsv", ".txt")
FIGURES = (".png", ".gif", ".mp4", ".svg", ".pdf", ".html", ".h5")
POSITIONS = (".elc", ".sfp", ".loc", ".locs", ".eloc", ".ced", ".bvef", ".xlsx")


class FileKind(StrEnum):
    """What can be done with a file that is dropped on the window."""

    RECORDING = "recording"
    MONTAGE = "montage"
    ANNOTATIONS = "annotations"
    BUNDLE = "bundle"
    SESSION = "session"
    FIGURE = "figure"
    UNKNOWN = "unknown"


def recognise(path: str | Path) -> FileKind:
    """Look into a file or folder as far as is needed to tell what it is; never raises for what it holds."""
    path = Path(path)
    if path.is_dir() and (path / CONFIG_FILE).is_file():
        return FileKind.BUNDLE
    suffix = path.suffix.lower()
    if suffix == ".json":
        return FileKind.SESSION if _is_session(path) else FileKind.UNKNOWN
    if suffix in POSITIONS:
        return FileKind.MONTAGE
    if suffix in FIGURES and _is_read_by(read_provenance, path):
        return FileKind.FIGURE
    if suffix in TABLES:
        if _is_read_by(read_annotations, path):
            return FileKind.ANNOTATIONS
        is_montage = _has_columns_of_positions(path) or _is_read_by(load_montage, path)
        return FileKind.MONTAGE if is_montage else FileKind.UNKNOWN
    return FileKind.RECORDING if _is_read_by(choose_format, path) else FileKind.UNKNOWN


def sorted_by_kind(paths: Iterable[str | Path]) -> dict[FileKind, Sequence[str]]:
    """Paths by what they are, in their order."""
    found: dict[FileKind, list[str]] = {kind: [] for kind in FileKind}
    for path in paths:
        found[recognise(path)].append(str(path))
    return dict(found)


def _is_read_by(reader: object, path: Path) -> bool:
    assert callable(reader)
    try:
        reader(path)
    except (SambaError, OSError):
        return False
    return True


def _has_columns_of_positions(path: Path) -> bool:
    """Whether a table names x, y and z: then who reads it says what is wrong with the rest."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = (file.readline(_MOST_LETTERS) for _ in range(_HEAD_LINES))
            head = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    except OSError:
        return False
    cells = {cell.strip(' "').casefold().removesuffix("_m") for cell in re.split(r"[,;\t]", head.strip())}
    return {"x", "y", "z"} <= cells


def _is_session(path: Path) -> bool:
    try:
        if path.stat().st_size > MAX_SESSION_BYTES:
            return False
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and str(data.get("format", "")).startswith("samba-gui session")
