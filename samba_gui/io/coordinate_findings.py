"""What the coordinate doctor says: one finding at a time, each with a mended copy where there can be one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from samba_gui.core.montage import Montage
from samba_gui.core.words import NOTHING, Text


class Severity(StrEnum):
    """Whether a finding is only worth knowing, or changes what the model sees."""

    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing the doctor sees.

    Parameters
    ----------
    severity : Severity
    kind : {"unit", "mirror", "axes", "frame", "swap", "outlier", "duplicate", "names"}
    what : Text
        What is seen, one sentence.
    suggestion : Text
        What to do, one sentence.
    fixed : Montage or None
        The montage with this and the findings before it mended, where that can be done; its name says so.
    remedy : Text
        What to do in three or four words, for a button; empty without ``fixed``.
    """

    severity: Severity
    kind: str
    what: Text
    suggestion: Text
    fixed: Montage | None = None
    remedy: Text = NOTHING

    def in_words(self) -> str:
        """One line."""
        return f"{self.severity}: {self.what} {self.suggestion}"


def moved(montage: Montage, done: str, matrix: np.ndarray, shift_m: np.ndarray | float = 0.0) -> Montage:
    """The same montage with every position p at ``matrix @ p + shift_m``; ``done`` goes into its name."""
    assert montage.endpoints_m is not None
    return replace(
        montage,
        name=f"{montage.name}, {done}",
        positions_m=montage.positions_m @ matrix.T + shift_m,
        endpoints_m=montage.endpoints_m @ matrix.T + shift_m,
    )


def exchanged(montage: Montage, one: int, other: int) -> Montage:
    """The same montage with two channels in each other's place."""
    assert montage.endpoints_m is not None
    order = np.arange(len(montage))
    order[[one, other]] = order[[other, one]]
    return replace(
        montage,
        name=f"{montage.name}, {montage.labels[one]} and {montage.labels[other]} exchanged",
        positions_m=montage.positions_m[order],
        endpoints_m=montage.endpoints_m[order],
    )


def without(montage: Montage, rows: set[int]) -> Montage:
    """The same montage without some channels."""
    gone = ", ".join(montage.labels[row] for row in sorted(rows)[:4]) + (" …" if len(rows) > 4 else "")
    kept = [row for row in range(len(montage)) if row not in rows]
    return montage.take(kept, f"{montage.name}, without {gone}")
