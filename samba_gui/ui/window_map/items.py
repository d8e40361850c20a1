"""What is drawn around and over the points of the map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from samba_gui.ui.theme import Theme
from samba_gui.ui.window_map.state import MapState

FONT_PX = 11
FOLLOWS_S = 0.01


def draw_axes(painter: QPainter, frame: QRectF, titles: tuple[str, str], theme: Theme) -> None:
    """Draw a frame with a title below and at the left; without numbers, which would mean nothing."""
    painter.setPen(QPen(QColor(theme.edge), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame)
    font = painter.font()
    font.setPixelSize(FONT_PX)
    painter.setFont(font)
    painter.setPen(QColor(theme.dim))
    below = QRectF(frame.left(), frame.bottom() + 2, frame.width(), 18)
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, titles[0])
    painter.save()
    painter.translate(frame.left() - 3, frame.bottom())
    painter.rotate(-90)
    painter.drawText(QRectF(0, -18, frame.height(), 18), Qt.AlignmentFlag.AlignCenter, titles[1])
    painter.restore()


def draw_words(painter: QPainter, frame: QRectF, words: str, theme: Theme) -> None:
    """Say why there is no map."""
    painter.setPen(QColor(theme.dim))
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(frame.adjusted(16, 0, -16, 0), flags, words)


def draw_path(painter: QPainter, points: np.ndarray, state: MapState) -> None:
    """Join windows that follow each other without a gap."""
    follows = np.abs(state.onsets_s[1:] - (state.onsets_s + state.durations_s)[:-1]) < FOLLOWS_S
    colour = QColor(state.theme.dim)
    colour.setAlpha(110 if len(points) < 1000 else 40)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    for piece in np.split(points, np.flatnonzero(~follows) + 1):
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in piece.tolist()]))


def draw_rings(painter: QPainter, points: np.ndarray, state: MapState) -> None:
    """Ring the windows of the page, and the one at the cursor more strongly."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(state.theme.accent), 1.4))
    for x, y in points[state.on_page].tolist():
        painter.drawEllipse(QPointF(x, y), 7.5, 7.5)
    if state.current is not None:
        x, y = points[state.current].tolist()
        painter.setPen(QPen(QColor(state.theme.base), 4.5))
        painter.drawEllipse(QPointF(x, y), 9.5, 9.5)
        painter.setPen(QPen(QColor(state.theme.accent), 2.6))
        painter.drawEllipse(QPointF(x, y), 9.5, 9.5)
