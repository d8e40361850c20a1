"""From electrodes to a surface: spherical splines as one matrix, and how far they may be trusted.

Source: F. Perrin, J. Pernier, O. Bertrand, J. F. Echallier, "Spherical splines for scalp potential and
current density mapping", Electroencephalogr. Clin. Neurophysiol. 72, 184-187 (1989); m = 4.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np

# With this centre the electrodes Fpz, T7, Oz and T8 stand 90 degrees from the vertex (within 3 degrees).
HEAD_CENTRE_M = np.array([0.0, 0.015, 0.040])
HEAD_CENTRE_M.setflags(write=False)

FADE_START_M, FADE_END_M = 0.028, 0.046
_STIFFNESS = 4
_TERMS = 50
_STEPS = 8192
_REGULARISATION = 1e-5
_BLOCK = 4096


def directions_from_centre(positions_m: np.ndarray) -> np.ndarray:
    """Unit vectors (n, 3) from the head's centre to positions (n, 3) in metres."""
    away = np.asarray(positions_m, dtype=np.float64) - HEAD_CENTRE_M
    length_m = np.linalg.norm(away, axis=1, keepdims=True)
    return np.where(length_m > 1e-3, away, [0.0, 0.0, 1.0]) / np.where(length_m > 1e-3, length_m, 1.0)


def perrin_g(cosine: np.ndarray) -> np.ndarray:
    """Perrin's g(x), the spline's kernel, for cosines of any shape."""
    n = np.arange(1, _TERMS + 1, dtype=np.float64)
    factors = np.concatenate([[0.0], (2 * n + 1) / (n * (n + 1)) ** _STIFFNESS / (4 * np.pi)])
    return np.polynomial.legendre.legval(cosine, factors)


@cache
def _tabulated_g() -> tuple[np.ndarray, np.ndarray]:
    """g and its differences at even steps from -1 to 1."""
    values = perrin_g(np.linspace(-1.0, 1.0, _STEPS + 1))
    return values, np.append(np.diff(values), 0.0)


def _looked_up_g(cosine: np.ndarray) -> np.ndarray:
    """g(x) between the steps of the table: a tenth of the time of the polynomials."""
    values, slopes = _tabulated_g()
    at = np.clip((cosine + 1.0) * (_STEPS / 2), 0.0, _STEPS)
    step = at.astype(np.intp)
    at -= step
    at *= slopes.take(step)
    at += values.take(step)
    return at


def spline_operator(from_m: np.ndarray, to_m: np.ndarray) -> np.ndarray:
    """Spherical-spline matrix from electrodes to points.

    Parameters
    ----------
    from_m : ndarray (n, 3)
        Electrodes, head frame, metres.
    to_m : ndarray (m, 3)
        Points, in the same frame; only directions from the head's centre count.

    Returns
    -------
    ndarray (m, n) float32
        ``operator @ values`` are the values at the points; rows sum to 1.
    """
    electrodes, points = directions_from_centre(from_m), directions_from_centre(to_m)
    n = len(electrodes)
    # Rows 0 … n-1: the spline meets the values; row n: its coefficients sum to zero (a constant is free).
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = perrin_g(np.clip(electrodes @ electrodes.T, -1.0, 1.0))
    system[np.arange(n), np.arange(n)] += _REGULARISATION
    system[:n, n] = system[n, :n] = 1.0
    coefficients = np.linalg.pinv(system, hermitian=True)[:, :n]
    operator = np.empty((len(points), n), dtype=np.float32)
    for start in range(0, len(points), _BLOCK):  # blocks: a whole matrix of cosines would not fit the cache
        block = slice(start, start + _BLOCK)
        kernel = _looked_up_g(points[block] @ electrodes.T)
        operator[block] = kernel @ coefficients[:n] + coefficients[n]
    return operator


def visibility(electrodes_m: np.ndarray, points_m: np.ndarray) -> np.ndarray:
    """How much of the interpolated colour is shown at points: 1 near electrodes, 0 beyond 46 mm.

    Parameters
    ----------
    electrodes_m : ndarray (n, 3)
    points_m : ndarray (m, 3)

    Returns
    -------
    ndarray (m,) float32
        Falls smoothly from 28 to 46 mm from the nearest electrode.
    """
    nearest_m = np.empty(len(points_m))
    for start in range(0, len(points_m), _BLOCK):
        block = points_m[start : start + _BLOCK]
        # |p - e|² - |p|²; SciPy would bring 10 MB and 0.3 s of importing
        beside = (electrodes_m**2).sum(axis=1) - 2 * block @ electrodes_m.T
        squared = beside.min(axis=1) + (block**2).sum(axis=1)
        nearest_m[start : start + _BLOCK] = np.sqrt(np.maximum(squared, 0.0))
    far = np.clip((nearest_m - FADE_START_M) / (FADE_END_M - FADE_START_M), 0.0, 1.0)
    return (1.0 - far * far * (3.0 - 2.0 * far)).astype(np.float32)


class Surface(Protocol):
    """Gives the points of a surface their values; ``visibility`` (m,) says how far they may be trusted."""

    visibility: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Values of electrodes (n,) to values at the points (m,)."""


class FixedSurface:
    """A surface whose values are known already, whatever the electrodes' are.

    Parameters
    ----------
    values, visibility : ndarray (m,)
    """

    def __init__(self, values: np.ndarray, visibility: np.ndarray) -> None:
        self._values = values
        self.visibility = visibility

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """The known values (m,)."""
        return self._values


class Interpolator:
    """Carries values of electrodes to points; the matrix is computed once, each update is one product.

    Parameters
    ----------
    electrodes_m : ndarray (n, 3)
        On the scalp, head frame, metres.
    points_m : ndarray (m, 3)
    """

    def __init__(self, electrodes_m: np.ndarray, points_m: np.ndarray) -> None:
        self.electrodes_m, self.points_m = electrodes_m, points_m
        self._known = np.ones(len(electrodes_m), dtype=bool)
        self._prepare()

    def _prepare(self) -> None:
        self.operator = spline_operator(self.electrodes_m[self._known], self.points_m)
        self.visibility = visibility(self.electrodes_m[self._known], self.points_m)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Values (n,) to values at the points (m,), never beyond the electrodes' own range.

        Electrodes whose value is NaN are left out, as if they were not there.
        """
        known = np.isfinite(values)
        if not known.any():
            return np.full(len(self.points_m), np.nan)
        if not np.array_equal(known, self._known):
            self._known = known
            self._prepare()
        given = values[known]
        return np.clip(self.operator @ given.astype(np.float32), given.min(), given.max())
