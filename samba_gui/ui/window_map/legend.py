"""Below the map: what the colours mean with their true range, and how much the first components hold."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from samba_gui.engine.projection import Mark
from samba_gui.scene.colours import UNKNOWN_RGB, lookup_table
from samba_gui.scene.window_colours import SHAPES, Groups, Scale
from samba_gui.ui.language import said, tr
from samba_gui.ui.window_map.geometry import far_out
from samba_gui.ui.window_map.items import FONT_PX
from samba_gui.ui.window_map.stamps import draw_shape
from samba_gui.ui.window_map.state import MapState

LINE_PX = 17
BAR_PX = 9
MARGIN_PX = 8
SCREE = 10
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MapLegend(QWidget):
    """A colour bar with its limits and a bracket along the true range, or names with their counts."""

    def __init__(self) -> None:
        super().__init__()
        self._state = MapState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend of the map"))

    def set_state(self, state: MapState) -> None:
        """Take over what the map shows."""
        lines = self.lines()
        self._state = state
        if self.lines() != lines:
            self.setAccessibleDescription("; ".join(self.lines()))
            self.updateGeometry()
        self.update()

    def lines(self) -> list[str]:
        """What the legend says, name by name."""
        names = self._names()
        return names + self._marks() + self._far() if names else []

    def _names(self) -> list[str]:
        state, colouring = self._state, self._state.colouring
        if state.places is None or state.components is None:
            return []
        if colouring is None:
            return [self.tr("Colours are being computed …")]
        found = []
        if isinstance(colouring, Scale):
            unit = f" {colouring.unit}" if colouring.unit else ""
            low, high = colouring.range or (np.nan, np.nan)
            found.append(f"{tr(colouring.title)}: {low:.3g} … {high:.3g}{unit}")
        else:
            codes = colouring.codes[state.components.windows] + 1
            *_, none = counts = np.roll(np.bincount(codes, minlength=len(colouring.names) + 1), -1).tolist()
            found += [f"{said(name)} {n}" for name, n in zip(colouring.names, counts[:-1], strict=True)]
            if none:
                found.append(f"{tr(colouring.no_name)} {none}")
        return found

    def _marks(self) -> list[str]:
        """What is said of hollow points."""
        marks = self._state.marks
        short, artefact = (int((marks == mark).sum()) for mark in (Mark.SHORT, Mark.ARTEFACT))
        found = [self.tr("hollow: short {}").format(short)] if short else []
        if artefact:
            found.append(self.tr("hollow: flat or amplitude out of range {}").format(artefact))
        return found

    def _far(self) -> list[str]:
        """What is said of points that are not in their true place."""
        places = self._state.places
        far = int(far_out(places).sum()) if places is not None else 0
        return [self.tr("at the edge: farther out {}").format(far)] if far else []

    def sizeHint(self) -> QSize:
        """As tall as the lines need in the present width."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def hasHeightForWidth(self) -> bool:
        """Names wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Lines of names, or the bar with its numbers."""
        if not self.lines():
            return 0
        extra = 0
        if isinstance(self._state.colouring, Scale):
            extra = BAR_PX + LINE_PX + 6
        return round(self._placed(width)[-1][0].bottom()) + extra + 4

    def _placed(self, width: int) -> list[tuple[QRectF, str]]:
        """A rectangle for each entry, from left to right and top to bottom."""
        font = self.font()
        font.setPixelSize(FONT_PX)
        metrics = QFontMetricsF(font)
        found, x, y = [], float(MARGIN_PX), 2.0
        for text in self.lines():
            wide = metrics.horizontalAdvance(text) + 24
            if x > MARGIN_PX and x + wide > width - MARGIN_PX:
                x, y = float(MARGIN_PX), y + LINE_PX
            found.append((QRectF(x, y, min(wide, width - 2 * MARGIN_PX), LINE_PX), text))
            x += wide
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        state, colouring = self._state, self._state.colouring
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(state.theme.window))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(FONT_PX)
        painter.setFont(font)
        placed = self._placed(self.width()) if self.lines() else []
        for index, (rect, text) in enumerate(placed):
            inset = self._draw_sign(painter, rect, index)
            painter.setPen(QColor(state.theme.text))
            painter.drawText(rect.adjusted(inset, 0, 0, 0), _LEFT, text)
        if isinstance(colouring, Scale) and placed:
            self._draw_bar(painter, colouring, placed[-1][0].bottom() + 2)
        painter.end()

    def _draw_sign(self, painter: QPainter, rect: QRectF, index: int) -> float:
        """The shape beside a name; returns how much room it takes."""
        state, colouring = self._state, self._state.colouring
        at = QPointF(rect.left() + 6, rect.center().y())
        edge = QColor(state.theme.dim)
        grey = QColor(*UNKNOWN_RGB)
        if isinstance(colouring, Groups) and index < len(colouring.names):
            draw_shape(painter, at, 8, QColor(colouring.own_colours[index]), SHAPES[index], False, edge)
        elif index >= len(self._names()) + len(self._marks()):
            return 0
        elif index >= len(self._names()):
            draw_shape(painter, at, 8, QColor(state.theme.dim), "disc", True, edge)
        elif isinstance(colouring, Groups):
            draw_shape(painter, at, 8, grey, "disc", False, edge)
        else:
            return 0
        return 15

    def _draw_bar(self, painter: QPainter, scale: Scale, top: float) -> None:
        table = lookup_table(scale.colour_map)
        bar = QRectF(MARGIN_PX, top + 3, self.width() - 2 * MARGIN_PX, BAR_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        step = bar.width() / len(table)
        for i, rgb in enumerate(table.tolist()):
            painter.fillRect(QRectF(bar.left() + i * step, bar.top(), step + 1, bar.height()), QColor(*rgb))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = scale.limits
        if scale.range is not None:
            ends = np.clip([(value - low) / ((high - low) or 1.0) for value in scale.range], 0, 1)
            left, right = (bar.left() + ends * bar.width()).tolist()
            bracket = [(left, bar.top()), (left, bar.top() - 3), (right, bar.top() - 3), (right, bar.top())]
            painter.setPen(QPen(QColor(self._state.theme.text), 1.2))
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in bracket]))
        painter.setPen(QColor(self._state.theme.dim))
        numbers = QRectF(bar.left(), bar.bottom(), bar.width(), LINE_PX)
        unit = f" {scale.unit}" if scale.unit else ""
        painter.drawText(numbers, _LEFT, f"{low:.3g}")
        painter.drawText(
            numbers, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{high:.3g}{unit}"
        )


class Scree(QWidget):
    """Bars of the variance along the first ten principal components."""

    def __init__(self) -> None:
        super().__init__()
        self._state = MapState()
        self.setFixedSize(96, 44)
        self.setAccessibleName(self.tr("Variance along principal components"))

    def set_state(self, state: MapState) -> None:
        """Take over what the map shows."""
        if state.components is not self._state.components or state.theme != self._state.theme:
            self._state = state
            self.setToolTip(self.words())
            self.setAccessibleDescription(self.words())
            self.update()

    def words(self) -> str:
        """The numbers."""
        if self._state.components is None:
            return ""
        shares = 100 * self._state.components.variance[:SCREE]
        each = ", ".join(f"{share:.1f}" for share in shares)
        words = self.tr("Variance along principal components 1 to {}: {} %, together {:.0f} %")
        return words.format(len(shares), each, shares.sum())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter, theme = QPainter(self), self._state.theme
        painter.fillRect(self.rect(), QColor(theme.window))
        if self._state.components is not None:
            shares = self._state.components.variance[:SCREE]
            room = QRectF(self.rect()).adjusted(2, 14, -4, -2)
            step = room.width() / SCREE
            for i, share in enumerate(shares.tolist()):
                tall = max(room.height() * share / float(shares[0]), 1.0)
                bar = QRectF(room.left() + i * step, room.bottom() - tall, step - 2, tall)
                painter.fillRect(bar, QColor(theme.accent if i < 2 else theme.dim))
            font = painter.font()
            font.setPixelSize(10)
            painter.setFont(font)
            painter.setPen(QColor(theme.dim))
            words = f"PC 1–{len(shares)}: {100 * shares.sum():.0f} %"
            painter.drawText(QRectF(0, 0, self.width() - 4, 13), Qt.AlignmentFlag.AlignRight, words)
        painter.end()
