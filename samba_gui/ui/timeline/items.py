"""Items of the timelines: the median curve, the annotations, the page frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from samba_gui.core.recording import Annotation
from samba_gui.ui.palette import blend, name_colour, tinted
from samba_gui.ui.pixel_item import PixelItem, Place
from samba_gui.ui.theme import LIGHT, Theme
from samba_gui.ui.timeline.bands import Band
from samba_gui.ui.timeline.metrics import Metric
from samba_gui.ui.traces.marks import TINT, shortened

FONT_PX = 10
EDGE_PX = 2
LINE_PX, CASED_PX = 1.4, 3.4


class MedianCurve(PixelItem):
    """Median over channels, with the spread over mask pairs, in fixed limits."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._metric: Metric | None = None
        self._band = Band(0, 1)
        self._theme = LIGHT
        self._lines: list[QPolygonF] = []
        self._spreads: list[QPolygonF] = []

    def set_curve(
        self,
        times_s: np.ndarray,
        median: np.ndarray,
        per_pair: np.ndarray,
        metric: Metric,
        band: Band,
        theme: Theme,
    ) -> None:
        """Give the median (n,) and that of each pair (n, pairs)."""
        self._metric, self._band, self._theme = metric, band, theme
        low, high = per_pair.min(axis=1), per_pair.max(axis=1)
        parts = runs(np.isfinite(median) & np.isfinite(low))
        self._lines = [_polygon(times_s[part], self._y(median[part])) for part in parts]
        self._spreads = [
            _polygon(
                np.concatenate([times_s[part], times_s[part][::-1]]),
                np.concatenate([self._y(high[part]), self._y(low[part])[::-1]]),
            )
            for part in parts
        ]
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint the limits, the reference, the spread and the line."""
        if self._metric is None:
            return
        metric = self._metric
        for value in (metric.low, metric.reference, metric.high):
            inside = metric.low < value < metric.high
            pen = QPen(QColor(self._theme.dim if inside else self._theme.edge), 1)
            pen.setStyle(Qt.PenStyle.DotLine if inside else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            y = place(0, float(self._y(np.array(value)))).y()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spread = QColor(self._theme.accent)
        spread.setAlpha(80)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(spread)
        for polygon in self._spreads:
            painter.drawPolygon(place.polygon(polygon))
        painter.setPen(QPen(QColor(self._theme.text), 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for polygon in self._lines:
            painter.drawPolyline(place.polygon(polygon))

    def _y(self, values: np.ndarray) -> np.ndarray:
        assert self._metric is not None
        share = (values - self._metric.low) / (self._metric.high - self._metric.low)
        return self._band.bottom - np.clip(share, 0, 1) * self._band.height


def _polygon(x: np.ndarray, y: np.ndarray) -> QPolygonF:
    if len(x) == 1:  # a lone column is still seen
        x, y = np.repeat(x, 2), np.repeat(y, 2)
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])


class NoteBand(PixelItem):
    """Annotations of the whole recording, with their names where there is room."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._annotations: Sequence[Annotation] = ()
        self._places: Mapping[str, int] = {}
        self._onsets_s = self._durations_s = np.empty(0)
        self._band = Band(0, 1)
        self._theme = LIGHT

    def set_notes(
        self, annotations: Sequence[Annotation], places: Mapping[str, int], band: Band, theme: Theme
    ) -> None:
        """Give all annotations, the places of their colours, and their band."""
        self._annotations, self._places, self._band, self._theme = annotations, places, band, theme
        self._onsets_s = np.array([note.onset_s for note in annotations])
        self._durations_s = np.array([note.duration_s for note in annotations])
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint a block for each, with an edge; a line where it is a moment, and of many in one pixel one."""
        font = painter.font()
        font.setPixelSize(FONT_PX)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        top = place(0, self._band.top).y()
        height = place(0, self._band.bottom).y() - top
        origin = place(0, 0).x()
        lefts = origin + (place(1, 0).x() - origin) * self._onsets_s
        widths = np.maximum((place(1, 0).x() - origin) * self._durations_s - 1, 2)
        seen = (np.diff(np.floor(lefts), prepend=-np.inf) > 0) | (widths > 3)
        for index in np.flatnonzero(seen).tolist():
            note, block = self._annotations[index], QRectF(lefts[index], top, widths[index], height)
            colour = name_colour(self._places[note.description], self._theme)
            painter.fillRect(block, blend(colour.name(), self._theme.base, TINT))
            painter.fillRect(block.adjusted(0, height - EDGE_PX, 0, 0), colour)
            painter.fillRect(QRectF(block.left(), top, 2, height), colour)
            text = shortened(note.description) if block.width() > FONT_PX else ""
            if text and metrics.horizontalAdvance(text) + 6 < block.width():
                painter.setPen(QColor(self._theme.text))
                painter.drawText(block.adjusted(3, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


class PageFrame(PixelItem):
    """The stretch that the traces show, and the cursor: cased in the ground, to be seen on any band."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._start_s, self._stop_s, self._cursor_s = 0.0, 0.0, 0.0
        self._theme = LIGHT

    def set_page(self, start_s: float, stop_s: float, cursor_s: float, theme: Theme) -> None:
        """Give its ends, and where the cursor is."""
        self._start_s, self._stop_s, self._cursor_s = start_s, stop_s, cursor_s
        self._theme = theme
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint a light veil with an edge, never narrower than can be seen."""
        left, right = place(self._start_s, 0).x(), place(self._stop_s, 0).x()
        frame = QRectF(left, area.top() + 0.5, max(right - left, 3), area.height() - 1.5)
        painter.fillRect(frame, tinted(self._theme.accent, 26))
        at = place(self._cursor_s, 0).x()
        cursor = QLineF(at, area.top(), at, area.bottom())
        for colour, width in ((self._theme.base, CASED_PX), (self._theme.accent, LINE_PX)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(frame)
            painter.drawLine(cursor)


def runs(present: np.ndarray) -> list[slice]:
    """Stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in edges.reshape(-1, 2).tolist()]
