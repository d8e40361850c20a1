"""Lines and discs with smooth edges, as masks that Pillow pastes colours through."""

from __future__ import annotations

import numpy as np
from PIL import Image


def stroke(
    points: np.ndarray, radius: float, thickness: float = np.inf
) -> tuple[tuple[int, int, int, int], Image.Image]:
    """A line along points (n, 2) in pixels, with round ends and smooth edges: its box and its mask there.

    Of a line thicker than ``thickness`` only the rim is drawn.
    """
    low = np.floor(points.min(axis=0) - radius - 1).astype(int)
    high = np.ceil(points.max(axis=0) + radius + 1).astype(int)
    x, y = np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1])[:, None] + 0.5
    distance = np.full((len(y), len(x)), np.inf)
    for start, along in zip(points[:-1], np.diff(points, axis=0), strict=True):
        share = (x - start[0]) * along[0] + (y - start[1]) * along[1]
        share = np.clip(share / max(float(along @ along), 1e-12), 0.0, 1.0)
        away = np.hypot(x - start[0] - share * along[0], y - start[1] - share * along[1])
        np.minimum(distance, away, out=distance)
    inwards = radius - distance
    mask = edge_mask(np.minimum(inwards, thickness - inwards))
    return (int(low[0]), int(low[1]), int(high[0]), int(high[1])), mask


def edge_mask(inwards_px: np.ndarray) -> Image.Image:
    """What lies inside an edge, from the distance (height, width) of each pixel's middle to it.

    Edges have 16 steps: smooth to the eye, and a film's frames share their mixed colours.
    """
    return Image.fromarray((np.clip(inwards_px + 0.5, 0.0, 1.0) * 15 + 0.5).astype(np.uint8) * np.uint8(17))
