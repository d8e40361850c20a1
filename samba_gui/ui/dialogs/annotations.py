"""What an annotation is called, which keys call it so, and what leaves with a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.recording import Annotation

SHOWN = 12


class DescriptionDialog(QDialog):
    """Asks what an annotation is called.

    Parameters
    ----------
    title : str
    text : str
        What stands there at first.
    known : sequence of str
        Offered.
    """

    def __init__(self, title: str, text: str, known: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._text = QComboBox()
        self._text.setEditable(True)
        self._text.setMinimumWidth(280)
        self._text.addItems(list(dict.fromkeys(known)))
        self._text.setCurrentText(text)
        if (line := self._text.lineEdit()) is not None:
            line.selectAll()
        buttons = _ok_and_cancel(self)
        self._text.editTextChanged.connect(
            lambda words: buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(words.strip()))
        )
        buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text.strip()))
        form = QFormLayout(self)
        form.addRow(self.tr("&Description"), self._text)
        form.addRow(buttons)

    @property
    def description(self) -> str:
        """What was chosen or typed."""
        return self._text.currentText().strip()


class AnnotationKeysDialog(QDialog):
    """Asks for the descriptions behind the keys 1 to 9."""

    def __init__(self, descriptions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Annotation keys"))
        form = QFormLayout(self)
        self._texts = []
        for number, text in enumerate(descriptions, 1):
            edit = QLineEdit(text)
            edit.setMinimumWidth(220)
            form.addRow(self.tr("Key &{}").format(number), edit)
            self._texts.append(edit)
        form.addRow(_ok_and_cancel(self))

    @property
    def descriptions(self) -> tuple[str, ...]:
        """One per key; a key whose text was emptied does nothing."""
        return tuple(edit.text().strip() for edit in self._texts)


class ExportAnnotationsDialog(QDialog):
    """Shows the descriptions that would be written, and asks whether they may be."""

    def __init__(self, annotations: Sequence[Annotation], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save annotations"))
        counts = Counter(note.description for note in annotations)
        shown = [f"{text or self.tr('(empty)')}  × {n}" for text, n in counts.most_common(SHOWN)]
        if len(counts) > SHOWN:
            shown.append(self.tr("… and {} more").format(len(counts) - SHOWN))
        ask = QLabel(
            self.tr("Descriptions are free text and can hold names or other things that identify a person:")
        )
        ask.setWordWrap(True)
        words = QLabel("\n".join(shown))
        words.setIndent(16)
        self._as_they_are = QRadioButton(self.tr("Write them as they &are"))
        self._numbered = QRadioButton(self.tr("&Replace them by numbers (annotation 1, annotation 2 …)"))
        self._as_they_are.setChecked(True)
        column = QVBoxLayout(self)
        for widget in (ask, words, self._as_they_are, self._numbered, _ok_and_cancel(self)):
            column.addWidget(widget)
        self.setMinimumWidth(420)

    @property
    def numbered(self) -> bool:
        """Whether numbers are to stand in for descriptions."""
        return self._numbered.isChecked()


def _ok_and_cancel(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
