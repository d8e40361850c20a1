"""A plot item that paints in screen pixels: crisp hatches, text and bars at any zoom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTransform


class Place:
    """Plot coordinates to pixels."""

    def __init__(self, transform: QTransform) -> None:
        self._transform = transform

    def __call__(self, x: float, y: float) -> QPointF:
        """One point."""
        return self._transform.map(QPointF(x, y))

    def polygon(self, polygon: QPolygonF) -> QPolygonF:
        """Many points at once."""
        return self._transform.map(polygon)


class PixelItem(pg.GraphicsObject):
    """Fills the plot; subclasses paint in pixels.

    Parameters
    ----------
    z : float
        Stacking order; the traces have 0.
    """

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint; ``area`` is the plot in pixels."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return QRectF(box.viewRect()) if box is not None else QRectF()

    def viewTransformChanged(self) -> None:
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, *_: Any) -> None:
        transform = painter.transform()
        area = transform.mapRect(self.boundingRect())
        painter.save()
        painter.resetTransform()
        self.paint_pixels(painter, area, Place(transform))
        painter.restore()


class Spans(PixelItem):
    """Stretches of time over the full height or a band of it: masked spans, gaps, annotations.

    Parameters
    ----------
    z : float
    pattern : Qt.BrushStyle
        Hatch or fill.
    """

    def __init__(self, z: float, pattern: Qt.BrushStyle = Qt.BrushStyle.SolidPattern) -> None:
        super().__init__(z)
        self._pattern = pattern
        self._band: tuple[float, float] | None = None
        self._spans: Sequence[tuple[float, float, QColor]] = ()

    def set_spans(self, spans: Sequence[tuple[float, float, QColor]]) -> None:
        """Give (start_s, stop_s, colour) of each span; one without duration becomes a line."""
        if spans != self._spans:
            self._spans = spans
            self.update()

    def set_band(self, top: float, bottom: float) -> None:
        """Keep to a part of the height, in plot coordinates."""
        if (top, bottom) != self._band:
            self._band = top, bottom
            self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint those that are in sight."""
        if self._band is not None:
            area = QRectF(area.left(), place(0, self._band[0]).y(), area.width(), 0)
            area.setBottom(place(0, self._band[1]).y())
        for start_s, stop_s, colour in self._spans:
            left, right = place(start_s, 0).x(), place(stop_s, 0).x()
            if right < area.left() or left > area.right():
                continue
            if right - left < 1.5:
                line = QColor(colour)
                line.setAlpha(min(255, 3 * colour.alpha()))
                painter.setPen(QPen(line, 1))
                painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()))
            else:
                painter.fillRect(
                    QRectF(left, area.top(), right - left, area.height()), QBrush(colour, self._pattern)
                )
