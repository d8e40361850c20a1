"""Electrodes that lie where another belongs, far from their place, or on top of each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from samba_gui.core.electrode_names import name_key
from samba_gui.core.montage import MIN_ELECTRODES, Montage
from samba_gui.core.words import NOTHING, Text
from samba_gui.io.coordinate_findings import Finding, Severity, exchanged, without
from samba_gui.io.rigid import fit_similarity
from samba_gui.io.source import shown

FAR_M = 0.025
"""Farther from where it belongs no electrode is by measurement alone."""
_SWAP_M = 0.012
_TOUCHING_M = 0.004


def misplaced(montage: Montage, mended: Montage, rows: list[int], template: np.ndarray) -> list[Finding]:
    """Exchanged, misplaced and touching electrodes of a head that lies where it should."""
    placed = fit_similarity(mended.positions_m[rows], template)(mended.positions_m[rows])
    apart_m = np.linalg.norm(placed[:, None] - template[None], axis=2)
    own_m = np.diag(apart_m)
    found: list[Finding] = []
    doubled = {row for pair in _pairs(mended) for row in pair}
    typical_m = float(np.median(own_m))
    spoken = {i for i, row in enumerate(rows) if row in doubled}
    for i in range(len(rows)):
        for j in range(i + 1, len(rows)):
            if {i, j} & spoken or min(own_m[i], own_m[j]) < max(_SWAP_M, 2 * typical_m):
                continue
            if apart_m[i, j] + apart_m[j, i] < 0.4 * (own_m[i] + own_m[j]):
                spoken |= {i, j}
                mended = exchanged(mended, rows[i], rows[j])
                one, other = montage.labels[rows[i]], montage.labels[rows[j]]
                found.append(
                    Finding(
                        Severity.WARNING,
                        "swap",
                        Text(
                            "{one} and {other} are exchanged: each lies where the other belongs.",
                            one=one,
                            other=other,
                        ),
                        Text("Exchange the two rows, unless the cables were exchanged as well."),
                        mended,
                        Text("Exchange {one} and {other}", one=one, other=other),
                    )
                )
    far = [i for i in range(len(rows)) if i not in spoken and own_m[i] > max(FAR_M, 4 * typical_m)]
    if far:
        told = []
        for i in far:
            near = int(np.argmin(apart_m[i]))
            told.append(
                Text(
                    "{name} ({apart_mm:.0f} mm, beside {near})"
                    if apart_m[i, near] < _SWAP_M
                    else "{name} ({apart_mm:.0f} mm)",
                    name=montage.labels[rows[i]],
                    apart_mm=1000 * own_m[i],
                    near=montage.labels[rows[near]],
                )
            )
        can_go = len(mended) - len(far) >= MIN_ELECTRODES
        found.append(
            Finding(
                Severity.WARNING,
                "outlier",
                Text("Far from where their names belong: {names}.", names=shown(told)),
                Text("Measure these again, or leave them out."),
                without(mended, {rows[i] for i in far}) if can_go else None,
                (Text("Leave it out") if len(far) == 1 else Text("Leave these out")) if can_go else NOTHING,
            )
        )
        mended = found[-1].fixed or mended
    return found + touching(mended)


def touching(montage: Montage) -> list[Finding]:
    """Electrodes nearer to each other than two discs can be, and electrodes listed under two names."""
    found, doubtful = [], set[int]()
    for i, j in _pairs(montage):
        one, other = montage.labels[i], montage.labels[j]
        if name_key(one) == name_key(other):
            what = Text("{one} and {other} are two names of one electrode.", one=one, other=other)
            found.append(Finding(Severity.NOTE, "duplicate", what, Text("Keep one of them.")))
            continue
        doubtful |= {i, j}
        can_go = len(montage) - len(doubtful) >= MIN_ELECTRODES
        found.append(
            Finding(
                Severity.WARNING,
                "duplicate",
                Text("{one} and {other} have the same position.", one=one, other=other),
                Text("Correct one of them, or leave both out."),
                without(montage, doubtful) if can_go else None,
                Text("Leave {one} and {other} out", one=one, other=other) if can_go else NOTHING,
            )
        )
    return found


def _pairs(montage: Montage) -> Iterator[tuple[int, int]]:
    """Channels that touch, by their rows."""
    for i in range(len(montage)):
        apart_m = np.linalg.norm(montage.positions_m[i + 1 :] - montage.positions_m[i], axis=1)
        yield from ((i, j) for j in (i + 1 + np.flatnonzero(apart_m < _TOUCHING_M)).tolist())
