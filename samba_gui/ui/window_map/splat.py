"""Thousands of points at once: the same shapes as stamps, pixel by pixel with a depth for each point."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from samba_gui.scene.window_colours import SHAPES
from samba_gui.ui.window_map.stamps import draw_shape

FAINT = 0.22
"""Opacity of points that are not marked, while others are."""

_FILL, _EDGE = QColor(255, 0, 0), QColor(0, 0, 255)


def splat(
    size: tuple[int, int],
    points: np.ndarray,
    rgb: np.ndarray,
    shapes: np.ndarray,
    hollow: np.ndarray,
    faint: np.ndarray,
    size_px: float,
    edge: QColor,
) -> QImage:
    """Paint points, the later ones over the earlier.

    Parameters
    ----------
    size : tuple of 2 ints
        Width and height, pixels of the screen.
    points : ndarray (n, 2)
        Pixels of the screen.
    rgb : ndarray (n, 3) uint8
    shapes : ndarray (n,) int
        Places in :data:`SHAPES`.
    hollow, faint : ndarray (n,) bool
    size_px : float
        Width of a disc.
    edge : QColor

    Returns
    -------
    QImage
        Transparent where there is no point.
    """
    width, height = size
    reach = int(np.ceil(size_px / 2)) + 2
    # twice the rank of the point that is seen, and one more where it is filled; with room around for points
    # that are cut off
    depth = np.full((height + 4 * reach) * (wide := width + 4 * reach), -1, np.int32)
    at = np.rint(points).astype(np.int64) + 2 * reach
    there = (at >= reach).all(axis=1) & (at < [width + 3 * reach, height + 3 * reach]).all(axis=1)
    for shape, name in enumerate(SHAPES):
        for outlined in (False, True):
            rank = np.flatnonzero(there & (shapes == shape) & (hollow == outlined)).astype(np.int32)
            base = at[rank, 1] * wide + at[rank, 0]
            for offsets, filled in zip(_pixels(name, outlined, size_px, reach, wide), (0, 1), strict=True):
                for offset in offsets.tolist():
                    place = base + offset
                    depth[place] = np.maximum(depth[place], 2 * rank + filled)
    seen = depth.reshape(height + 4 * reach, wide)[2 * reach : -2 * reach, 2 * reach : -2 * reach]
    # what every depth looks like, and nothing at the end, where -1 leads
    ink = np.zeros((2 * len(points) + 1, 4), np.uint8)
    opacity = np.where(faint, FAINT, 1.0)
    ink[:-1:2] = [edge.red(), edge.green(), edge.blue(), 0]
    ink[:-1:2, 3] = edge.alpha() * opacity
    ink[1::2, :3] = rgb
    ink[1::2, 3] = 255 * opacity
    pixels = np.ascontiguousarray(ink.view(np.uint32)[seen, 0])
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _pixels(
    shape: str, outlined: bool, size_px: float, reach: int, wide: int
) -> tuple[np.ndarray, np.ndarray]:
    """Where a point has its edge and where it is filled, as steps in the rows of the picture."""
    side = 2 * reach + 1
    image = QImage(side, side, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_shape(painter, QPointF(reach + 0.5, reach + 0.5), size_px, _FILL, shape, outlined, _EDGE)
    painter.end()
    red, _, blue, alpha = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4).transpose(2, 0, 1)
    rows, columns = np.indices((side, side)) - reach
    steps, there = rows * wide + columns, alpha > 110
    return steps[there & (blue > red)], steps[there & (blue <= red)]
