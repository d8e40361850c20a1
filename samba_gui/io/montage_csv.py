"""Our own montage files: ``name,x_m,y_m,z_m,anode,cathode`` in MNE's head frame, with a commented head."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from samba_gui.core.errors import MontageError
from samba_gui.core.montage import Montage

COLUMNS = ["name", "x_m", "y_m", "z_m", "anode", "cathode"]


def is_own_csv(lines: list[str]) -> bool:
    """Whether the first line without a ``#`` is our header."""
    header = next((line for line in lines if not line.startswith("#")), "")
    return [cell.strip() for cell in header.split(",")] == COLUMNS


def read_own_csv(path: Path, electrodes: dict[str, np.ndarray]) -> Montage:
    """Read a montage in our own form.

    Parameters
    ----------
    path : Path
    electrodes : mapping of name to ndarray (3,)
        Where to look for the two ends of bipolar channels.

    Raises
    ------
    MontageError
        A row has too few cells, a cell is not a number, or a name is there twice.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    head = dict(line.lstrip("# ").split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
    rows = list(csv.DictReader(line for line in lines if line.strip() and not line.startswith("#")))
    try:
        positions = np.array([[float(row[key]) for key in COLUMNS[1:4]] for row in rows]).reshape(-1, 3)
    except (TypeError, ValueError):
        raise MontageError(
            f"{path.name}: a coordinate is not a number.", "Give x_m, y_m and z_m in metres in every row."
        ) from None
    ends = np.repeat(positions[:, None], 2, axis=1)
    for i, row in enumerate(rows):
        if row["cathode"] and row["anode"] in electrodes and row["cathode"] in electrodes:
            ends[i] = electrodes[row["anode"]], electrodes[row["cathode"]]
    return Montage(
        head.get("montage", path.stem),
        tuple(row["name"].strip() for row in rows),
        positions,
        head.get("source", path.name),
        tuple(row["anode"] or row["name"] for row in rows),
        tuple(row["cathode"] or "" for row in rows),
        ends,
    )
