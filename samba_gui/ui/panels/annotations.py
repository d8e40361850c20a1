"""The list of annotations: a row goes there, a cell can be changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.recording import Annotation
from samba_gui.ui.language import tr
from samba_gui.ui.palette import name_colour
from samba_gui.ui.theme import LIGHT, Theme
from samba_gui.ui.time_axis import on_clock

COLUMNS = ("Onset (s)", "Duration (s)", "Description")
Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


@dataclass(frozen=True)
class AnnotationsState:
    """What the list shows.

    Parameters
    ----------
    annotations : tuple of Annotation
        In the order of onsets.
    places : mapping of description to int
        Of its colour.
    selected : Annotation or None
    clock_start_s : float or None
        Time of day of the first sample, for the tips.
    open : bool
        Whether a recording is open.
    theme : Theme
    """

    annotations: tuple[Annotation, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    selected: Annotation | None = None
    clock_start_s: float | None = None
    open: bool = False
    theme: Theme = LIGHT


class AnnotationsModel(QAbstractTableModel):
    """Annotations as a table, read straight from the tuple: ten thousand cost nothing.

    Signals
    -------
    edited(object, object)
        An annotation, and what the user made of it.
    """

    edited = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.state = AnnotationsState()

    def show_state(self, state: AnnotationsState) -> None:
        """Take over other annotations."""
        self.beginResetModel()
        self.state = state
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.state.annotations)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        note = self.state.annotations[index.row()]
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return (f"{note.onset_s:.3f}", f"{note.duration_s:.3f}", note.description)[column]
        if role == Qt.ItemDataRole.ToolTipRole and self.state.clock_start_s is not None:
            return f"{on_clock(note.onset_s, self.state.clock_start_s, 1)}\n{note.description}"
        if role == Qt.ItemDataRole.DecorationRole and column == 2:
            return name_colour(self.state.places[note.description], self.state.theme)
        if role == Qt.ItemDataRole.TextAlignmentRole and column < 2:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        before = self.state.annotations[index.row()]
        text = str(value).strip()
        if text == self.data(index):
            return False
        if index.column() == 2:
            self.edited.emit(before, replace(before, description=text))
        elif (seconds := _seconds(text)) is not None:
            moved, stretched = replace(before, onset_s=seconds), replace(before, duration_s=seconds)
            self.edited.emit(before, (moved, stretched)[index.column()])
        return False  # the session changes it, or not

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable


class AnnotationsPanel(QWidget):
    """The list and what can be done with it.

    Signals
    -------
    picked(object)
        An annotation to go to.
    edited(object, object)
        An annotation before and after.
    add_clicked(), delete_clicked(), load_clicked(), save_clicked()
    """

    picked = Signal(object)
    edited = Signal(object, object)
    add_clicked = Signal()
    delete_clicked = Signal()
    load_clicked = Signal()
    save_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._model = AnnotationsModel()
        self._model.edited.connect(self.edited)
        self._count = QLabel()
        self._table = QTableView()
        self._table.setModel(self._model)
        self._table.setAccessibleName(self.tr("Annotations"))
        self._table.setShowGrid(False)
        self._table.setTabKeyNavigation(False)  # Tab goes on to the next control
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(22)
        self._table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._table.horizontalHeader().setStretchLastSection(True)
        self._table.selectionModel().selectionChanged.connect(self._on_selected)
        self._table.setToolTip(self.tr("Click to go there, double-click to change"))
        buttons = QHBoxLayout()
        self._buttons = {}
        tips = (
            self.tr("Mark the moment at the cursor, or the span that is being measured (A)"),
            self.tr("Delete the selected annotation (Del)"),
            self.tr("Add annotations from CSV or BIDS events.tsv"),
            self.tr("Write all annotations as CSV or BIDS events.tsv"),
        )
        for name, text, tip, signal in (
            ("add", self.tr("Add"), tips[0], self.add_clicked),
            ("delete", self.tr("Delete"), tips[1], self.delete_clicked),
            ("load", self.tr("Load…"), tips[2], self.load_clicked),
            ("save", self.tr("Save…"), tips[3], self.save_clicked),
        ):
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(signal)
            buttons.addWidget(button)
            self._buttons[name] = button
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(buttons)
        column.addWidget(self._table, 1)
        column.addWidget(self._count)
        self.set_state(AnnotationsState())

    @property
    def state(self) -> AnnotationsState:
        """What is shown."""
        return self._model.state

    def set_state(self, state: AnnotationsState) -> None:
        """Show it; the rows are filled anew only where annotations changed."""
        before = self._model.state
        if state.annotations is not before.annotations or state.clock_start_s != before.clock_start_s:
            self._model.show_state(state)
            self._select()
        elif state.selected != before.selected:
            self._model.state = state
            self._select()
        self._model.state = state
        n = len(state.annotations)
        count = self.tr("1 annotation.") if n == 1 else self.tr("{} annotations.").format(n)
        self._count.setText(f"{count} {self.tr('The recording itself is never changed.')}")
        self._buttons["add"].setEnabled(state.open)
        self._buttons["load"].setEnabled(state.open)
        self._buttons["delete"].setEnabled(state.selected is not None)
        self._buttons["save"].setEnabled(bool(n))

    def _select(self) -> None:
        state, chosen = self._model.state, self._table.selectionModel()
        with QSignalBlocker(chosen):
            if state.selected is None or state.selected not in state.annotations:
                self._table.clearSelection()
            else:
                index = self._model.index(state.annotations.index(state.selected), 0)
                how = QItemSelectionModel.SelectionFlag
                chosen.setCurrentIndex(index, how.ClearAndSelect | how.Rows)
                self._table.scrollTo(index)
        self._table.viewport().update()

    def _on_selected(self) -> None:
        rows = self._table.selectionModel().selectedRows()
        if rows:
            note = self._model.state.annotations[rows[0].row()]
            if note != self._model.state.selected:
                self.picked.emit(note)


def _seconds(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
