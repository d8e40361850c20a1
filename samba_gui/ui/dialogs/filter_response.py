"""What the display filters let through, as a curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from samba_gui.engine.display import DisplayFilter, response_db
from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme

LOWEST_HZ = 0.05
FLOOR_DB = -60.0
POINTS = 1200
LEFT_PX, BOTTOM_PX, EDGE_PX = 44, 34, 12
TICKS_HZ = (0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
TICKS_DB = (0, -6, -20, -40, -60)


class ResponseCurve(QWidget):
    """Gain in dB over frequency on a logarithmic axis, the −6 dB line marked.

    Parameters
    ----------
    display_filter : DisplayFilter
    rate_hz : float
        Of the recording: the axis ends at half of it.
    theme : Theme
    """

    def __init__(self, display_filter: DisplayFilter, rate_hz: float, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._highest_hz = rate_hz / 2
        freqs_hz = np.geomspace(LOWEST_HZ, self._highest_hz, POINTS)
        notch_hz = display_filter.at(rate_hz).notch_hz
        # a notch is narrower than a step of the axis: its bottom is among the points
        self.freqs_hz = freqs_hz if notch_hz is None else np.union1d(freqs_hz, [notch_hz])
        self.gain_db = response_db(display_filter, rate_hz, self.freqs_hz)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(
            self.tr("Response of the display filters, {}").format(tr(display_filter.in_words(rate_hz)))
        )

    def sizeHint(self) -> QSize:
        return QSize(520, 260)

    def paintEvent(self, _event: object) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.base))
        centre = Qt.AlignmentFlag.AlignCenter
        for value_db in TICKS_DB:
            y = self._y(value_db)
            style = Qt.PenStyle.DashLine if value_db == -6 else Qt.PenStyle.SolidLine
            painter.setPen(QPen(QColor(theme.dim if value_db == -6 else theme.edge), 1, style))
            painter.drawLine(QPointF(LEFT_PX, y), QPointF(self.width() - EDGE_PX, y))
            painter.setPen(QColor(theme.dim))
            painter.drawText(QRectF(0, y - 8, LEFT_PX - 4, 16), Qt.AlignmentFlag.AlignRight, f"{value_db}")
        for value_hz in (hz for hz in TICKS_HZ if hz <= self._highest_hz):
            x = self._x(value_hz)
            painter.setPen(QColor(theme.edge))
            painter.drawLine(QPointF(x, EDGE_PX), QPointF(x, self.height() - BOTTOM_PX))
            painter.setPen(QColor(theme.dim))
            painter.drawText(QRectF(x - 30, self.height() - BOTTOM_PX + 2, 60, 14), centre, f"{value_hz:g}")
        painter.drawText(QRectF(0, self.height() - 17, self.width(), 15), centre, self.tr("Hz, gain in dB"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent), 2))
        values = np.maximum(self.gain_db, FLOOR_DB)
        points = zip(self.freqs_hz.tolist(), values.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(self._x(hz), self._y(db)) for hz, db in points]))
        painter.end()

    def _x(self, freq_hz: float) -> float:
        share = np.log(freq_hz / LOWEST_HZ) / np.log(self._highest_hz / LOWEST_HZ)
        return LEFT_PX + float(share) * (self.width() - LEFT_PX - EDGE_PX)

    def _y(self, gain_db: float) -> float:
        return EDGE_PX + (3 - gain_db) / (3 - FLOOR_DB) * (self.height() - BOTTOM_PX - EDGE_PX)


class FilterResponseDialog(QDialog):
    """Shows the curve and says what it is of."""

    def __init__(
        self, display_filter: DisplayFilter, rate_hz: float, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Display filters"))
        self.curve = ResponseCurve(display_filter, rate_hz, theme)
        words = [
            tr(display_filter.in_words(rate_hz)) + ".",
            self.tr(
                "Butterworth, second order, run forwards and backwards: no phase shift, −6 dB at the cutoffs."
            ),
            *(f"{text}." for text in display_filter.skipped(rate_hz)),
            self.tr("For display only: the model's input is filtered by the bundle."),
        ]
        text = QLabel("\n".join(words))
        text.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.curve, 1)
        column.addWidget(text)
        column.addWidget(buttons)
        self.resize(560, 400)
