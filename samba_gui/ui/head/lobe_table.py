"""Weight, or effective inputs, per lobe and side, small, beside the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from samba_gui.core.electrode_regions import LOBES, SIDES
from samba_gui.core.saie import effective_inputs, relative_to_uniform
from samba_gui.scene.colours import colours_of
from samba_gui.scene.head_field import Quantity
from samba_gui.scene.lobes import LobeMean, LobeSum, lobe_means, lobe_sums
from samba_gui.scene.saie_field import target_row, weights_of
from samba_gui.ui.head.state import HeadState


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

    def show_state(
        self, state: HeadState, where: tuple[tuple[str, str], ...], null: np.ndarray | None
    ) -> None:
        """Show what a state's map shows, region by region.

        Parameters
        ----------
        state : HeadState
        where : tuple of (lobe, side)
            One for each electrode on the head.
        null : ndarray (networks, n), optional
            The same under untrained networks.
        """
        if state.config is None or state.history is None or state.montage is None:
            return
        weights, quantity = (
            weights_of(state.config, state.parameters, state.montage),
            state.view.saie_quantity,
        )
        if quantity == Quantity.EFFECTIVE:
            limits = 0.0, float(np.log2(len(state.montage)))
            self._show_means(lobe_means(effective_inputs(weights), where, null), limits)
            return
        limits = (-1.0, 1.0)
        if quantity == Quantity.TARGET:
            weights, limits = weights[[target_row(state.config, state.target)]], (-3.0, 3.0)
        self._show_sums(lobe_sums(relative_to_uniform(weights), where, null), limits)

    def _show_sums(self, sums: tuple[LobeSum, ...], limits: tuple[float, float]) -> None:
        """Show shares of weight; ``limits`` are the map's, in log2."""
        self._show(
            {
                (entry.lobe, entry.side): _Cell(
                    f"{100 * entry.share:.1f} %",
                    self._words_of_sum(entry),
                    _colour(entry.share / entry.uniform, limits, "diverging"),
                    entry.outside,
                )
                for entry in sums
            }
        )

    def _show_means(self, means: tuple[LobeMean, ...], limits: tuple[float, float]) -> None:
        """Show mean effective numbers of inputs; ``limits`` are the map's, in log2."""
        self._show(
            {
                (entry.lobe, entry.side): _Cell(
                    f"{entry.mean:.1f}",
                    self._words_of_mean(entry),
                    _colour(entry.mean, limits, "sequential"),
                    entry.outside,
                )
                for entry in means
            }
        )

    def _show(self, cells: dict[tuple[str, str], _Cell]) -> None:
        for place, label in self._cells.items():
            cell = cells.get(place)
            font = QFont(label.font())
            font.setBold(cell is not None and cell.outside)
            label.setFont(font)
            label.setText(cell.text if cell else "–")
            label.setStyleSheet(cell.style if cell else "")
            label.setToolTip(cell.tip if cell else self.tr("no electrode here"))

    def _words_of_sum(self, entry: LobeSum) -> str:
        words = self.tr(
            "{share:.1f} % of the weight; {n} electrodes would have {uniform:.1f} % if uniform"
        ).format(share=100 * entry.share, n=entry.electrodes, uniform=100 * entry.uniform)
        if np.isfinite(entry.low):
            words += self.tr("; 95 % of untrained networks: {low:.1f} to {high:.1f} %").format(
                low=100 * entry.low, high=100 * entry.high
            )
        return words

    def _words_of_mean(self, entry: LobeMean) -> str:
        words = self.tr("{mean:.2f} effective inputs, mean of {n} target electrodes").format(
            mean=entry.mean, n=entry.electrodes
        )
        if np.isfinite(entry.low):
            words += self.tr("; 95 % of untrained networks: {low:.2f} to {high:.2f}").format(
                low=entry.low, high=entry.high
            )
        return words


@dataclass(frozen=True)
class _Cell:
    text: str
    tip: str
    rgb: tuple[int, int, int]
    outside: bool

    @property
    def style(self) -> str:
        """The map's colour, with letters that stand off it, framed outside the null band."""
        red, green, blue = self.rgb
        ink = "#14161a" if 0.3 * red + 0.59 * green + 0.11 * blue > 128 else "#ffffff"
        # two lines: the outer one vanishes on a window of its own lightness
        edge = f"border: 3px double {ink};" if self.outside else "border: 3px solid transparent;"
        return f"background: rgb({red}, {green}, {blue}); color: {ink}; border-radius: 3px; {edge}"


def _colour(factor: float, limits: tuple[float, float], colour_map: str) -> tuple[int, int, int]:
    """The map's colour of a factor's log2."""
    red, green, blue = colours_of(np.log2(np.maximum(factor, 1e-12)), limits, colour_map)
    return int(red), int(green), int(blue)
