"""The coordinate doctor: what is wrong with a montage's coordinates, and what would mend it.

Where names are those of the 10-05 system, positions are fitted to the template's by name; any other montage
is held against a sphere. Nothing is altered: a mended copy is offered with each finding.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from samba_gui.core.electrode_names import is_difference, name_key, standard_name
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.words import NOTHING, Text, joined, wording
from samba_gui.io.coordinate_findings import Finding, Severity, moved, without
from samba_gui.io.head_frame import FEWEST_FOR_SPHERE, HEAD_CENTRE_M, UNIT_SPHERE_M, fit_sphere
from samba_gui.io.misplaced_electrodes import FAR_M, misplaced, touching
from samba_gui.io.montage_csv import ten_five_positions
from samba_gui.io.rigid import Similarity, fit_similarity, nearest_axes
from samba_gui.io.source import shown

_TIMES = wording("Multiply by {factor:.3g}")
# What one unit of the file is in metres, if the numbers were taken for metres, and how to say it.
_UNITS = (
    (0.001, Text("millimetres taken as metres"), "in millimetres", Text("Take as millimetres")),
    (0.01, Text("centimetres taken as metres"), "in centimetres", Text("Take as centimetres")),
    (UNIT_SPHERE_M, Text("head radii taken as metres"), "in head radii", Text("Take as head radii")),
    (0.1, Text("decimetres taken as metres"), "in decimetres", Text("Take as decimetres")),
    (10.0, Text("metres divided by 10"), "times 10", Text(_TIMES, factor=10.0)),
    (100.0, Text("metres taken as centimetres"), "times 100", Text(_TIMES, factor=100.0)),
    (1000.0, Text("metres taken as millimetres"), "times 1000", Text(_TIMES, factor=1000.0)),
)
_SAME_SIZE = 1.35  # heads differ by less, units by more
# A spherical template lies 14 mm from a measured head; the frames of MRI and head lie 40 to 52 mm apart.
_FRAME_M = 0.028
_TURNED_DEG = 20.0
_SPHERE_RADII_M = (0.065, 0.125)
_MIRRORS = (
    (Text("By the electrodes' names left and right are exchanged."), Text("Exchange left and right")),
    (Text("By the electrodes' names front and back are exchanged."), Text("Exchange front and back")),
    (Text("By the electrodes' names top and bottom are exchanged."), Text("Exchange top and bottom")),
)
_MIRRORED = (
    Text("By the electrodes' names the coordinates are those of a mirrored head."),
    Text("Mirror it back"),
)
_POINTS = (
    (wording("{axis} points left"), wording("{axis} points right")),
    (wording("{axis} points back"), wording("{axis} points to the front")),
    (wording("{axis} points down"), wording("{axis} points up")),
)
_MOSTLY = (
    (Text("mostly too far left"), Text("mostly too far right")),
    (Text("mostly too far back"), Text("mostly too far to the front")),
    (Text("mostly too low"), Text("mostly too high")),
)
_INTO_HEAD_FRAME = Text("Transform to the head frame, or add nasion and both ears to the file.")


def examine(montage: Montage) -> list[Finding]:
    """Look for wrong units, frames, mirrored axes, exchanged, misplaced and touching electrodes.

    Parameters
    ----------
    montage : Montage

    Returns
    -------
    list of Finding
        Empty for a montage in MNE's head frame, in metres, on which every electrode lies where its name says.
    """
    rows, template = _template(montage)
    if len(rows) >= max(4, len(montage) // 2):  # fewer names are a coincidence, as on numbered caps
        return _by_names(montage, rows, template)
    findings = [
        Finding(
            Severity.NOTE,
            "names",
            Text(
                "{n} of {total} names belong to the 10-05 system: too few to see whether electrodes are "
                "mirrored or exchanged.",
                n=len(rows),
                total=len(montage),
            ),
            Text("Check a few positions by eye."),
        )
    ]
    if len(montage) < FEWEST_FOR_SPHERE:
        return findings + touching(montage)
    return findings + _by_sphere(montage)


def _template(montage: Montage) -> tuple[list[int], np.ndarray]:
    """Channels whose names the 10-05 system knows, and where they belong, (n, 3) metres."""
    where = {name_key(name): position for name, position in ten_five_positions().items()}
    rows, positions = [], []
    for row, label in enumerate(montage.labels):
        name = standard_name(label)
        ends = name.split("-") if is_difference(name) else [name]
        if all(end.casefold() in where for end in ends):
            rows.append(row)
            positions.append(np.mean([where[end.casefold()] for end in ends], axis=0))
    return rows, np.array(positions).reshape(-1, 3)


def _by_names(montage: Montage, rows: list[int], template: np.ndarray) -> list[Finding]:
    mended, found = montage, []

    def fitted(mirrored: bool = False) -> Similarity:
        return fit_similarity(mended.positions_m[rows], template, mirrored=mirrored)

    def misfit_m(fit: Similarity) -> float:
        return float(np.median(np.linalg.norm(fit(mended.positions_m[rows]) - template, axis=1)))

    as_is, mirror = fitted(), fitted(mirrored=True)
    is_mirrored = misfit_m(as_is) > 0.008 and misfit_m(mirror) < 0.6 * misfit_m(as_is)
    unit = _unit((mirror if is_mirrored else as_is).scale, mended, Text("the 10-05 template"))
    if unit is not None:
        found.append(unit)
        mended = unit.fixed or mended
    if is_mirrored:
        order, _ = nearest_axes(fitted(mirrored=True).rotation)
        axes = np.flatnonzero(np.diag(order) < 0)
        one_axis = np.count_nonzero(np.diag(order)) == 3 and len(axes) == 1
        what, remedy = _MIRRORS[int(axes[0])] if one_axis else _MIRRORED
        mended = moved(mended, "mirrored back", order)
        found.append(
            Finding(
                Severity.WARNING,
                "mirror",
                what,
                Text("Check the sign of that axis in the program that wrote the file."),
                mended,
                remedy,
            )
        )
    fit = fitted()
    order, off_deg = nearest_axes(fit.rotation)
    if not np.array_equal(order, np.eye(3)) and off_deg < 45.0:
        mended = moved(mended, "axes turned", order)
        found.append(
            Finding(
                Severity.WARNING,
                "axes",
                Text("The axes are not right, front, up: {axes}.", axes=_axes_in_words(order)),
                Text("Export the positions as x right, y front, z up."),
                mended,
                Text("Turn the axes"),
            )
        )
        fit = fitted()
    found += (frame := _frame(fit, mended, rows, template))
    mended = (frame[-1].fixed or mended) if frame else mended
    return found + misplaced(montage, mended, rows, template)


def _unit(scale: float, montage: Montage, against: Text) -> Finding | None:
    """A finding if positions must be multiplied by something far from 1."""
    if 1 / _SAME_SIZE < scale < _SAME_SIZE:
        return None
    factor, words, done, remedy = min(_UNITS, key=lambda unit: abs(np.log(unit[0] / scale)))
    if abs(np.log(factor / scale)) > np.log(_SAME_SIZE):
        factor, words = scale, Text("an unknown unit (about {scale_m:.3g} m)", scale_m=scale)
        done, remedy = f"times {scale:.3g}", Text(_TIMES, factor=scale)
    return Finding(
        Severity.WARNING,
        "unit",
        Text(
            "The head is {ratio:.4g} times as large as {against}: {words}.",
            ratio=1 / scale,
            against=against,
            words=words,
        ),
        Text("Multiply the coordinates by {factor:g}.", factor=factor),
        moved(montage, done, factor * np.eye(3)),
        remedy,
    )


def _axes_in_words(order: np.ndarray) -> Text:
    """Where the file's axes point; ``order`` carries them to right, front, up."""
    told = []
    for axis, letter in enumerate("xyz"):
        towards = int(np.flatnonzero(order[:, axis])[0])
        told.append(Text(_POINTS[towards][int(order[towards, axis] > 0)], axis=letter))
    return joined(told)


def _frame(fit: Similarity, montage: Montage, rows: list[int], template: np.ndarray) -> list[Finding]:
    """Whether the whole head is shifted or turned against the head frame."""
    positions = montage.positions_m[rows]
    inside = np.linalg.norm(fit(positions) - template, axis=1) < FAR_M
    if inside.sum() < 4:
        inside[:] = True
    shift_m = np.mean(template[inside] - positions[inside], axis=0)
    _, turned_deg = nearest_axes(fit.rotation)
    apart_mm = 1000 * float(np.linalg.norm(shift_m))
    if apart_mm < 1000 * _FRAME_M and turned_deg < _TURNED_DEG:
        return []
    rigid = replace(fit, scale=1.0)
    middle = positions[inside].mean(axis=0)
    shift = template[inside].mean(axis=0) - rigid.rotation @ middle
    if turned_deg >= _TURNED_DEG:
        words = wording(
            "The whole head is turned by {turned_deg:.0f}° and {apart_mm:.0f} mm from where it lies in MNE's "
            "head frame ({direction}), as coordinates of an MRI or a template's own frame are."
        )
    else:
        words = wording(
            "The whole head is {apart_mm:.0f} mm from where it lies in MNE's head frame ({direction}), as "
            "coordinates of an MRI or a template's own frame are."
        )
    return [
        Finding(
            Severity.WARNING,
            "frame",
            Text(words, turned_deg=turned_deg, apart_mm=apart_mm, direction=_direction(-shift_m)),
            _INTO_HEAD_FRAME,
            moved(montage, "in the head frame", rigid.rotation, shift),
            Text("Move to the head frame"),
        )
    ]


def _direction(shift_m: np.ndarray) -> Text:
    axis = int(np.argmax(np.abs(shift_m)))
    return _MOSTLY[axis][int(shift_m[axis] > 0)]


def _by_sphere(montage: Montage) -> list[Finding]:
    """What size and place alone can tell."""
    found: list[Finding] = []
    centre_m, radius_m = _robust_sphere(montage.positions_m)
    mended = montage
    if not _SPHERE_RADII_M[0] <= radius_m <= _SPHERE_RADII_M[1]:
        unit = _unit(UNIT_SPHERE_M / max(radius_m, 1e-12), montage, Text("an adult's"))
        if unit is not None:
            found.append(unit)
            mended = unit.fixed or montage
            centre_m, radius_m = _robust_sphere(mended.positions_m)
    up = np.mean(mended.positions_m - centre_m, axis=0)
    if up[2] < 0.5 * np.linalg.norm(up) and np.linalg.norm(up) > 0.1 * radius_m:
        axis = int(np.argmax(np.abs(up)))
        found.append(
            Finding(
                Severity.WARNING,
                "axes",
                Text(
                    "The cap's top points along {axis} instead of z.",
                    axis=f"{'-' if up[axis] < 0 else ''}{'xyz'[axis]}",
                ),
                Text("Export the positions as x right, y front, z up."),
            )
        )
        return found + touching(mended)
    off_m = HEAD_CENTRE_M - centre_m
    if np.linalg.norm(off_m) > _FRAME_M:
        mended = moved(mended, "in the head frame", np.eye(3), off_m)
        found.append(
            Finding(
                Severity.WARNING,
                "frame",
                Text(
                    "The sphere through the electrodes lies {apart_mm:.0f} mm from where it lies in MNE's "
                    "head frame ({direction}).",
                    apart_mm=1000 * np.linalg.norm(off_m),
                    direction=_direction(-off_m),
                ),
                _INTO_HEAD_FRAME,
                mended,
                Text("Move to the head frame"),
            )
        )
        centre_m = centre_m + off_m
    depth_m = np.abs(np.linalg.norm(mended.positions_m - centre_m, axis=1) - radius_m)
    far = np.flatnonzero(depth_m > FAR_M)
    if len(far):
        can_go = len(mended) - len(far) >= MIN_ELECTRODES
        told = [f"{montage.labels[row]} ({1000 * depth_m[row]:.0f} mm)" for row in far]
        found.append(
            Finding(
                Severity.WARNING,
                "outlier",
                Text("Not on the scalp: {names}.", names=shown(told)),
                Text("Measure these again, or leave them out."),
                without(mended, set(far.tolist())) if can_go else None,
                Text("Leave these out") if can_go else NOTHING,
            )
        )
        mended = found[-1].fixed or mended
    return found + touching(mended)


def _robust_sphere(positions: np.ndarray) -> tuple[np.ndarray, float]:
    """A sphere through most points: the farthest tenth are left out in a second round."""
    centre, radius = fit_sphere(positions)
    depth = np.abs(np.linalg.norm(positions - centre, axis=1) - radius)
    kept = np.argsort(depth)[: max(FEWEST_FOR_SPHERE, round(0.9 * len(positions)))]
    return fit_sphere(positions[kept])
