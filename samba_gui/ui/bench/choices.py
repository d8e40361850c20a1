"""Which montages lie on the bench: four boxes, each with a list, room to type, and a button for a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QToolButton, QWidget

from samba_gui.engine.comparison import AUTO, CUT
from samba_gui.io.montages import SHIPPED, montage_by_id
from samba_gui.scene.comparison_picture import LETTERS
from samba_gui.ui.language import tr
from samba_gui.ui.montage_doctor import MONTAGE_FILES

NOTHING = "–"
FIRST = (AUTO, f"{CUT}emotiv_14", NOTHING, NOTHING)
_CUTS = tuple(f"{CUT}{stem}" for stem in ("emotiv_14", "10-20_19", "bnci_22"))


class MontageChoices(QWidget):
    """Four montages to choose.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._boxes = []
        for place, letter in enumerate(LETTERS):
            box = self._box(place, letter)
            label = QLabel(letter)
            label.setBuddy(box)
            button = QToolButton()
            button.setText("…")
            button.setToolTip(self.tr("Montage {} from a file").format(letter))
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _=False, box=box: self._ask(box))
            row.addWidget(label)
            row.addWidget(box, 1)
            row.addWidget(button)
            if letter != LETTERS[-1]:
                row.addSpacing(10)
            self._boxes.append(box)

    @property
    def montages(self) -> tuple[str, ...]:
        """What is chosen, in order."""
        chosen = (_meant(box) for box in self._boxes)
        return tuple(montage for montage in chosen if montage not in ("", NOTHING))

    def choose(self, montages: Sequence[str]) -> None:
        """Choose others."""
        for place, box in enumerate(self._boxes):
            _put(box, montages[place] if place < len(montages) else NOTHING)

    def put(self, montage: str, place: int | None = None) -> None:
        """Choose one, by default in the first box that is free, or else in the last."""
        if place is None:
            free = (i for i, box in enumerate(self._boxes) if _meant(box) in ("", NOTHING))
            place = next(free, len(self._boxes) - 1)
        _put(self._boxes[place], montage)

    def _box(self, place: int, letter: str) -> QComboBox:
        box = QComboBox(editable=True)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for choice in ((NOTHING,) if place > 1 else ()) + (AUTO, *_CUTS, *SHIPPED):
            box.addItem(_title(choice), choice)
            box.setItemData(box.count() - 1, _explained(choice), Qt.ItemDataRole.ToolTipRole)
        _put(box, FIRST[place])
        box.setToolTip(
            self.tr("A montage's id, name or file; cut:… keeps only those electrodes of the recording")
        )
        box.setAccessibleName(self.tr("Montage {}").format(letter))
        box.editTextChanged.connect(self.changed)
        return box

    def _ask(self, box: QComboBox) -> None:
        now = Path(box.currentText())
        folder = str(now.parent) if now.is_file() else ""
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Montage file"), folder, tr(MONTAGE_FILES))
        if path:
            box.setEditText(path)


def _meant(box: QComboBox) -> str:
    """What is chosen or typed, as :func:`samba_gui.engine.comparison.variant_of` reads it."""
    text = box.currentText().strip()
    listed = box.findText(text, Qt.MatchFlag.MatchFixedString)
    return text if listed < 0 else str(box.itemData(listed))


def _put(box: QComboBox, montage: str) -> None:
    listed = box.findData(montage)
    box.setEditText(montage if listed < 0 else box.itemText(listed))
    if (line := box.lineEdit()) is not None:
        line.setCursorPosition(0)  # a name's beginning tells more than its end


def _title(choice: str) -> str:
    if choice == NOTHING:
        return NOTHING
    if choice == AUTO:
        return tr("the recording's own")
    name = montage_by_id(choice.removeprefix(CUT)).name
    return tr("cut to {name}").format(name=name) if choice.startswith(CUT) else name


def _explained(choice: str) -> str:
    if choice == NOTHING:
        return tr("no montage")
    if choice == AUTO:
        return tr("what fits the recording best")
    montage = montage_by_id(choice.removeprefix(CUT))
    if choice.startswith(CUT):
        return tr("the recording's own electrodes, only those of {name}").format(name=montage.name)
    return tr("{name}: {n} electrodes").format(name=montage.name, n=len(montage))
