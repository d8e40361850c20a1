"""Montages that a user brings: read, checked, and put into the head frame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from samba_gui.core.electrode_names import is_difference, name_key, standard_name
from samba_gui.core.errors import MontageError
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.words import Text, joined
from samba_gui.io.head_frame import (
    SPHERE_ABOVE_EARS_M,
    UNIT_SPHERE_M,
    check_size,
    guess_unit,
    head_from_fiducials,
    place_in_head,
)
from samba_gui.io.montage_csv import is_own_csv, read_own_csv, ten_five_positions
from samba_gui.io.montage_tables import MAX_BYTES, MAX_ROWS, Row, Table, read_table

_NASION = ("nz", "nas", "nasion", "fidnz")
_LEFT = ("lpa", "fidt9", "left", "lobe_left")
_RIGHT = ("rpa", "fidt10", "right", "lobe_right")
# Two electrodes cannot be nearer than this, and no head is thinner.
CLOSEST_M = 0.0005
THINNEST_M = 0.005


def load_montage(path: str | Path) -> Montage:
    """Read electrode positions from a file.

    Parameters
    ----------
    path : str or Path
        ``.csv .tsv .txt .xlsx .elc .sfp .loc .locs .eloc .ced .bvef``; our own CSV is taken as it is.

    Returns
    -------
    Montage
        In MNE's head frame, metres; its ``source`` says in words what was assumed.

    Raises
    ------
    MontageError
        What is wrong with the file.
    """
    path = Path(path)
    if not path.is_file():
        raise MontageError("There is no file {name}.", "Check its name and folder.", name=path.name)
    if path.suffix.lower() == ".csv" and path.stat().st_size <= MAX_BYTES:
        text = path.read_bytes().decode("utf-8-sig", "replace")
        if is_own_csv(text):
            montage = read_own_csv(path, ten_five_positions())
            _check_names(path, [(i, label) for i, label in enumerate(montage.labels, start=1)])
            _check_places(path, montage.labels, montage.positions_m)
            return montage
    table = read_table(path)
    rows, fiducials = _take_fiducials(table.rows)
    _check_names(path, [(row.place, row.name) for row in rows])
    positions, words = _positions(path, table, rows, fiducials)
    labels = [row.name for row in rows]
    _check_places(path, labels, positions)
    return with_pairs(path.stem, labels, positions, Text("{name}; {words}", name=path.name, words=words))


def _take_fiducials(rows: Sequence[Row]) -> tuple[list[Row], dict[str, Row]]:
    found: dict[str, Row] = {}
    electrodes = []
    for row in rows:
        key = row.name.casefold()
        for fiducial, names in (("nasion", _NASION), ("left", _LEFT), ("right", _RIGHT)):
            if key in names:
                found[fiducial] = row
                break
        else:
            electrodes.append(row)
    return electrodes, found


def _check_names(path: Path, names: Sequence[tuple[int, str]]) -> None:
    if len(names) > MAX_ROWS:
        raise MontageError(
            "{name} lists {n} electrodes, more than {most}.", name=path.name, n=len(names), most=MAX_ROWS
        )
    if len(names) < MIN_ELECTRODES:
        raise MontageError(
            "{name} lists {n} electrodes; a montage needs at least {least}.",
            "Give a name and three numbers in every row.",
            name=path.name,
            n=len(names),
            least=MIN_ELECTRODES,
        )
    seen: dict[str, int] = {}
    for place, label in names:
        if not label or label.casefold() in ("nan", "none", "n/a"):
            raise MontageError(
                "{name}: row {place} has no name.", "Name every electrode.", name=path.name, place=place
            )
        if label.casefold() in seen:
            raise MontageError(
                "{name}: {label} is listed twice (rows {first} and {place}).",
                "Give each electrode one row.",
                name=path.name,
                label=label,
                first=seen[label.casefold()],
                place=place,
            )
        seen[label.casefold()] = place


def _positions(
    path: Path, table: Table, rows: Sequence[Row], fiducials: dict[str, Row]
) -> tuple[np.ndarray, Text]:
    raw = np.array([row.xyz for row in rows])
    bad = [row.name for row in rows if not np.isfinite(row.xyz).all()]
    if bad:
        raise MontageError(
            "{name}: the position of {label} is not a number.",
            "Correct or remove the row.",
            name=path.name,
            label=bad[0],
        )
    if not np.ptp(raw, axis=0).any():
        raise MontageError(
            "{name}: all electrodes have the same position.", "Check the coordinates.", name=path.name
        )
    if table.spherical:
        moved = raw * UNIT_SPHERE_M + np.array([0.0, 0.0, SPHERE_ABOVE_EARS_M])
        return moved, Text(
            "angles on a sphere: assumed are a radius of {radius_mm:.0f} mm and a centre {up_mm:.0f} mm "
            "above the ears",
            radius_mm=1000 * UNIT_SPHERE_M,
            up_mm=1000 * SPHERE_ABOVE_EARS_M,
        )
    if table.scale is not None:
        scale, unit = table.scale, Text("unit as stated ({scale_m:g} m)", scale_m=table.scale)
        check_size(raw * scale, path.name)
    else:
        scale, guessed = guess_unit(raw, path.name)
        unit = Text("unit taken as {unit} by the size of the head", unit=guessed)
    positions = raw * scale
    if len(fiducials) == 3:
        corners = [np.array(fiducials[key].xyz) * scale for key in ("nasion", "left", "right")]
        rotation, origin = head_from_fiducials(*corners)
        if not np.isfinite(rotation).all():
            raise MontageError(
                "{name}: nasion and ears lie on one line.", "Correct the fiducials.", name=path.name
            )
        frame = Text("head frame from the file's fiducials")
        return (positions - origin) @ rotation.T, joined((unit, frame), "; ")
    positions, frame = place_in_head(positions)
    return positions, joined((unit, frame), "; ")


def _check_places(path: Path, labels: Sequence[str], positions: np.ndarray) -> None:
    spread = np.linalg.svd(positions - positions.mean(axis=0), compute_uv=False) / np.sqrt(len(positions))
    if spread[0] < THINNEST_M:
        raise MontageError(
            "{name}: all electrodes have the same position.", "Check the coordinates.", name=path.name
        )
    if spread[1] < THINNEST_M:
        raise MontageError(
            "{name}: all electrodes lie on one line.", "Check the coordinates.", name=path.name
        )
    if spread[2] < THINNEST_M / 5:
        raise MontageError(
            "{name}: all electrodes lie in one plane.", "Give positions in three dimensions.", name=path.name
        )
    order = np.lexsort(np.round(positions / CLOSEST_M).T)
    for a, b in pairwise(order):
        # T3 and T7 are one electrode under two names.
        if np.linalg.norm(positions[a] - positions[b]) < CLOSEST_M and name_key(labels[a]) != name_key(
            labels[b]
        ):
            raise MontageError(
                "{name}: {one} and {other} have the same position.",
                "Correct one of them.",
                name=path.name,
                one=labels[a],
                other=labels[b],
            )


def with_pairs(name: str, labels: Sequence[str], positions: np.ndarray, source: str) -> Montage:
    """A montage whose differences (``Fp1-F7``) know their two electrodes."""
    where = ten_five_positions()
    ends = np.repeat(positions[:, None], 2, axis=1)
    anodes, cathodes = list(labels), [""] * len(labels)
    for i, label in enumerate(labels):
        plus, _, minus = standard_name(label).partition("-")
        if is_difference(standard_name(label)) and plus in where and minus in where:
            anodes[i], cathodes[i] = plus, minus
            ends[i] = where[plus], where[minus]
    return Montage(name, tuple(labels), positions, source, tuple(anodes), tuple(cathodes), ends)


def montage_of_names(name: str, names: Sequence[str]) -> Montage | None:
    """A montage of standard names: 10-05 positions, and the midpoints of differences.

    Parameters
    ----------
    name : str
    names : sequence of str
        Those that the 10-05 system does not know are left out.

    Returns
    -------
    Montage or None
        None if none is known.
    """
    where = ten_five_positions()
    known = [one for one in dict.fromkeys(names) if all(end in where for end in one.split("-"))]
    if not known:
        return None
    positions = np.array([np.mean([where[end] for end in one.split("-")], axis=0) for one in known])
    return with_pairs(name, known, positions, "10-05 template; midpoints of anode and cathode")
