"""Fitting one set of points to another by turning, shifting and scaling, whatever a few of them do.

Source of the closed form: W. Kabsch, Acta Cryst. A32, 922 (1976); with scale S. Umeyama, IEEE Trans. PAMI 13,
376 (1991).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class Similarity:
    """``scale * points @ rotation.T + shift``; ``rotation`` (3, 3) has determinant -1 if it mirrors."""

    scale: float
    rotation: np.ndarray
    shift: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return self.scale * points @ self.rotation.T + self.shift


def fit_similarity(source: np.ndarray, target: np.ndarray, *, mirrored: bool = False) -> Similarity:
    """Least absolute distances between moved ``source`` and ``target``, by reweighted least squares.

    Parameters
    ----------
    source, target : ndarray (n, 3)
        Row by row the same places; up to a third may be wrong.
    mirrored : bool
        Fit a mirrored head instead of a turned one.

    Returns
    -------
    Similarity
    """
    weights = np.ones(len(source))
    for _ in range(_ROUNDS):
        found = _weighted(source, target, weights, -1.0 if mirrored else 1.0)
        distance = np.linalg.norm(found(source) - target, axis=1)
        weights = 1.0 / np.maximum(distance, 1e-4 * np.ptp(target))
    return found


def _weighted(source: np.ndarray, target: np.ndarray, weights: np.ndarray, sign: float) -> Similarity:
    share = (weights / weights.sum())[:, None]
    middle, goal = (share * source).sum(0), (share * target).sum(0)
    a, b = source - middle, target - goal
    u, s, vt = np.linalg.svd((share * a).T @ b)
    flip = np.array([1.0, 1.0, sign * np.sign(np.linalg.det(u @ vt))])
    rotation = (u * flip @ vt).T
    spread = float((share * a**2).sum())
    scale = float((s * flip).sum()) / spread if spread > 0 else 1.0
    scale = max(scale, 1e-9)
    return Similarity(scale, rotation, goal - scale * rotation @ middle)


def nearest_axes(rotation: np.ndarray) -> tuple[np.ndarray, float]:
    """The exchange of axes (a signed permutation) nearest to a rotation, and the angle to it in degrees."""
    order = np.zeros((3, 3))
    left = np.abs(rotation).copy()
    for _ in range(3):
        row, column = np.unravel_index(np.argmax(left), left.shape)
        order[row, column] = np.sign(rotation[row, column])
        left[row, :] = left[:, column] = -1.0
    cosine = (np.trace(order.T @ rotation) - 1.0) / 2.0
    return order, float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
