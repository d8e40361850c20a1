"""Share of weight per lobe and side, small, beside the head."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from samba_gui.core.electrode_regions import LOBES, SIDES
from samba_gui.scene.colours import colours_of
from samba_gui.scene.lobes import LobeSum


class LobeTable(QWidget):
    """Five lobes by three sides; cells are coloured like the map, framed outside the null band."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        grid.setColumnStretch(0, 2)
        self._cells: dict[tuple[str, str], QLabel] = {}
        sides = {"left": self.tr("left"), "middle": self.tr("middle"), "right": self.tr("right")}
        lobes = {
            "frontal": self.tr("Frontal"),
            "central": self.tr("Central"),
            "temporal": self.tr("Temporal"),
            "parietal": self.tr("Parietal"),
            "occipital": self.tr("Occipital"),
        }
        for column, side in enumerate(SIDES, start=1):
            grid.setColumnStretch(column, 3)
            grid.addWidget(QLabel(sides[side], alignment=Qt.AlignmentFlag.AlignCenter), 0, column)
        for row, lobe in enumerate(LOBES, start=1):
            grid.addWidget(QLabel(lobes[lobe]), row, 0)
            for column, side in enumerate(SIDES, start=1):
                cell = QLabel("–", alignment=Qt.AlignmentFlag.AlignCenter)
                cell.setAccessibleName(f"{lobes[lobe]} {sides[side]}")
                grid.addWidget(cell, row, column)
                self._cells[lobe, side] = cell

    def set_sums(self, sums: tuple[LobeSum, ...]) -> None:
        """Show other sums; regions that are not among them have no electrode."""
        found = {(entry.lobe, entry.side): entry for entry in sums}
        for place, cell in self._cells.items():
            entry = found.get(place)
            if entry is None:
                cell.setText("–")
                cell.setStyleSheet("")
                cell.setToolTip(self.tr("no electrode here"))
                continue
            font = QFont(cell.font())
            font.setBold(entry.outside)
            cell.setFont(font)
            cell.setText(f"{100 * entry.share:.1f} %")
            cell.setStyleSheet(_style(entry))
            cell.setToolTip(self._words(entry))

    def _words(self, entry: LobeSum) -> str:
        words = self.tr(
            "{share:.1f} % of the weight; {n} electrodes would have {uniform:.1f} % if uniform"
        ).format(share=100 * entry.share, n=entry.electrodes, uniform=100 * entry.uniform)
        if np.isfinite(entry.low):
            words += self.tr("; 95 % of untrained networks: {low:.1f} to {high:.1f} %").format(
                low=100 * entry.low, high=100 * entry.high
            )
        return words


def _style(entry: LobeSum) -> str:
    """The map's colour for the share relative to uniform, with letters that stand off it."""
    relative = np.log2(max(entry.share, 1e-12) / entry.uniform)
    red, green, blue = (int(level) for level in colours_of(np.array(relative), (-1.0, 1.0), "diverging"))
    ink = "#14161a" if 0.3 * red + 0.59 * green + 0.11 * blue > 128 else "#ffffff"
    edge = f"border: 2px solid {ink};" if entry.outside else "border: 2px solid transparent;"
    return f"background: rgb({red}, {green}, {blue}); color: {ink}; border-radius: 3px; {edge}"
