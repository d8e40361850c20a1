"""What stands over the traces: names of annotations, and the scale bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from samba_gui.core.recording import Annotation
from samba_gui.ui.palette import blend, name_colour
from samba_gui.ui.pixel_item import PixelItem, Place
from samba_gui.ui.theme import LIGHT, Theme

LANE_PX = 14
BAR_PX = 3
TALL_BAR_PX = 6
LANES = 2
TEXT_PX = 11
LONGEST = 24
TINT, STRONG = 0.22, 0.4
"""Shares of a description's colour under its text, which stays readable; the highlighted one's is more."""
TALLEST_PX = 44
WIDEST_PX = 120


class AnnotationTexts(PixelItem):
    """Bars at the top of the plot, and under them descriptions in two lanes, as far as there is room."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._annotations: Sequence[Annotation] = ()
        self._places: Mapping[str, int] = {}
        self._selected: Annotation | None = None
        self._theme = LIGHT

    def set_annotations(
        self,
        annotations: Sequence[Annotation],
        places: Mapping[str, int],
        selected: Annotation | None,
        theme: Theme,
    ) -> None:
        """Give those on the page, in time order, the places of their colours, and the highlighted one."""
        before = self._annotations, self._places, self._selected, self._theme
        if (annotations, places, selected, theme) != before:
            self._annotations, self._places, self._selected = annotations, places, selected
            self._theme = theme
            self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Paint flags from left to right, each in the first lane with room."""
        font = painter.font()
        font.setPixelSize(TEXT_PX)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        free = [area.left() - 1.0] * LANES
        for annotation in self._annotations:
            start, stop = (
                min(max(place(time_s, 0).x(), area.left()), area.right())
                for time_s in (annotation.onset_s, annotation.onset_s + annotation.duration_s)
            )
            colour = name_colour(self._places[annotation.description], self._theme)
            height = TALL_BAR_PX if annotation == self._selected else BAR_PX
            painter.fillRect(QRectF(start, area.top(), max(stop - start, 1.0), height), colour)
            text = shortened(annotation.description)
            width = metrics.horizontalAdvance(text) + 8
            lane = next((i for i, end in enumerate(free) if end <= start), None)
            if lane is None:
                continue
            free[lane] = start + width + 2
            flag = QRectF(start, area.top() + BAR_PX + lane * LANE_PX, width, LANE_PX - 1)
            strength = STRONG if annotation == self._selected else TINT
            painter.fillRect(flag, blend(colour.name(), self._theme.base, strength))
            painter.fillRect(QRectF(start, flag.top(), 2, flag.height()), colour)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(flag.adjusted(5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def shortened(text: str) -> str:
    """A description short enough to stand on the page, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class ScaleBars(QWidget):
    """A bar of µV and a bar of seconds in the corner of the plot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._uv_per_px, self._s_per_px = 1.0, 0.01
        self._theme = LIGHT

    def set_scales(self, uv_per_px: float, s_per_px: float, theme: Theme) -> None:
        """Give how much a pixel is worth."""
        self._uv_per_px, self._s_per_px, self._theme = uv_per_px, s_per_px, theme
        height, width = self._sizes_px()
        self.resize(int(max(width, 56) + 16), int(max(height, 14) + 28))
        self.update()

    @property
    def bars(self) -> tuple[float, float]:
        """Length of the bars in µV and in seconds: round numbers that fit."""
        return round_below(TALLEST_PX * self._uv_per_px), round_below(WIDEST_PX * self._s_per_px)

    def paintEvent(self, _event: object) -> None:
        height, width = self._sizes_px()
        uv, seconds = self.bars
        painter = QPainter(self)
        ground = QColor(self._theme.base)
        ground.setAlpha(225)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        corner = QPointF(self.width() - 8.0, self.height() - 20.0)
        painter.drawLine(corner, corner - QPointF(0, height))
        painter.drawLine(corner, corner - QPointF(width, 0))
        font = painter.font()
        font.setPixelSize(TEXT_PX)
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRectF(0, 0, corner.x() - 5, corner.y() - 2), right, f"{uv:g} µV")
        painter.drawText(QRectF(0, 0, corner.x(), self.height() - 3), right, f"{seconds:g} s")
        painter.end()

    def _sizes_px(self) -> tuple[float, float]:
        uv, seconds = self.bars
        return uv / self._uv_per_px, seconds / self._s_per_px


def round_below(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is not above ``value``."""
    power = 10.0
    while power > value:
        power /= 10
    while power * 10 <= value:
        power *= 10
    return float(f"{next(k for k in (5, 2, 1) if k * power <= value * (1 + 1e-9)) * power:.6g}")
