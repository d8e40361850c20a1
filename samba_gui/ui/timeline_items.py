"""Items of the timelines: the median curve, the annotations, the page frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from samba_gui.core.recording import Annotation
from samba_gui.ui.palette import annotation_colour
from samba_gui.ui.pixel_item import PixelItem, Place
from samba_gui.ui.theme import LIGHT, Theme
from samba_gui.ui.timeline_bands import Band
from samba_gui.ui.timeline_metrics import Metric
from samba_gui.ui.trace_marks import shortened

FONT_PX = 10


class MedianCurve(PixelItem):
    """Median over channels, with the spread over mask pairs, in fixed limits."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._times_s = np.empty(0)
        self._median = np.empty(0)
        self._low, self._high = np.empty(0), np.empty(0)
        self._metric: Metric | None = None
        self._band = Band(0, 1)
        self._theme = LIGHT

    def set_curve(
        self, times_s: np.ndarray, median: np.ndarray, per_pair: np.ndarray, metric: Metric | None
    ) -> None:
        """Give the median (n,) and that of each pair (n, pairs); None for nothing to show."""
        self._times_s, self._median, self._metric = times_s, median, metric
        self._low, self._high = per_pair.min(axis=1), per_pair.max(axis=1)
        self.update()

    def set_place(self, band: Band, theme: Theme) -> None:
        """Give its band and colours."""
        self._band, self._theme = band, theme
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint the limits, the reference, the spread and the line."""
        if self._metric is None:
            return
        painter.setPen(QPen(QColor(self._theme.edge), 1))
        for share in (0.0, 1.0):
            y = place(0, self._band.y_of(share)).y()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        if self._metric.low < self._metric.reference < self._metric.high:
            y = place(0, self._y(self._metric.reference)).y()
            painter.setPen(QPen(QColor(self._theme.dim), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spread = QColor(self._theme.accent)
        spread.setAlpha(70)
        for run in runs(np.isfinite(self._median)):
            high = [place(t, self._y(v)) for t, v in zip(self._times_s[run], self._high[run], strict=True)]
            low = [place(t, self._y(v)) for t, v in zip(self._times_s[run], self._low[run], strict=True)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(spread)
            painter.drawPolygon(QPolygonF(high + low[::-1]))
            line = [place(t, self._y(v)) for t, v in zip(self._times_s[run], self._median[run], strict=True)]
            painter.setPen(QPen(QColor(self._theme.text), 1.2))
            if len(line) == 1:
                line = [line[0] - QPointF(1, 0), line[0] + QPointF(1, 0)]
            painter.drawPolyline(QPolygonF(line))

    def _y(self, value: float) -> float:
        assert self._metric is not None
        return self._band.y_of((value - self._metric.low) / (self._metric.high - self._metric.low))


class NoteBand(PixelItem):
    """Annotations of the whole recording, with their names where there is room."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._annotations: Sequence[Annotation] = ()
        self._band = Band(0, 1)

    def set_notes(self, annotations: Sequence[Annotation], band: Band) -> None:
        """Give all annotations and their band."""
        if annotations is not self._annotations or band != self._band:
            self._annotations, self._band = annotations, band
            self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint a block for each; a thin one where it is a moment."""
        font = painter.font()
        font.setPixelSize(FONT_PX)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        top = place(0, self._band.top).y()
        height = place(0, self._band.bottom).y() - top
        for note in self._annotations:
            left, right = (
                place(note.onset_s, 0).x(), place(note.onset_s + note.duration_s, 0).x()
            )  # fmt: skip
            block = QRectF(left, top, max(right - left - 1, 2), height)
            painter.fillRect(block, annotation_colour(note.description, 170))
            text = shortened(note.description)
            if metrics.horizontalAdvance(text) + 6 < block.width():
                painter.setPen(QColor("#16181d"))
                painter.drawText(block.adjusted(3, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


class PageFrame(PixelItem):
    """The stretch that the traces show."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._start_s, self._stop_s = 0.0, 0.0
        self._colour = QColor()

    def set_page(self, start_s: float, stop_s: float, theme: Theme) -> None:
        """Give its ends."""
        self._start_s, self._stop_s, self._colour = start_s, stop_s, QColor(theme.accent)
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint a light veil with an edge, never narrower than can be seen."""
        left, right = place(self._start_s, 0).x(), place(self._stop_s, 0).x()
        frame = QRectF(left, area.top() + 0.5, max(right - left, 3), area.height() - 1.5)
        veil = QColor(self._colour)
        veil.setAlpha(26)
        painter.setBrush(veil)
        painter.setPen(QPen(self._colour, 1.4))
        painter.drawRect(frame)


def runs(present: np.ndarray) -> list[slice]:
    """Stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [slice(a, b) for a, b in edges.reshape(-1, 2).tolist()]
