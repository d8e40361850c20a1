"""Sums and means over regions of the head: five lobes, each left, middle and right."""

from __future__ import annotations

from collections.abc import Iterator
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


@dataclass(frozen=True, slots=True)
class LobeMean:
    """Mean of a figure over a region's electrodes.

    Parameters
    ----------
    lobe, side : str
    electrodes : int
    mean : float
    low, high : float
        Between them lie 95 % of untrained networks; NaN while unknown.
    """

    lobe: str
    side: str
    electrodes: int
    mean: float
    low: float = np.nan
    high: float = np.nan

    @property
    def outside(self) -> bool:
        """Whether the mean lies outside what untrained networks give."""
        return bool(self.mean < self.low or self.mean > self.high)


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
    n = len(relative)
    return tuple(
        LobeSum(
            *region,
            int(inside.sum()),
            float(relative[inside].sum() / n),
            float(inside.mean()),
            *_band(None if null is None else null[:, inside].sum(axis=1) / n),
        )
        for region, inside in _filled(where)
    )


def lobe_means(
    values: np.ndarray, where: tuple[tuple[str, str], ...], null: np.ndarray | None = None
) -> tuple[LobeMean, ...]:
    """Mean of a figure per region; parameters as of :func:`lobe_sums`."""
    return tuple(
        LobeMean(
            *region,
            int(inside.sum()),
            float(values[inside].mean()),
            *_band(None if null is None else null[:, inside].mean(axis=1)),
        )
        for region, inside in _filled(where)
    )


def _filled(where: tuple[tuple[str, str], ...]) -> Iterator[tuple[tuple[str, str], np.ndarray]]:
    """Regions that have electrodes, lobe by lobe, and which those are."""
    for region in ((lobe, side) for lobe in LOBES for side in SIDES):
        inside = np.array([place == region for place in where])
        if inside.any():
            yield region, inside


def _band(null: np.ndarray | None) -> tuple[float, float]:
    if null is None:
        return np.nan, np.nan
    low, high = null_band(null)
    return float(low), float(high)
