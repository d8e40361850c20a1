"""Principal components of the features of an analysis' windows.

Features are standardised within the recording, so the axes belong to it alone: the map of another recording
has others, and none of them has a physiological meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from samba_gui.core.results import AMPLITUDE, FLAT
from samba_gui.core.windows import WindowPlan

KEPT = 50
ROWS = 1024
ORDERED_COMPONENTS = 10
SHUFFLES = 200
LEAST_WINDOWS = 4


@dataclass(frozen=True, eq=False)
class Components:
    """Windows in the coordinates of their largest variance.

    Parameters
    ----------
    windows : ndarray (n,) int
        Indices of the windows that have finite features, ascending.
    fitted : ndarray (n,) bool
        Which of them the axes were computed from.
    scores : ndarray (n, k) float32
        Coordinates along the first ``k`` components, the strongest first.
    variance : ndarray (k,) float64
        Share of the fitted windows' variance along each.
    order : float
        Mean squared distance of successive windows over that of any two, along the first ten components:
        1 where time plays no role, less where the recording drifts or stays in states.
    order_by_chance : tuple of 2 floats
        Between which 95 % of the same windows lie when their order is shuffled.
    """

    windows: np.ndarray
    fitted: np.ndarray
    scores: np.ndarray
    variance: np.ndarray
    order: float
    order_by_chance: tuple[float, float]


class Mark(IntEnum):
    """What sets a window apart from the others."""

    NONE = 0
    SHORT = 1
    ARTEFACT = 2


def marks(plan: WindowPlan, abstained: Mapping[str, np.ndarray]) -> np.ndarray:
    """A :class:`Mark` for each window, uint8: cut short by a gap or the end, or flat, or out of range.

    Parameters
    ----------
    plan : WindowPlan
    abstained : mapping of head name to ndarray (windows,) uint8
        Why heads say nothing; without heads nothing is known of artefacts.
    """
    found = np.full(len(plan.windows), Mark.NONE, np.uint8)
    for why in abstained.values():
        found[np.isin(why, (AMPLITUDE, FLAT))] = Mark.ARTEFACT
    found[[window.n < plan.window_samples for window in plan.windows]] = Mark.SHORT
    return found


def principal_components(
    features: np.ndarray, analysed: np.ndarray, ordinary: np.ndarray, seed: int
) -> Components | None:
    """Compute them.

    Parameters
    ----------
    features : ndarray (windows, features) float16
    analysed : ndarray (windows,) bool
        Which of them are there.
    ordinary : ndarray (windows,) bool
        Whole windows without an artefact: the axes are computed from them, unless they are fewer than half.
    seed : int
        Of the shuffles.

    Returns
    -------
    Components or None
        None for fewer than four windows, or where all are equal.

    Notes
    -----
    Each component points where its largest entry is positive, so that the same features give the same map.
    Memory stays near that of the features, whatever the recording's length.
    """
    windows = np.flatnonzero(analysed & np.isfinite(features).all(axis=1))
    fitted = ordinary[windows]
    if 2 * fitted.sum() < len(windows):
        fitted = np.ones(len(windows), bool)
    if fitted.sum() < LEAST_WINDOWS:
        return None
    table = _Standardised(features, windows[fitted])
    if not table.varies.any():
        return None
    variances, axes = table.axes()
    scores = np.concatenate([(block @ axes.T).astype(np.float32) for block in table.blocks(windows)])
    order, chance = _order(scores[fitted][:, :ORDERED_COMPONENTS], seed)
    return Components(windows, fitted, scores, variances, order, chance)


class _Standardised:
    """Features less their mean over their standard deviation, a block of windows at a time."""

    def __init__(self, features: np.ndarray, fitted: np.ndarray) -> None:
        self._features, self._fitted = features, fitted
        self._mean = sum(block.sum(axis=0) for block in self._raw(fitted)) / len(fitted)
        squares = sum(((block - self._mean) ** 2).sum(axis=0) for block in self._raw(fitted))
        deviation = np.sqrt(squares / len(fitted))
        self.varies = deviation > 1e-6 * np.maximum(np.abs(self._mean), 1.0)
        self._deviation = np.where(self.varies, deviation, np.inf)

    def _raw(self, windows: np.ndarray) -> Iterator[np.ndarray]:
        for first in range(0, len(windows), ROWS):
            yield self._features[windows[first : first + ROWS]].astype(np.float64)

    def blocks(self, windows: np.ndarray) -> Iterator[np.ndarray]:
        """Windows' features as the axes take them."""
        for block in self._raw(windows):
            yield (block - self._mean) / self._deviation

    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares of variance (k,) and axes (k, features), the strongest first."""
        n = len(self._fitted)
        if n <= len(self._mean):
            _, singular, axes = np.linalg.svd(
                np.concatenate(list(self.blocks(self._fitted))), full_matrices=False
            )
            strengths = singular**2
        else:
            strengths, columns = np.linalg.eigh(sum(block.T @ block for block in self.blocks(self._fitted)))
            strengths, axes = np.maximum(strengths[::-1], 0.0), columns.T[::-1]
        kept = min(KEPT, n - 1, len(axes))
        axes = axes[:kept]
        largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
        return strengths[:kept] / strengths.sum(), axes * np.sign(largest)


def _order(scores: np.ndarray, seed: int) -> tuple[float, tuple[float, float]]:
    """Successive windows' distance over any two's, and what shuffling makes of it."""
    scores = scores.astype(np.float64)
    any_two = 2 * scores.var(axis=0, ddof=1).sum()

    def figure(order: np.ndarray) -> float:
        return float((np.diff(scores[order], axis=0) ** 2).sum(axis=1).mean() / any_two)

    rng = np.random.default_rng(seed)
    shuffled = [figure(rng.permutation(len(scores))) for _ in range(SHUFFLES)]
    low, high = np.quantile(shuffled, (0.025, 0.975))
    return figure(np.arange(len(scores))), (float(low), float(high))
