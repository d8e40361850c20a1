"""Sums over regions of the head: five lobes, each left, middle and right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samba_gui.core.electrode_names import electrode_name
from samba_gui.core.electrode_regions import LOBES, SIDES, region_of
from samba_gui.core.montage import Montage
from samba_gui.core.saie import null_band
from samba_gui.io.montages import ten_five_positions
from samba_gui.scene.interpolation import directions_from_centre

_SAME_PLACE_COSINE = np.cos(np.radians(20.0))


@dataclass(frozen=True, slots=True)
class LobeSum:
    """Share of all weight that a region's electrodes carry.

    Parameters
    ----------
    lobe, side : str
    electrodes : int
    share, uniform : float
        0 … 1; ``uniform`` is the share if all electrodes weighed the same.
    low, high : float
        Between them lie 95 % of untrained networks; NaN while unknown.
    """

    lobe: str
    side: str
    electrodes: int
    share: float
    uniform: float
    low: float = np.nan
    high: float = np.nan

    @property
    def outside(self) -> bool:
        """Whether the share lies outside what untrained networks give."""
        return bool(self.share < self.low or self.share > self.high)


def regions(montage: Montage) -> tuple[tuple[str, str], ...]:
    """Lobe and side of each channel.

    A channel's own name counts where the 10-05 system has that name within 20 degrees (on a BioSemi cap
    C3 is not over the hand area); any other channel takes the region of the nearest 10-05 electrode.
    """
    names, known = zip(*ten_five_positions().items(), strict=True)
    cosines = directions_from_centre(montage.positions_m) @ directions_from_centre(np.array(known)).T
    index = {name: i for i, name in enumerate(names)}
    found = []
    for label, row in zip(montage.labels, cosines, strict=True):
        own = index.get(electrode_name(label) or "")
        near = own is not None and row[own] > _SAME_PLACE_COSINE
        name = names[own] if near and own is not None else names[int(np.argmax(row))]
        found.append(region_of(electrode_name(name) or name))
    return tuple(found)


def lobe_sums(
    relative: np.ndarray, where: tuple[tuple[str, str], ...], null: np.ndarray | None = None
) -> tuple[LobeSum, ...]:
    """Share of weight per region.

    Parameters
    ----------
    relative : ndarray (n,)
        Weights relative to uniform (their mean is 1).
    where : tuple of (lobe, side)
        From :func:`regions`.
    null : ndarray (networks, n), optional
        Relative weights under untrained networks.

    Returns
    -------
    tuple of LobeSum
        Regions that have electrodes, lobe by lobe.
    """
    sums = []
    for region in ((lobe, side) for lobe in LOBES for side in SIDES):
        inside = np.array([place == region for place in where])
        if not inside.any():
            continue
        low = high = np.nan
        if null is not None:
            low, high = map(float, null_band(null[:, inside].sum(axis=1) / len(relative)))
        share = float(relative[inside].sum() / len(relative))
        sums.append(LobeSum(*region, int(inside.sum()), share, float(inside.mean()), low, high))
    return tuple(sums)
