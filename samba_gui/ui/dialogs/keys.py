"""All keys in one list, made from the tables of actions, and what the mouse does."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from samba_gui.ui.actions import ACTIONS, CHOICES
from samba_gui.ui.actions.key_sets import keys_of
from samba_gui.ui.language import path_of, tr

MOUSE = (
    ("Click", "Traces", "Put the cursor there; select the channel"),
    ("Shift+click", "Traces", "Leave the cursor's place as a second point: Δ time and Δ value between them"),
    ("Ctrl+drag", "Traces", "Mark a span with an annotation"),
    ("Drag", "Band above traces", "Mark a span; over an annotation: move it, at its end: stretch it"),
    ("Double-click", "Band above traces", "Rename an annotation"),
    ("Wheel", "Traces", "Scroll a tenth of a page"),
    ("Ctrl+wheel", "Traces", "Longer or shorter page"),
    ("Shift+wheel", "Traces", "Scroll through the channels"),
    ("Click on a name", "Traces", "Mark the channel bad, or good again"),
    ("Click, drag", "Timeline", "Go there; drag the frame to turn pages"),
    ("Drag, wheel", "Head", "Turn it, come nearer"),
    ("Click", "Head", "Select the channel"),
    ("Shift+click", "Head", "See what the model says without the electrode, or put it back"),
    ("Ctrl+click", "Head", "Show the weights of the target electrode there; Esc shows the mean again"),
    ("L R T F B Q", "Head", "Look from left, right, top, front, back, and three-quarter"),
    ("S N C U P", "Head", "Surface, names, cortex, untrained network, the paper's look"),
)


def key_rows(key_set: str = "usual") -> list[tuple[str, str, str]]:
    """Keys, where they belong, and what they do."""
    rows = [(keys, row.menu, row.tip) for row in ACTIONS if (keys := keys_of(row, key_set))]
    rows += [
        ((f"{choice.keys[0]} … {choice.keys[-1]}",), choice.menu, choice.tip)
        for choice in CHOICES
        if choice.keys
    ]
    return [(", ".join(map(_native, keys)), path_of(menu), tr(tip)) for keys, menu, tip in rows]


def _native(key: str) -> str:
    return key if "…" in key else QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class KeysDialog(QDialog):
    """Shows the keys."""

    def __init__(self, key_set: str = "usual", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys and mouse"))
        rows = [*key_rows(key_set), *(tuple(map(tr, row)) for row in MOUSE)]
        table = QTableWidget(len(rows), 3)
        table.setHorizontalHeaderLabels([self.tr("Key"), self.tr("Where"), self.tr("What it does")])
        table.setAccessibleName(self.tr("Keys and mouse"))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                table.setItem(i, j, item)
        for column_index in (0, 1):
            table.resizeColumnToContents(column_index)
        table.verticalHeader().setDefaultSectionSize(22)
        table.horizontalHeader().setStretchLastSection(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(table)
        column.addWidget(buttons)
        self.resize(820, 640)
