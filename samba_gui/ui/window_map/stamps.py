"""Small pictures of points, one for each colour and shape."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from samba_gui.scene.window_colours import SHAPES


class Stamps:
    """Makes each picture once.

    Parameters
    ----------
    size_px : float
        Width of a disc.
    ratio : float
        Pixels of the screen per pixel.
    edge : str
        Colour of the outline, which keeps dark points visible on a dark ground.
    """

    def __init__(self, size_px: float, ratio: float, edge: str) -> None:
        self._size, self._ratio, self.edge = size_px, ratio, QColor(edge)
        self.edge.setAlpha(150)
        self._made: dict[tuple[int, int, bool], QPixmap] = {}
        self.reach_px = size_px / 2 + 2

    def get(self, rgb: int, shape: int, hollow: bool) -> QPixmap:
        """A point's picture; ``rgb`` is 0xrrggbb, ``shape`` a place in :data:`SHAPES`."""
        key = (rgb, shape, hollow)
        if key not in self._made:
            self._made[key] = self._make(QColor.fromRgb(rgb), SHAPES[shape], hollow)
        return self._made[key]

    def _make(self, colour: QColor, shape: str, hollow: bool) -> QPixmap:
        side = 2 * self.reach_px
        pixmap = QPixmap(round(side * self._ratio), round(side * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_shape(
            painter, QPointF(self.reach_px, self.reach_px), self._size, colour, shape, hollow, self.edge
        )
        painter.end()
        return pixmap


def draw_shape(
    painter: QPainter, at: QPointF, size: float, colour: QColor, shape: str, hollow: bool, edge: QColor
) -> None:
    """Draw a point: filled with a thin edge, or as an outline."""
    painter.setPen(QPen(colour, 1.6) if hollow else QPen(edge, 0.7))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
    r = size / 2
    if shape == "disc":
        painter.drawEllipse(at, r, r)
    elif shape == "square":
        painter.drawRect(QRectF(at.x() - 0.88 * r, at.y() - 0.88 * r, 1.76 * r, 1.76 * r))
    else:
        corners = {
            "triangle": ((0, -1.15), (1.05, 0.8), (-1.05, 0.8)),
            "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
            "plus": (
                *((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)),
                *((0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
            ),
        }[shape]
        painter.drawPolygon(QPolygonF([QPointF(at.x() + x * r, at.y() + y * r) for x, y in corners]))
