"""Derivations for display: how recorded channels are combined into rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class Basis(StrEnum):
    """What the rows of a derivation are made of."""

    CHANNELS = "channels"
    AVERAGE = "average"
    NEIGHBOURS = "neighbours"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class DerivedRow:
    """One row of a table: a weighted sum of channels.

    Parameters
    ----------
    label : str
        ``"Fp1-F7"``.
    terms : tuple of (str, float)
        Electrode or channel, and its weight; the row is shown under the first one.
    group : str
        Rows of one chain share a group; a gap is drawn where it changes.
    """

    label: str
    terms: tuple[tuple[str, float], ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How the traces are derived from what was recorded.

    Parameters
    ----------
    name : str
    basis : Basis
        Each EEG channel as it is, minus the average, minus its neighbours; or a table of rows.
    rows : tuple of DerivedRow
        The table.
    """

    name: str
    basis: Basis = Basis.TABLE
    rows: tuple[DerivedRow, ...] = ()


def chains(name: str, groups: dict[str, tuple[str, ...]]) -> Derivation:
    """Neighbours in each chain of electrodes subtracted."""
    return Derivation(
        name,
        Basis.TABLE,
        tuple(
            DerivedRow(f"{plus}-{minus}", ((plus, 1.0), (minus, -1.0)), group)
            for group, chain in groups.items()
            for plus, minus in pairwise(chain)
        ),
    )


AS_RECORDED = Derivation("as recorded", Basis.CHANNELS)
AVERAGE = Derivation("average reference", Basis.AVERAGE)
# Left before right, front to back; transverse: front to back, left to right. Source of the order: ACNS
# guideline 3, LB-18.1 and TB-18.1.
LONGITUDINAL = chains(
    "longitudinal bipolar",
    {
        "left temporal": ("Fp1", "F7", "T7", "P7", "O1"),
        "left parasagittal": ("Fp1", "F3", "C3", "P3", "O1"),
        "midline": ("Fz", "Cz", "Pz"),
        "right parasagittal": ("Fp2", "F4", "C4", "P4", "O2"),
        "right temporal": ("Fp2", "F8", "T8", "P8", "O2"),
    },
)
TRANSVERSE = chains(
    "transverse bipolar",
    {
        "frontopolar": ("F7", "Fp1", "Fp2", "F8"),
        "frontal": ("F7", "F3", "Fz", "F4", "F8"),
        "central": ("A1", "T7", "C3", "Cz", "C4", "T8", "A2"),
        "parietal": ("P7", "P3", "Pz", "P4", "P8"),
        "occipital": ("P7", "O1", "O2", "P8"),
    },
)
LAPLACIAN = Derivation("local Laplacian", Basis.NEIGHBOURS)

DERIVATIONS = (AS_RECORDED, AVERAGE, LONGITUDINAL, TRANSVERSE, LAPLACIAN)
"""Those that need no file of the user's."""
