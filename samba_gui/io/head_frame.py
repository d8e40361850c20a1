"""Bringing electrode positions into MNE's head frame, and saying in words what was done."""

from __future__ import annotations

import numpy as np

from samba_gui.core.errors import MontageError
from samba_gui.core.words import Text

# Centre of the sphere through the electrodes of an adult head, in MNE's head frame.
HEAD_CENTRE_M = np.array([0.0, 0.014, 0.041])
# Coordinates on an ideal sphere have its centre as origin; MNE's own spherical templates put the ears'
# level, the origin of the head frame, this far below.
SPHERE_ABOVE_EARS_M = 0.040
CLOSE_M = 0.025
FEWEST_FOR_SPHERE = 8
UNIT_SPHERE_M = 0.095
# How far the outermost electrode of a head lies from the middle one, in metres.
SIZES_M = (0.05, 0.30)
_UNITS = (("metres", 1.0), ("centimetres", 0.01), ("millimetres", 0.001))


def fit_sphere(positions: np.ndarray) -> tuple[np.ndarray, float]:
    """Least-squares sphere through points.

    Parameters
    ----------
    positions : ndarray (n, 3)

    Returns
    -------
    centre : ndarray (3,)
    radius : float
    """
    design = np.column_stack([2 * positions, np.ones(len(positions))])
    solution, *_ = np.linalg.lstsq(design, (positions**2).sum(axis=1), rcond=None)
    centre = solution[:3]
    return centre, float(np.sqrt(max(solution[3] + centre @ centre, 0.0)))


def _size(positions: np.ndarray) -> float:
    return float(np.linalg.norm(positions - np.median(positions, axis=0), axis=1).max())


def guess_unit(positions: np.ndarray, name: str) -> tuple[float, str]:
    """Metres per unit of a file, and the unit's name.

    Parameters
    ----------
    positions : ndarray (n, 3)
    name : str
        File name, for the error.

    Raises
    ------
    MontageError
        No unit makes a head of them.
    """
    size = _size(positions)
    for unit, scale in _UNITS:
        if SIZES_M[0] <= size * scale <= SIZES_M[1]:
            return scale, unit
    if 0.5 <= size <= 2.0:
        return UNIT_SPHERE_M, "head radii"
    raise MontageError(
        "{name}: electrodes up to {size:.3g} from the middle are no head in m, cm or mm.",
        "Check the coordinates and their unit.",
        name=name,
        size=size,
    )


def check_size(positions_m: np.ndarray, name: str) -> None:
    """Refuse positions that do not have the size of a head.

    Raises
    ------
    MontageError
    """
    size = _size(positions_m)
    if not SIZES_M[0] <= size <= SIZES_M[1]:
        raise MontageError(
            "{name}: by its stated unit the electrodes reach {size_mm:.3g} mm from the middle: no head.",
            "Correct the unit in the file.",
            name=name,
            size_mm=1000 * size,
        )


def place_in_head(positions_m: np.ndarray) -> tuple[np.ndarray, Text]:
    """Positions without fiducials in the head frame, as far as can be told.

    Parameters
    ----------
    positions_m : ndarray (n, 3)

    Returns
    -------
    positions_m : ndarray (n, 3)
    words : Text
        What was done, or what should be checked.
    """
    if len(positions_m) < FEWEST_FOR_SPHERE:
        return positions_m, Text("too few electrodes to check the frame, taken as the head frame")
    centre, _ = fit_sphere(positions_m)
    off = np.linalg.norm(centre - HEAD_CENTRE_M)
    if off <= CLOSE_M:
        return positions_m, Text("no fiducials, the electrodes lie as in the head frame")
    if np.linalg.norm(centre) <= CLOSE_M:
        shifted = positions_m + np.array([0.0, 0.0, SPHERE_ABOVE_EARS_M])
        return shifted, Text(
            "no fiducials, the origin is the centre of the electrodes' sphere: moved up by {up_mm:.0f} mm to "
            "the head frame",
            up_mm=1000 * SPHERE_ABOVE_EARS_M,
        )
    return positions_m, Text(
        "no fiducials, and the electrodes' sphere lies {off_mm:.0f} mm from where it lies in the head frame: "
        "the file probably uses another frame, add fiducials",
        off_mm=1000 * off,
    )


def head_from_fiducials(
    nasion: np.ndarray, left: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (3, 3) and origin (3,) of the head frame: ``(p - origin) @ rotation.T``.

    x runs through the preauricular points to the right, y through the nasion, z up.
    """
    x = (right - left) / np.linalg.norm(right - left)
    origin = left + x * (x @ (nasion - left))
    y = (nasion - origin) / np.linalg.norm(nasion - origin)
    return np.stack([x, y, np.cross(x, y)]), origin
