"""Which channels the model reads, and at which positions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from samba_gui.ui.language import tr
from samba_gui.ui.panels.channel_table import ChannelTable
from samba_gui.ui.theme import LIGHT, Theme

COLUMNS = ("Use", "Show", "Channel", "Electrode", "Kind", "Note")
USE, SHOW, CHANNEL = range(3)


@dataclass(frozen=True)
class ChannelLine:
    """One channel: its label in the file, its electrode in the montage (or empty), kind, and why.

    ``bad`` channels are not given to the model; those that are not ``shown`` are.
    """

    label: str
    electrode: str
    kind: str
    note: str
    bad: bool
    is_eeg: bool
    shown: bool = True


@dataclass(frozen=True)
class ChannelsState:
    """What the panel shows.

    Parameters
    ----------
    montages : tuple of str
        Names of those that fit.
    montage : int
        Index of the chosen one, −1 for none.
    coverage : str
        In words.
    channels : tuple of ChannelLine
    electrode : str
        The highlighted one.
    """

    montages: tuple[str, ...] = ()
    montage: int = -1
    coverage: str = ""
    channels: tuple[ChannelLine, ...] = ()
    electrode: str = ""


class ChannelsPanel(QWidget):
    """Montage and channels.

    Signals
    -------
    montage_chosen(int)
        Index into the state's montages.
    load_montage_clicked()
    bad_toggled(str, bool)
        A channel's label, and whether it is to be left out.
    shown_toggled(str, bool)
        A channel's label, and whether its trace is to be shown.
    moved(str, int)
        A channel's label, and its new place in the list.
    electrode_picked(str)
    """

    montage_chosen = Signal(int)
    load_montage_clicked = Signal()
    bad_toggled = Signal(str, bool)
    shown_toggled = Signal(str, bool)
    moved = Signal(str, int)
    electrode_picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._state = ChannelsState()
        self._theme = LIGHT
        self._followed = ""
        self._montages = QComboBox()
        self._montages.setAccessibleName(self.tr("Montage"))
        self._montages.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._montages.activated.connect(self.montage_chosen)
        load = QPushButton(self.tr("Load…"))
        load.setToolTip(self.tr("Load a montage file with electrode positions"))
        load.clicked.connect(self.load_montage_clicked)
        self._coverage = QLabel()
        self._coverage.setWordWrap(True)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Find a channel"))
        self._search.setAccessibleName(self.tr("Find a channel"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._hide_rows)
        self._search.returnPressed.connect(self._pick_first_found)
        self._table = ChannelTable(0, len(COLUMNS))
        self._table.setHorizontalHeaderLabels([tr(column) for column in COLUMNS])
        self._table.setAccessibleName(self.tr("Channels"))
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(22)
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)  # Tab goes on to the next control
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.horizontalHeader().setStretchLastSection(True)
        self._table.itemChanged.connect(self._on_item_changed)
        self._table.itemSelectionChanged.connect(self._on_row_selected)
        self._table.row_dropped.connect(self._on_row_dropped)
        self._table.row_stepped.connect(lambda row, by: self._on_row_dropped(row, row + by))
        moves = QHBoxLayout()
        for text, tip, by in (
            (self.tr("Move up"), self.tr("Up in list and traces (Alt+Up, or drag the row)"), -1),
            (self.tr("Move down"), self.tr("Down in list and traces (Alt+Down, or drag the row)"), 1),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(partial(lambda step, _checked=False: self._table.step_row(step), by))
            moves.addWidget(button)
        moves.addStretch(1)

        top = QHBoxLayout()
        top.addWidget(self._montages, 1)
        top.addWidget(load)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(top)
        column.addWidget(self._coverage)
        column.addWidget(self._search)
        column.addWidget(self._table, 1)
        column.addLayout(moves)

    @property
    def state(self) -> ChannelsState:
        """What is shown."""
        return self._state

    def set_state(self, state: ChannelsState) -> None:
        """Show it; only what changed is touched."""
        before, self._state = self._state, state
        if (state.montages, state.montage) != (before.montages, before.montage):
            with QSignalBlocker(self._montages):
                self._montages.clear()
                self._montages.addItems(state.montages)
                self._montages.setCurrentIndex(state.montage)
                self._montages.setEnabled(bool(state.montages))
        if state.coverage != before.coverage:
            self._coverage.setText(state.coverage)
        if state.channels != before.channels:
            self._fill_table(before.channels)
        if state.channels != before.channels or state.electrode != before.electrode:
            self._select_row()
        if self._followed:
            labels = [line.label for line in state.channels]
            if self._followed in labels:
                with QSignalBlocker(self._table):
                    self._table.setCurrentCell(labels.index(self._followed), CHANNEL)
            self._followed = ""

    def start_search(self) -> None:
        """Let the user type what to look for."""
        self._search.setFocus()
        self._search.selectAll()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in a theme."""
        self._theme = theme
        self._fill_table()
        self._select_row()

    def _fill_table(self, before: tuple[ChannelLine, ...] = ()) -> None:
        """Write the lines that are not there already.

        Widths are fitted once, at the end: a header that fits them by itself does so at every cell, half a
        minute for 256 channels.
        """
        channels = self._state.channels
        with QSignalBlocker(self._table):
            self._table.setRowCount(len(channels))
            for i, line in enumerate(channels):
                if before[i : i + 1] == (line,):
                    continue
                use = QTableWidgetItem()
                use.setToolTip(self.tr("Whether the model reads this channel; clear it for a bad channel"))
                if line.is_eeg and line.electrode:
                    use.setCheckState(Qt.CheckState.Unchecked if line.bad else Qt.CheckState.Checked)
                show = QTableWidgetItem()
                show.setToolTip(self.tr("Whether its trace is shown; the model's input is not changed by it"))
                show.setCheckState(Qt.CheckState.Checked if line.shown else Qt.CheckState.Unchecked)
                texts = (line.label, line.electrode or "—", line.kind, line.note)
                items = [use, show, *(QTableWidgetItem(text) for text in texts)]
                dim = line.bad or not (line.is_eeg and line.electrode)
                for column, item in enumerate(items):
                    item.setFlags(
                        Qt.ItemFlag.ItemIsEnabled
                        | Qt.ItemFlag.ItemIsSelectable
                        | Qt.ItemFlag.ItemIsDragEnabled
                        | Qt.ItemFlag.ItemIsDropEnabled
                    )
                    if column >= CHANNEL:
                        item.setToolTip(item.text())
                        item.setForeground(QColor(self._theme.dim if dim else self._theme.text))
                    elif column == SHOW or (line.is_eeg and line.electrode):
                        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                    self._table.setItem(i, column, item)
        self._table.resizeColumnsToContents()
        self._hide_rows()

    def _hide_rows(self) -> None:
        """Leave the rows that hold every word of the search."""
        words = self._search.text().casefold().split()
        for i, line in enumerate(self._state.channels):
            text = " ".join((line.label, line.electrode, line.kind, line.note)).casefold()
            self._table.setRowHidden(i, not all(word in text for word in words))

    def _pick_first_found(self) -> None:
        found = (line for i, line in enumerate(self._state.channels) if not self._table.isRowHidden(i))
        electrode = next((line.electrode for line in found if line.electrode), "")
        if electrode and self._search.text():
            self.electrode_picked.emit(electrode)
            self._table.setFocus()

    def _select_row(self) -> None:
        electrodes = [line.electrode for line in self._state.channels]
        with QSignalBlocker(self._table):
            self._table.clearSelection()
            if self._state.electrode in electrodes and self._state.electrode:
                row = electrodes.index(self._state.electrode)
                self._table.setCurrentCell(row, CHANNEL)
                self._table.selectRow(row)

    def _on_item_changed(self, item: QTableWidgetItem) -> None:
        line, checked = self._state.channels[item.row()], item.checkState() == Qt.CheckState.Checked
        if item.column() == USE:
            self.bad_toggled.emit(line.label, not checked)
        elif item.column() == SHOW:
            self.shown_toggled.emit(line.label, checked)

    def _on_row_dropped(self, row: int, to: int) -> None:
        """A row was moved; it stays the current one wherever it comes to lie."""
        if 0 <= to < len(self._state.channels) and to != row:
            label = self._state.channels[row].label
            self._followed = label
            self.moved.emit(label, to)

    def _on_row_selected(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        if rows:
            electrode = self._state.channels[rows[0].row()].electrode
            if electrode and electrode != self._state.electrode:
                self.electrode_picked.emit(electrode)
