"""Points of the map against a lasso and against directions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FAR_IQR = 4.0
"""Points this many interquartile ranges beyond the middle half would squeeze all others into one spot."""


def shown_range(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and largest coordinates that are drawn in their true place, each (2,)."""
    low, first, third, high = np.quantile(places.astype(float), (0.0, 0.25, 0.75, 1.0), axis=0)
    reach = FAR_IQR * (third - first)
    if (reach <= 0).any():
        return low, high
    return np.maximum(low, first - reach), np.minimum(high, third + reach)


def far_out(places: np.ndarray) -> np.ndarray:
    """Which points (n, 2) lie farther out and are drawn at the edge, bool (n,)."""
    low, high = shown_range(places)
    return np.any((places < low - 1e-6) | (places > high + 1e-6), axis=1)


def inside(polygon: Sequence[tuple[float, float]], points: np.ndarray) -> np.ndarray:
    """Which points (n, 2) lie within a closed line, by the number of its edges to their right."""
    corners = np.array(polygon)
    found = np.zeros(len(points), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > points[:, 1]) != (y2 > points[:, 1])
            found ^= crosses & (points[:, 0] < (x2 - x1) * (points[:, 1] - y1) / (y2 - y1) + x1)
    return found


def next_that_way(points: np.ndarray, current: int | None, way: tuple[int, int]) -> int | None:
    """The nearest point within 45° of a direction; without a current one the first."""
    if current is None:
        return 0
    step = points - points[current]
    ahead, aside = step @ np.array(way, float), np.abs(step @ np.array([way[1], way[0]], float))
    apart = np.where((ahead > 1e-9) & (aside <= ahead), np.hypot(ahead, aside), np.inf)
    nearest = int(apart.argmin())
    return nearest if np.isfinite(apart[nearest]) else None
