"""All actions in one list, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Entry:
    """One thing that can be done: where it stands in the menus, what it is, and the menus' own action."""

    path: str
    tip: str
    action: QAction

    def rank(self, words: Sequence[str]) -> int | None:
        """How well it fits: lower is better; None if a word is nowhere in it."""
        path, tip = self.path.casefold(), self.tip.casefold()
        name = path.rpartition("▸")[2]
        if not all(word in path or word in tip for word in words):
            return None
        return sum(0 if word in name else 1 if word in path else 2 for word in words)


class CommandPalette(QDialog):
    """Type, choose with the arrows, Enter; what cannot be done now is grey.

    Parameters
    ----------
    entries : sequence of Entry
        In the menus' order.
    """

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self._entries = entries
        self.chosen: QAction | None = None
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Type what you want to do"))
        self._search.setAccessibleName(self.tr("Search commands"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._fill)
        self._search.returnPressed.connect(self._choose)
        self._search.installEventFilter(self)
        self._list = QListWidget()
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(self.tr("Commands found"))
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        self._list.currentItemChanged.connect(self._show_tip)
        self._tip = QLabel()
        self._tip.setWordWrap(True)
        column = QVBoxLayout(self)
        for widget in (self._search, self._list, self._tip):
            column.addWidget(widget)
        self.resize(620, 420)
        self._fill()

    def found(self) -> list[str]:
        """What is listed, best first."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the user types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in MOVES:
            self._list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        words = self._search.text().casefold().split()
        ranked = [(entry.rank(words), entry) for entry in self._entries]
        hits = sorted(((rank, entry) for rank, entry in ranked if rank is not None), key=lambda hit: hit[0])
        self._list.clear()
        for _, entry in hits:
            keys = entry.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(f"{entry.path}    {keys}" if keys else entry.path)
            item.setData(Qt.ItemDataRole.UserRole, entry)
            if not entry.action.isEnabled():
                item.setFlags(Qt.ItemFlag.ItemIsSelectable)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        if not hits:
            self._tip.setText(self.tr("Nothing is called so."))

    def _show_tip(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            entry = item.data(Qt.ItemDataRole.UserRole)
            self._tip.setText(
                entry.tip if entry.action.isEnabled() else self.tr("{} (not possible now)").format(entry.tip)
            )

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None and item.data(Qt.ItemDataRole.UserRole).action.isEnabled():
            self.chosen = item.data(Qt.ItemDataRole.UserRole).action
            self.accept()
