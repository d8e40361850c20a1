"""How long a millimetre is on this screen, measured with a bank card or a ruler."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from samba_gui.ui.screens import CARD_MM, PLAUSIBLE_PX_PER_MM, ScreenScale
from samba_gui.ui.theme import Theme

CARD_HEIGHT_SHARE = 53.98 / CARD_MM
SHORTEST_PX, LONGEST_PX = 120, 1100
MARGIN_PX = 16
FORGET = 2
"""What the dialog returns when the calibration is to be forgotten."""


class CardOutline(QWidget):
    """A bar with end marks, over the upper part of a bank card's outline.

    Parameters
    ----------
    length_px : int
    theme : Theme
    """

    def __init__(self, length_px: int, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.length_px = length_px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Bar to measure"))

    def set_length(self, length_px: int) -> None:
        """Another length."""
        self.length_px = length_px
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.length_px + 2 * MARGIN_PX, 150)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.base))
        left, top = (self.width() - self.length_px) // 2, 14
        right = left + self.length_px
        painter.setPen(QPen(QColor(self._theme.text), 1))
        for x in (left, right):
            painter.drawLine(x, top - 8, x, top + 8)
        painter.fillRect(left, top - 1, self.length_px, 3, QColor(self._theme.accent))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.dim), 1, Qt.PenStyle.DashLine))
        card = QRectF(left, top + 12, self.length_px, self.length_px * CARD_HEIGHT_SHARE)
        painter.drawRoundedRect(card, self.length_px * 0.037, self.length_px * 0.037)
        painter.setPen(QColor(self._theme.dim))
        painter.drawText(QPointF(left + 18, top + 44), self.tr("bank card"))
        painter.end()


class CalibrateScreenDialog(QDialog):
    """Fits a bar to a bank card, or takes what a ruler says of the bar.

    Parameters
    ----------
    scale : ScreenScale
        Of the screen until now.
    theme : Theme
    parent : QWidget, optional
    """

    def __init__(self, scale: ScreenScale, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Calibrate screen"))
        self._card = CardOutline(round(CARD_MM * scale.px_per_mm), theme)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(SHORTEST_PX, LONGEST_PX)
        self._slider.setValue(self._card.length_px)
        self._slider.setAccessibleName(self.tr("Length of the bar in pixels"))
        self._slider.valueChanged.connect(self._on_length_changed)
        self._length = QDoubleSpinBox()
        self._length.setRange(10.0, 700.0)
        self._length.setDecimals(1)
        self._length.setValue(CARD_MM)
        self._length.setSuffix(" mm")
        self._length.setAccessibleName(self.tr("Length of the bar in millimetres"))
        self._length.valueChanged.connect(self._tell)
        self._words = QLabel()
        self._words.setStyleSheet(f"color: {theme.dim};")
        text = QLabel(
            self.tr(
                "Hold a bank card against the screen and make the bar as long as the card, "
                "or measure the bar with a ruler and enter its length. µV/mm and mm/s are then true "
                "on this screen."
            )
        )
        text.setWordWrap(True)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        if scale.calibrated:
            forget = self._buttons.addButton(
                self.tr("Forget calibration"), QDialogButtonBox.ButtonRole.ResetRole
            )
            forget.clicked.connect(lambda: self.done(FORGET))
        form = QFormLayout()
        form.addRow(self.tr("Make the bar &longer or shorter"), self._slider)
        form.addRow(self.tr("The bar &measures"), self._length)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(self._card)
        column.addLayout(form)
        column.addWidget(self._words)
        column.addWidget(self._buttons)
        self.resize(max(560, self.sizeHint().width()), self.sizeHint().height())
        self._tell()

    @property
    def px_per_mm(self) -> float:
        """What the bar and its length say."""
        return self._card.length_px / self._length.value()

    def _on_length_changed(self, length_px: int) -> None:
        self._card.set_length(length_px)
        self._tell()

    def _tell(self) -> None:
        low, high = PLAUSIBLE_PX_PER_MM
        believable = low <= self.px_per_mm <= high
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(believable)
        words = self.tr("{:.2f} pixels per mm ({:.0f} dpi)").format(self.px_per_mm, self.px_per_mm * 25.4)
        self._words.setText(
            words if believable else self.tr("{}: no screen is like that, measure again").format(words)
        )
