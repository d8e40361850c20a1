"""A widget that shows a head drawn elsewhere and finds the electrode under the mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from samba_gui.core.words import Text
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.look import Look
from samba_gui.ui.language import tr

_CLICK_PX = 4


class HeadPicture(Protocol):
    """What can be shown: the head from above (Topography) or in 3-D (HeadScene)."""

    def draw(self, shown: HeadField, size: tuple[int, int], look: Look) -> np.ndarray:
        """A picture, uint8 (height, width, 3)."""

    def pick(self, x: float, y: float) -> str | None:
        """The channel at a pixel of the last picture."""


class PaintedHead(QWidget):
    """Shows one field of one montage; it draws when Qt paints, so that many changes make one picture.

    Signals
    -------
    picked(str)
        An electrode was clicked.
    left_out(str)
        An electrode was clicked with Shift held.
    target_picked(str)
        An electrode was clicked with Ctrl held.
    key_pressed(str)
        One of the widget's own letters.
    """

    picked = Signal(str)
    left_out = Signal(str)
    target_picked = Signal(str)
    key_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head: HeadPicture | None = None
        self._field: HeadField | None = None
        self._look = Look()
        self._image: QImage | None = None
        self._pixels: np.ndarray | None = None  # the image's memory: it must live as long as the image
        self._stale = True
        self._pressed_at = QPointF()
        self._tips: dict[str, str] = {}
        self._keys: frozenset[str] = frozenset()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 140)

    def set_keys(self, letters: frozenset[str]) -> None:
        """Letters that go to the head while it has the focus, even if a menu knows them too."""
        self._keys = letters

    def set_head(self, head: HeadPicture | None) -> None:
        """Show another montage; the field must be set again."""
        self._head, self._field = head, None
        self.redraw()

    def set_field(self, shown: HeadField, look: Look, tips: dict[str, str]) -> None:
        """Show other values, or the same in another way; ``tips`` are said when the mouse rests."""
        self._field, self._look, self._tips = _translated(shown), look, tips
        self.redraw()

    def sizeHint(self) -> QSize:
        """A dock's width."""
        return QSize(420, 360)

    def redraw(self) -> None:
        """The picture is out of date; the next paint makes a new one."""
        self._stale = True
        self.update()

    @property
    def is_current(self) -> bool:
        """Whether the picture, if there is one on screen, shows what was last asked for."""
        return not self._stale or not self.is_on_screen

    @property
    def is_on_screen(self) -> bool:
        """Whether any of it can be seen, so that Qt will ask for a picture."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def electrode_at(self, point: QPointF) -> str | None:
        """The electrode at a point of the widget."""
        scale = self.devicePixelRatioF()
        if self._head is None or self._image is None:
            return None
        return self._head.pick(point.x() * scale, point.y() * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw anew if needed, then copy."""
        if self._stale:
            self._stale = False
            self._draw()
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        if self._image is not None:
            painter.drawImage(QRectF(self.rect()), self._image)
        painter.end()

    def _draw(self) -> None:
        self._image = self._pixels = None
        if self._head is None or self._field is None:
            return
        scale = self.devicePixelRatioF()
        size = (max(round(self.width() * scale), 16), max(round(self.height() * scale), 16))
        self._pixels = np.ascontiguousarray(self._picture(self._field, size, self._look.at_scale(scale)))
        self._image = QImage(self._pixels.data, *size, 3 * size[0], QImage.Format.Format_RGB888)

    def _picture(self, shown: HeadField, size: tuple[int, int], look: Look) -> np.ndarray:
        assert self._head is not None
        return self._head.draw(shown, size, look)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size is another picture."""
        self.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where: a click is a press and a release in one place."""
        self._pressed_at = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks an electrode; with Shift it leaves it out, with Ctrl it becomes the target."""
        moved = event.position() - self._pressed_at
        if event.button() == Qt.MouseButton.LeftButton and moved.manhattanLength() <= _CLICK_PX:
            found = self.electrode_at(event.position())
            if found:
                if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                    self.left_out.emit(found)
                elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self.target_picked.emit(found)
                else:
                    self.picked.emit(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pointing hand over electrodes."""
        if not event.buttons():
            over = self.electrode_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Own letters are passed on."""
        if self._is_own(event):
            self.key_pressed.emit(event.text().upper())
        else:
            super().keyPressEvent(event)

    def _is_own(self, event: QEvent) -> bool:
        assert isinstance(event, QKeyEvent)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and event.text().upper() in self._keys

    def event(self, event: QEvent) -> bool:
        """Keep own letters from the menus; say what is under the mouse."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and self._is_own(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.electrode_at(QPointF(event.pos()))
            if found:
                QToolTip.showText(event.globalPos(), self._tips.get(found, found), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _translated(shown: HeadField) -> HeadField:
    """The field with what is written on its picture in the user's language."""

    def said(text: Text) -> Text:
        return Text("{words}", words=tr(text))

    return replace(
        shown,
        title=said(shown.title),
        caption=said(shown.caption),
        bar_label=said(shown.bar_label),
        range_text=said(shown.range_text),
    )
