"""Where the keyboard is: a frame around the control or the painted panel that it has come to."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPen, QRegion
from PySide6.QtWidgets import QWidget

WIDTH_PX = 2
BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class FocusMark(QWidget):
    """Marks what the keyboard reached; a click says itself where the focus goes.

    Fusion marks its own controls by a tint that is hardly seen, or not at all.

    Parameters
    ----------
    panels : iterable of QWidget
        Those of one window; at least one.
    """

    def __init__(self, panels: Iterable[QWidget]) -> None:
        panels = list(panels)
        super().__init__(panels[0])
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        for panel in panels:
            panel.installEventFilter(self)

    def follow(self, panel: QWidget) -> None:
        """The keyboard has come to a control that may be newer than this mark."""
        panel.installEventFilter(self)
        self._show_on(panel)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus."""
        assert isinstance(watched, QWidget)
        if isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn:
            if event.reason() in BY_KEYBOARD:
                self._show_on(watched)
        elif self.parentWidget() is watched:
            if event.type() == QEvent.Type.FocusOut:
                self.hide()
            elif event.type() == QEvent.Type.Resize:
                self._cover(watched)
        return False

    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().highlight().color(), 2 * WIDTH_PX))
        painter.drawRect(self.rect())
        painter.end()

    def _show_on(self, panel: QWidget) -> None:
        self.setParent(panel)
        self._cover(panel)
        self.show()

    def _cover(self, panel: QWidget) -> None:
        self.setGeometry(panel.rect())
        inner = self.rect().adjusted(WIDTH_PX, WIDTH_PX, -WIDTH_PX, -WIDTH_PX)
        # only the frame is this widget: what lies within is not painted again for it
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inner)))
        self.raise_()
