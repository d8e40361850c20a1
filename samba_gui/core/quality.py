"""Reconstruction quality: sums that can be added up, and the figures derived from them.

SAMBA masks all channels at the same instants, so the error measures how unpredictable the signal is
in time (and its amplitude), not whether a channel disagrees with its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class QualitySums:
    """Sums over masked samples of original ``x``, reconstruction ``y`` and straight line ``l``.

    All arrays have the same shape, by convention (windows, pairs, channels, bins), float32 or wider,
    in units of the channel's scale; bins beyond a short window have ``n = 0``.

    Parameters
    ----------
    n : ndarray
        Masked samples counted.
    error, line_error : ndarray
        Sum of (x − y)² and of (x − l)².
    x, y, xx, yy, xy : ndarray
        Sums and sums of products.
    """

    n: np.ndarray
    error: np.ndarray
    line_error: np.ndarray
    x: np.ndarray
    y: np.ndarray
    xx: np.ndarray
    yy: np.ndarray
    xy: np.ndarray

    FIELDS = ("n", "error", "line_error", "x", "y", "xx", "yy", "xy")

    def over(self, *axes: int) -> QualitySums:
        """Added up over axes: figures of larger stretches are figures of the sums."""
        return QualitySums(*(getattr(self, name).sum(axis=axes, dtype=np.float64) for name in self.FIELDS))

    def __getitem__(self, index: object) -> QualitySums:
        return QualitySums(*(getattr(self, name)[index] for name in self.FIELDS))

    def rmse(self) -> np.ndarray:
        """Root mean square error in units of the channel's scale; NaN where nothing was masked."""
        return np.sqrt(_ratio(self.error, self.n))

    def nrmse(self) -> np.ndarray:
        """RMSE over the standard deviation of the original at the same samples (1 = predicts the mean)."""
        return np.sqrt(_ratio(self.error, self._variance(self.x, self.xx)))

    def skill(self) -> np.ndarray:
        """1 − MSE / MSE of straight-line interpolation across the gap (0 = no better, 1 = perfect)."""
        return 1.0 - _ratio(self.error, self.line_error)

    def correlation(self) -> np.ndarray:
        """Pearson correlation of original and reconstruction."""
        covariance = self.xy - _ratio(self.x * self.y, self.n)
        product = self._variance(self.x, self.xx) * self._variance(self.y, self.yy)
        return _ratio(covariance, np.sqrt(np.maximum(product, 0.0)))

    def _variance(self, total: np.ndarray, squares: np.ndarray) -> np.ndarray:
        return np.maximum(squares - _ratio(total**2, self.n), 0.0)


def _ratio(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.divide(a, b, out=np.full(np.shape(b), np.nan), where=np.asarray(b) > 1e-12)
