"""Channels combined into rows for display; never the model's input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from samba_gui.core.derivations import Basis, Derivation, DerivedRow
from samba_gui.core.electrode_names import name_key
from samba_gui.core.recording import Channel, ChannelKind

NEIGHBOURS = 4
"""Electrodes around one in the local Laplacian."""

FARTHEST_M = 0.08
"""Electrodes that are further away are no neighbours."""

SAME_PLACE_M = 1e-3
"""Electrodes that are nearer than this are one."""

FEWEST_NEIGHBOURS = 2

Terms = tuple[tuple[int, float], ...]
"""Index of a channel and its weight."""


def derived_rows(
    derivation: Derivation,
    channels: Sequence[Channel],
    bads: frozenset[str] = frozenset(),
    positions_m: Mapping[str, np.ndarray] | None = None,
) -> list[tuple[DerivedRow, Terms]]:
    """Rows of a derivation that the channels allow.

    Parameters
    ----------
    derivation : Derivation
    channels : sequence of Channel
    bads : frozenset of str
        Labels of channels that are nobody's neighbour.
    positions_m : mapping, optional
        Positions (3,) by label, for the local Laplacian.

    Returns
    -------
    list of (DerivedRow, tuple of (int, float))
        With the indices of the channels. Rows with a missing electrode are left out.
    """
    if derivation.basis is Basis.TABLE:
        at = _by_name(channels)
        found = [
            (row, [(at.get(_key(name, at)), weight) for name, weight in row.terms]) for row in derivation.rows
        ]
        return [
            (row, tuple((index, weight) for index, weight in terms if index is not None))
            for row, terms in found
            if all(index is not None for index, _ in terms)
        ]
    eeg = [i for i, channel in enumerate(channels) if channel.kind is ChannelKind.EEG]
    terms: dict[int, Terms] = {i: ((i, 1.0),) for i in eeg}
    if derivation.basis is Basis.NEIGHBOURS:
        terms = _laplacian(eeg, channels, bads, positions_m or {})
    return [
        (DerivedRow(channels[i].name, tuple((channels[j].label, weight) for j, weight in found)), found)
        for i, found in terms.items()
    ]


def combine(data: np.ndarray, terms: Sequence[Terms]) -> np.ndarray:
    """Weighted sums of channels.

    Parameters
    ----------
    data : ndarray (channels, times)
    terms : sequence of tuple of (int, float)
        One per row.

    Returns
    -------
    ndarray (rows, times) float64
        A new array; NaN where a channel that takes part has none.
    """
    rows = data[[row[0][0] for row in terms]].astype(np.float64)
    for values, row in zip(rows, terms, strict=True):
        if row[0][1] != 1.0:
            values *= row[0][1]
        for index, weight in row[1:]:
            values += weight * data[index]
    return rows


def finite_mean(data: np.ndarray) -> np.ndarray:
    """Mean over the channels that have a value, (times,); NaN where none has."""
    finite = np.isfinite(data)
    counts = finite.sum(axis=0)
    total = np.where(finite, data, 0.0).sum(axis=0)
    return np.divide(total, counts, out=np.full(counts.shape, np.nan), where=counts > 0)


def _by_name(channels: Sequence[Channel]) -> dict[str, int]:
    """Index by everything a channel is called; of two channels of one name the first is meant."""
    found: dict[str, int] = {}
    for keys in (
        [channel.label for channel in channels],
        [channel.name for channel in channels],
        [name_key(channel.name) for channel in channels],
    ):
        for i, key in enumerate(keys):
            found.setdefault(key, i)
    return found


def _key(name: str, at: Mapping[str, int]) -> str:
    return name if name in at else name_key(name)


def _laplacian(
    eeg: list[int],
    channels: Sequence[Channel],
    bads: frozenset[str],
    positions_m: Mapping[str, np.ndarray],
) -> dict[int, Terms]:
    """Each electrode minus its nearest neighbours, the nearer the heavier (Hjorth 1975)."""
    placed = [i for i in eeg if channels[i].label in positions_m]
    around = [i for i in placed if channels[i].label not in bads]
    if not around:
        return {}
    here, there = (
        np.array([positions_m[channels[i].label] for i in which], dtype=np.float64)
        for which in (placed, around)
    )
    away_m = np.linalg.norm(here[:, None] - there, axis=2)
    away_m[(away_m < SAME_PLACE_M) | (away_m > FARTHEST_M)] = np.inf
    nearest = np.argsort(away_m, axis=1, kind="stable")[:, :NEIGHBOURS]
    found: dict[int, Terms] = {}
    for i, row, order in zip(placed, away_m, nearest, strict=True):
        near = [(around[j], 1 / row[j]) for j in order.tolist() if np.isfinite(row[j])]
        if len(near) >= FEWEST_NEIGHBOURS:
            total = sum(weight for _, weight in near)
            found[i] = ((i, 1.0), *((j, -float(weight / total)) for j, weight in near))
    return found
