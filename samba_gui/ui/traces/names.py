"""Names of the channels left of the traces: a click marks a channel bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from samba_gui.ui.language import tr
from samba_gui.ui.theme import LIGHT, Theme
from samba_gui.ui.traces.rows import RowLayout, RowScale
from samba_gui.ui.traces.state import TracesState

FONT_PX = 11
SMALLEST_FONT_PX = 8
TITLE_PX = 18
TICK_PX = 4
COLUMN_GAP_PX = 4


@dataclass(frozen=True, slots=True)
class Name:
    """One name.

    Parameters
    ----------
    text : str
    label : str
        The channel's label in the file: what a click toggles; empty for a difference of two.
    y_px, height_px : float
        Middle and height of its row.
    scale : str
        A scale of its own, in words.
    bad, selected : bool
    """

    text: str
    label: str
    y_px: float
    height_px: float
    scale: str = ""
    bad: bool = False
    selected: bool = False

    def tip(self) -> str:
        """What the mouse is told."""
        lines = [self.label or self.text]
        if self.scale:
            lines.append(tr("scale {}").format(self.scale))
        if self.label:
            lines.append(tr("bad, click to use it again") if self.bad else tr("click to mark it bad"))
        return "\n".join(lines)


def names_of(
    state: TracesState, layout: RowLayout, scales: Sequence[RowScale], row_px: float, top_px: float
) -> tuple[Name, ...]:
    """Names of a page's rows; one for each baseline of a butterfly.

    Parameters
    ----------
    state : TracesState
    layout : RowLayout
    scales : sequence of RowScale
    row_px : float
        Height of a row.
    top_px : float
        Where the first row begins.
    """
    names = []
    centres, heights = layout.centres.tolist(), layout.heights.tolist()
    sharing = Counter(centres)
    for index, (row, scale, centre, height) in enumerate(
        zip(state.page.rows, scales, centres, heights, strict=True)
    ):
        if index and centre == centres[index - 1]:
            continue
        kind, alone = state.kind_of(index), sharing[centre] == 1
        names.append(
            Name(
                row.label if alone else f"{row.group} ({sharing[centre]})".strip(),
                row.channel if alone else "",
                top_px + centre * row_px,
                height * row_px,
                scale.text,
                alone and kind == "bad",
                alone and kind == "selected",
            )
        )
    return tuple(names)


class TraceNames(QWidget):
    """A column of names, or two staggered ones where rows are lower than the letters."""

    clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._names: tuple[Name, ...] = ()
        self._title = ""
        self._theme = LIGHT
        self._font_px, self._columns = FONT_PX, 1
        self._bottom_px = 1e6

    def set_names(self, names: tuple[Name, ...], title: str, theme: Theme) -> None:
        """Give the names and what stands along the axis."""
        if (names, title, theme) == (self._names, self._title, self._theme):
            return
        self._names, self._title, self._theme = names, title, theme
        lowest = min((name.height_px for name in names), default=float(FONT_PX + 2))
        self._columns = 1 if lowest >= FONT_PX + 1 else 2
        self._font_px = int(min(FONT_PX, max(SMALLEST_FONT_PX, self._columns * lowest - 1)))
        self.setFixedWidth(self._needed_width())
        self.update()

    def set_bottom(self, bottom_px: float) -> None:
        """Give where the plot ends: beside the time axis stand no names."""
        if bottom_px != self._bottom_px:
            self._bottom_px = bottom_px
            self.update()

    @property
    def font_px(self) -> int:
        """Height of the letters that was chosen."""
        return self._font_px

    @property
    def columns(self) -> int:
        """Staggered columns that were needed."""
        return self._columns

    def sizeHint(self) -> QSize:
        return QSize(self._needed_width(), 100)

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.base))
        self._paint_title(painter)
        painter.setClipRect(QRectF(0, 0, self.width(), self._bottom_px))
        font = painter.font()
        font.setPixelSize(self._font_px)
        column_px = self._column_px() if self._columns > 1 else 0.0
        for index, name in enumerate(self._names):
            right = self.width() - TICK_PX - 2 - (index % self._columns) * column_px
            box = QRectF(0, name.y_px - 10, right, 20)
            font.setBold(name.selected)
            font.setStrikeOut(name.bad)
            painter.setFont(font)
            painter.setPen(QColor(self._colour(name)))
            if name.scale and name.height_px > 2 * FONT_PX + 2:
                box.translate(0, -FONT_PX / 2)
                small = box.translated(0, FONT_PX + 1)
            else:
                small = QRectF()
            painter.drawText(box, _RIGHT, name.text)
            if not small.isNull():
                font.setStrikeOut(False)
                font.setBold(False)
                font.setPixelSize(9)
                painter.setFont(font)
                painter.setPen(QColor(self._theme.dim))
                painter.drawText(small, _RIGHT, name.scale)
                font.setPixelSize(self._font_px)
            painter.setPen(QPen(QColor(self._theme.edge), 1))
            painter.drawLine(QPointF(self.width() - TICK_PX, name.y_px), QPointF(self.width(), name.y_px))
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        name = self._at(event.position().toPoint())
        if name is not None and name.label and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(name.label)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            name = self._at(event.pos())
            QToolTip.showText(event.globalPos(), name.tip() if name else self._title, self)
            return True
        return super().event(event)

    def _at(self, point: QPoint) -> Name | None:
        near = min(self._names, key=lambda name: abs(name.y_px - point.y()), default=None)
        return near if near and abs(near.y_px - point.y()) <= max(near.height_px, FONT_PX) / 2 else None

    def _colour(self, name: Name) -> str:
        if name.bad:
            return self._theme.dim
        return self._theme.accent if name.selected else self._theme.text

    def _paint_title(self, painter: QPainter) -> None:
        painter.save()
        font = painter.font()
        font.setPixelSize(FONT_PX)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.dim))
        painter.rotate(-90)
        painter.drawText(QRectF(-self.height(), 2, self.height(), TITLE_PX - 4), _CENTRE, self._title)
        painter.restore()

    def _column_px(self) -> float:
        metrics = self._metrics()
        return max((metrics.horizontalAdvance(name.text) for name in self._names), default=20) + COLUMN_GAP_PX

    def _needed_width(self) -> int:
        small = self._metrics(9)
        scales = max((small.horizontalAdvance(name.scale) for name in self._names if name.scale), default=0)
        return int(TITLE_PX + max(self._columns * self._column_px(), scales) + TICK_PX + 4)

    def _metrics(self, pixels: int = 0) -> QFontMetricsF:
        font = self.font()
        font.setPixelSize(pixels or self._font_px)
        font.setBold(pixels == 0)
        return QFontMetricsF(font)


_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
