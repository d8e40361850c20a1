"""The bench's table: one row per measure, one column per montage."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from samba_gui.scene.comparison import Comparison
from samba_gui.ui.language import tr


class BenchTable(QTableWidget):
    """Shows a comparison; nothing in it can be edited."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Quality and classes under each montage"))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))

    def show_comparison(self, comparison: Comparison) -> None:
        """Fill it anew."""
        lines, names = comparison.lines(), comparison.names()
        self.setColumnCount(1 + len(names))
        self.setHorizontalHeaderLabels(["", *names])
        self.setRowCount(len(lines))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row, line in enumerate(lines):
            measure, unit = tr(line.measure), tr(line.unit)
            title = f"{measure} ({unit})" if unit else measure
            for column, text in enumerate([title, *line.in_words()]):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(right)
                self.setItem(row, column, item)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    def rows(self) -> dict[str, list[str]]:
        """What is shown, by the name of the measure."""
        texts = [
            [item.text() if (item := self.item(row, column)) else "" for column in range(self.columnCount())]
            for row in range(self.rowCount())
        ]
        return {name.split(" (")[0]: cells for name, *cells in texts}
