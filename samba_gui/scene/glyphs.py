"""Flat shapes that lie on the scalp: discs, rings and bands, as triangles in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samba_gui.scene.head_surface import HeadSurface, Landing, project_to_scalp
from samba_gui.scene.interpolation import HEAD_CENTRE_M, directions_from_centre

_CORNERS = 36
_BAND_STEPS = 24


@dataclass(frozen=True, eq=False)
class Shapes:
    """Triangles of many shapes.

    Parameters
    ----------
    vertices_m : ndarray (n, 3)
    triangles : ndarray (m, 3) int
    owners : ndarray (n,) int
        Row of the electrode or channel each vertex belongs to.
    """

    vertices_m: np.ndarray
    triangles: np.ndarray
    owners: np.ndarray


def _circle(landing: Landing) -> np.ndarray:
    """Unit circles in the scalp's tangent planes, (n, corners, 3)."""
    normals = landing.normals
    # Any direction that is not along the normal gives a first axis of the plane.
    other = np.where(np.abs(normals[:, 2:]) < 0.9, [0.0, 0.0, 1.0], [0.0, 1.0, 0.0])
    first = np.cross(other, normals)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(normals, first)
    angle = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    return first[:, None] * np.cos(angle)[:, None] + second[:, None] * np.sin(angle)[:, None]


def discs(landing: Landing, radius_m: float, lift_m: float) -> Shapes:
    """One disc per electrode, ``lift_m`` above the scalp."""
    n = len(landing.points_m)
    middles = landing.points_m + lift_m * landing.normals
    rims = middles[:, None] + radius_m * _circle(landing)
    vertices = np.concatenate([middles[:, None], rims], axis=1).reshape(-1, 3)
    corner = np.arange(_CORNERS)
    fan = np.column_stack([np.zeros(_CORNERS, dtype=int), 1 + corner, 1 + (corner + 1) % _CORNERS])
    triangles = (fan + (np.arange(n) * (_CORNERS + 1))[:, None, None]).reshape(-1, 3)
    return Shapes(vertices, triangles, np.repeat(np.arange(n), _CORNERS + 1))


def rings(landing: Landing, inner_m: float, outer_m: float, lift_m: float) -> Shapes:
    """One ring per electrode, ``lift_m`` above the scalp."""
    n = len(landing.points_m)
    middles = (landing.points_m + lift_m * landing.normals)[:, None]
    circle = _circle(landing)
    vertices = np.concatenate([middles + inner_m * circle, middles + outer_m * circle], axis=1).reshape(-1, 3)
    here = np.arange(_CORNERS)
    there = (here + 1) % _CORNERS
    strip = np.concatenate(
        [
            np.column_stack([here, here + _CORNERS, there]),
            np.column_stack([there, here + _CORNERS, there + _CORNERS]),
        ]
    )
    triangles = (strip + (np.arange(n) * 2 * _CORNERS)[:, None, None]).reshape(-1, 3)
    return Shapes(vertices, triangles, np.repeat(np.arange(n), 2 * _CORNERS))


def crosses(landing: Landing, radius_m: float, width_m: float, lift_m: float) -> Shapes:
    """One cross per electrode, ``lift_m`` above the scalp."""
    n = len(landing.points_m)
    middles = (landing.points_m + lift_m * landing.normals)[:, None]
    one, other = np.split(_circle(landing)[:, [_CORNERS // 8, _CORNERS // 8 + _CORNERS // 4]], 2, axis=1)
    half_m = width_m / 2
    arms = [
        middles + np.concatenate([end * radius_m * a + half_m * b, end * radius_m * a - half_m * b], axis=1)
        for a, b in ((one, other), (other, one))
        for end in (1, -1)
    ]
    vertices = np.concatenate(arms, axis=1).reshape(-1, 3)
    bars = np.array([[0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6]])
    bars = np.concatenate([bars, bars[:, ::-1]])  # seen from either side
    triangles = (bars + (np.arange(n) * 8)[:, None, None]).reshape(-1, 3)
    return Shapes(vertices, triangles, np.repeat(np.arange(n), 8))


def bands(surface: HeadSurface, ends_m: np.ndarray, width_m: float, lift_m: float) -> Shapes:
    """One band per bipolar channel, along the scalp from anode to cathode.

    Parameters
    ----------
    surface : HeadSurface
    ends_m : ndarray (n, 2, 3)
    width_m, lift_m : float
    """
    n = len(ends_m)
    directions = directions_from_centre(ends_m.reshape(-1, 3)).reshape(n, 2, 3)
    share = np.linspace(0, 1, _BAND_STEPS)[None, :, None]
    between = directions[:, :1] * (1 - share) + directions[:, 1:] * share
    reach_m = HEAD_CENTRE_M + 0.095 * between
    path = project_to_scalp(surface, reach_m.reshape(-1, 3))
    points = path.points_m.reshape(n, _BAND_STEPS, 3)
    normals = path.normals.reshape(n, _BAND_STEPS, 3)
    aside = np.cross(normals, np.gradient(points, axis=1))
    aside *= width_m / 2 / np.maximum(np.linalg.norm(aside, axis=2, keepdims=True), 1e-12)
    points = points + lift_m * normals
    vertices = np.stack([points - aside, points + aside], axis=2).reshape(-1, 3)
    left = 2 * np.arange(_BAND_STEPS - 1)
    strip = np.concatenate(
        [np.column_stack([left, left + 2, left + 1]), np.column_stack([left + 1, left + 2, left + 3])]
    )
    triangles = (strip + (np.arange(n) * 2 * _BAND_STEPS)[:, None, None]).reshape(-1, 3)
    return Shapes(vertices, triangles, np.repeat(np.arange(n), 2 * _BAND_STEPS))


def disc_radius_m(points_m: np.ndarray) -> float:
    """Radius of discs that leave room between neighbours: 2.2 to 5 mm."""
    distance = np.linalg.norm(points_m[:, None] - points_m, axis=2)
    np.fill_diagonal(distance, np.inf)
    return float(np.clip(0.2 * np.median(distance.min(axis=1)), 0.0022, 0.005))


def join(*parts: Shapes) -> Shapes:
    """Several sets of shapes as one."""
    offsets = np.cumsum([0, *(len(part.vertices_m) for part in parts)])
    return Shapes(
        np.concatenate([part.vertices_m for part in parts]),
        np.concatenate([part.triangles + offset for part, offset in zip(parts, offsets, strict=False)]),
        np.concatenate([part.owners for part in parts]),
    )
