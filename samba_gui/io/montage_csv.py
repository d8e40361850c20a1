"""Our own montage files: ``name,x_m,y_m,z_m,anode,cathode`` in MNE's head frame, with a commented head."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import numpy as np

from samba_gui.core.electrode_names import OLD_NAMES
from samba_gui.core.errors import MontageError
from samba_gui.core.montage import HEAD_FRAME, Montage
from samba_gui.core.places import montages_dir

COLUMNS = ["name", "x_m", "y_m", "z_m", "anode", "cathode"]


@cache
def ten_five_positions() -> dict[str, np.ndarray]:
    """Positions (3,) of all 10-05 electrodes, ears and mastoids, old names included; head frame, metres."""
    montage = read_own_csv(montages_dir() / "10-05.csv", {})
    positions = dict(zip(montage.labels, montage.positions_m, strict=True))
    return positions | {old: positions[new] for old, new in OLD_NAMES.items()}


def is_own_csv(text: str) -> bool:
    """Whether the first line without a ``#`` is our header."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [cell.strip() for cell in next(lines, "").split(",")] == COLUMNS


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
        A coordinate is not a number, a name is missing or there twice, or nothing is in the file.
    """
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    head = dict(line.lstrip("# ").split(": ", 1) for line in lines if line.startswith("#") and ": " in line)
    rows = list(csv.DictReader(line for line in lines if line.strip() and not line.startswith("#")))
    try:
        positions = np.array([[float(row[key]) for key in COLUMNS[1:4]] for row in rows]).reshape(-1, 3)
    except (TypeError, ValueError):
        raise MontageError(
            "{name}: a coordinate is not a number.",
            "Give x_m, y_m and z_m in metres in every row.",
            name=path.name,
        ) from None
    labels = [row["name"].strip() for row in rows]
    if "" in labels:
        raise MontageError(
            "{name}: electrode {place} has no name.",
            "Name every row.",
            name=path.name,
            place=labels.index("") + 1,
        )
    ends = np.repeat(positions[:, None], 2, axis=1)
    for i, row in enumerate(rows):
        if row["cathode"] and row["anode"] in electrodes and row["cathode"] in electrodes:
            ends[i] = electrodes[row["anode"]], electrodes[row["cathode"]]
    return Montage(
        head.get("montage", path.stem),
        tuple(labels),
        positions,
        head.get("source", path.name),
        tuple(row["anode"] or label for row, label in zip(rows, labels, strict=True)),
        tuple(row["cathode"] or "" for row in rows),
        ends,
    )


def own_csv(montage: Montage) -> str:
    """A montage in our own form, as :func:`read_own_csv` reads it."""
    text = io.StringIO()
    text.write(
        f"# montage: {montage.name}\n# source: {montage.source}\n# frame: {HEAD_FRAME}\n# unit: metre\n"
    )
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    rows = zip(montage.labels, montage.positions_m + 0.0, montage.anodes, montage.cathodes, strict=True)
    for label, position, anode, cathode in rows:
        table.writerow([label, *(f"{value:.6f}" for value in position), anode, cathode])
    return text.getvalue()
