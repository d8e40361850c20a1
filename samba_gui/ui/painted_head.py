"""A widget that shows a picture drawn elsewhere and finds the electrode under the mouse."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

_CLICK_PX = 4


class PaintedHead(QWidget):
    """Base of the 3-D and the 2-D head: draws when Qt paints, so that many changes make one picture.

    Signals
    -------
    picked(str)
        An electrode was clicked.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._pixels: np.ndarray | None = None  # the image's memory: it must live as long as the image
        self._stale = True
        self._pressed_at = QPointF()
        self._tips: dict[str, str] = {}
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """A dock's width."""
        return QSize(420, 360)

    def set_tips(self, tips: dict[str, str]) -> None:
        """What is said of each electrode when the mouse rests on it."""
        self._tips = tips

    def redraw(self) -> None:
        """The picture is out of date; the next paint makes a new one."""
        self._stale = True
        self.update()

    @property
    def is_current(self) -> bool:
        """Whether the picture shows what was last asked for."""
        return not self._stale

    def draw(self, size_px: tuple[int, int], scale: float) -> np.ndarray | None:
        """The picture, uint8 (height, width, 3) in device pixels, or None if there is nothing to draw yet."""
        raise NotImplementedError

    def find(self, x_px: float, y_px: float) -> str | None:
        """The electrode at a device pixel."""
        raise NotImplementedError

    def electrode_at(self, point: QPointF) -> str | None:
        """The electrode at a point of the widget."""
        scale = self.devicePixelRatioF()
        return self.find(point.x() * scale, point.y() * scale) if self._image is not None else None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw anew if needed, then copy."""
        if self._stale:
            scale = self.devicePixelRatioF()
            drawn = self.draw(
                (max(round(self.width() * scale), 16), max(round(self.height() * scale), 16)), scale
            )
            self._stale = False
            self._pixels = None if drawn is None else np.ascontiguousarray(drawn)
            self._image = None if self._pixels is None else _image_of(self._pixels, scale)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        if self._image is not None:
            painter.drawImage(QRectF(self.rect()), self._image)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size is another picture."""
        self.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where: a click is a press and a release in one place."""
        self._pressed_at = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks an electrode."""
        moved = event.position() - self._pressed_at
        if event.button() == Qt.MouseButton.LeftButton and moved.manhattanLength() <= _CLICK_PX:
            found = self.electrode_at(event.position())
            if found:
                self.picked.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pointing hand over electrodes."""
        if not event.buttons():
            over = self.electrode_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Say what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.electrode_at(QPointF(event.pos()))
            if found:
                QToolTip.showText(event.globalPos(), self._tips.get(found, found), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _image_of(pixels: np.ndarray, scale: float) -> QImage:
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(scale)
    return image
