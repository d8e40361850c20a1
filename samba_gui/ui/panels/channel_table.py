"""The table of channels: keys that move in it, rows that are dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QTableWidget


class ChannelTable(QTableWidget):
    """Keeps the keys that move in it, which turn pages elsewhere; tells where a row is dropped.

    Signals
    -------
    row_dropped(int, int)
        A row, and the place where it is to lie.
    row_stepped(int, int)
        A row, and by how many places.
    """

    row_dropped = Signal(int, int)
    row_stepped = Signal(int, int)

    KEYS = (
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    )

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.setDragDropMode(self.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)

    def step_row(self, by: int) -> None:
        """Move the current row; hidden by a search or not, it changes places with its neighbour."""
        if self.currentRow() >= 0:
            self.row_stepped.emit(self.currentRow(), by)

    def event(self, event: QEvent) -> bool:
        """Claim a key before it becomes a shortcut."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in self.KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the row."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        by = steps.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.step_row(by)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where the row lies now; the list itself is filled by its owner."""
        at = self.indexAt(event.position().toPoint())
        row = self.currentRow()
        if row >= 0:
            below = self.dropIndicatorPosition() == self.DropIndicatorPosition.BelowItem
            to = self.rowCount() if not at.isValid() else at.row() + below
            self.row_dropped.emit(row, to - (to > row))
        event.setDropAction(Qt.DropAction.IgnoreAction)  # else the view takes its own row away
        event.accept()
