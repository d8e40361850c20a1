"""What leaving each electrode out changes: the table of a ranking, to be read."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

_PLACE = 2
"""Rank and electrode; then a mean and both ends of its interval for each figure."""


class RankingDialog(QDialog):
    """Electrodes in the order of what leaving each out changes, with intervals.

    Parameters
    ----------
    path : Path
        Table that ``samba-gui compare --leave-one-out`` wrote.
    parent : QWidget, optional
    """

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Electrodes by leaving each out"))
        with path.open(encoding="utf-8", newline="") as file:
            columns, *rows = csv.reader(file)
        made = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["provenance"]
        by = f"{made['ranked_by']}_change" if made["ranked_by"] != "quality" else "quality_lost"
        figures = range(_PLACE, len(columns), 3)
        self.table = QTableWidget(len(rows), _PLACE + len(figures))
        self.table.setAccessibleName(self.tr("What leaving each electrode out changes"))
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Rank"), self.tr("Electrode"), *(self._title(columns[at]) for at in figures)]
        )
        for row, cells in enumerate(rows):
            texts = cells[:_PLACE] + [_in_words(cells[at : at + 3]) for at in figures]
            for column, text in enumerate(texts):
                self.table.setItem(row, column, QTableWidgetItem(text))
        words = QLabel(
            self.tr(
                "Depends on this recording: {n} of its windows, ranked by “{figure}”. In brackets 95 % "
                "intervals, windows drawn again with return; where they overlap, the order may be chance. "
                "Quality lost: correlation of original and reconstruction at the other electrodes with it, "
                "less that without it. Change: total variation of the class probabilities, 0 to 1, never "
                "below 0. Research use only."
            ).format(n=made["windows"], figure=self._title(by)),
            wordWrap=True,
        )
        saved = QLabel(self.tr("Saved as {name}").format(name=path.name))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (words, self.table, saved, buttons):
            layout.addWidget(widget, 1 if widget is self.table else 0)
        self.resize(680, 520)

    def _title(self, name: str) -> str:
        if name == "quality_lost":
            return self.tr("Quality lost")
        return self.tr("Change of {head}").format(head=name.removesuffix("_change"))


def _in_words(cells: list[str]) -> str:
    try:
        mean, low, high = map(float, cells)
    except ValueError:
        return "–"
    return f"{mean:.4f} [{low:.4f}, {high:.4f}]"
