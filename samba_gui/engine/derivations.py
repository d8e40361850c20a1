"""Derivations for display: how the recorded channels are combined before they are drawn.

They never touch the model's input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np


class Derivation(StrEnum):
    """What the traces show."""

    AS_RECORDED = "as recorded"
    AVERAGE = "average reference"
    LONGITUDINAL = "longitudinal bipolar"
    TRANSVERSE = "transverse bipolar"


# Chains of electrodes; neighbours in a chain are subtracted. Longitudinal: left before right, front to
# back; transverse: front to back, left to right. Source of the order: ACNS guideline 3, LB-18.1 and TB-18.1.
CHAINS: dict[Derivation, tuple[tuple[str, ...], ...]] = {
    Derivation.LONGITUDINAL: (
        ("Fp1", "F7", "T7", "P7", "O1"),
        ("Fp1", "F3", "C3", "P3", "O1"),
        ("Fz", "Cz", "Pz"),
        ("Fp2", "F4", "C4", "P4", "O2"),
        ("Fp2", "F8", "T8", "P8", "O2"),
    ),
    Derivation.TRANSVERSE: (
        ("F7", "Fp1", "Fp2", "F8"),
        ("F7", "F3", "Fz", "F4", "F8"),
        ("A1", "T7", "C3", "Cz", "C4", "T8", "A2"),
        ("P7", "P3", "Pz", "P4", "P8"),
        ("P7", "O1", "O2", "P8"),
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One derived row.

    Parameters
    ----------
    label : str
        ``"Fp1"`` or ``"Fp1-F7"``.
    plus, minus : int
        Channel that is shown, and the one that is subtracted; −1 for none.
    group : int
        Rows of one chain share a group.
    """

    label: str
    plus: int
    minus: int = -1
    group: int = 0


def rows(names: Sequence[str], derivation: Derivation) -> tuple[Row, ...]:
    """Rows of a derivation that the channels allow.

    Parameters
    ----------
    names : sequence of str
        Standard names of the EEG channels.
    derivation : Derivation

    Returns
    -------
    tuple of Row
        Pairs with a missing electrode are left out.
    """
    if derivation not in CHAINS:
        return tuple(Row(name, i) for i, name in enumerate(names))
    at = {name: i for i, name in reversed(list(enumerate(names)))}
    return tuple(
        Row(f"{plus}-{minus}", at[plus], at[minus], group)
        for group, chain in enumerate(CHAINS[derivation])
        for plus, minus in pairwise(chain)
        if plus in at and minus in at
    )


def derive(
    data_uv: np.ndarray,
    names: Sequence[str],
    derivation: Derivation,
    bads: frozenset[str] = frozenset(),
) -> tuple[np.ndarray, tuple[str, ...], tuple[int, ...]]:
    """Combine channels.

    Parameters
    ----------
    data_uv : ndarray (channels, times)
        EEG channels as recorded.
    names : sequence of str
        Their standard names.
    derivation : Derivation
    bads : frozenset of str
        Names that do not enter the average.

    Returns
    -------
    data_uv : ndarray (rows, times)
    labels : tuple of str
    groups : tuple of int
        A gap is drawn where the group changes.
    """
    chosen = rows(names, derivation)
    derived = data_uv[[row.plus for row in chosen]]
    pairs = [i for i, row in enumerate(chosen) if row.minus >= 0]
    derived[pairs] -= data_uv[[chosen[i].minus for i in pairs]]
    if derivation is Derivation.AVERAGE and len(data_uv):
        good = [i for i, name in enumerate(names) if name not in bads]
        derived -= _finite_mean(data_uv[good])
    return derived, tuple(row.label for row in chosen), tuple(row.group for row in chosen)


def _finite_mean(data_uv: np.ndarray) -> np.ndarray:
    """Mean over the channels that have a value, (times,); NaN where none has."""
    finite = np.isfinite(data_uv)
    counts = finite.sum(axis=0)
    total = np.where(finite, data_uv, 0.0).sum(axis=0)
    return np.divide(total, counts, out=np.full(counts.shape, np.nan), where=counts > 0)
