"""The command and the Python lines that compute what is on screen."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from samba_gui.session.script import Script


class ScriptDialog(QDialog):
    """Shows both texts, each with a button that copies it."""

    def __init__(self, script: Script, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Copy as command"))
        column = QVBoxLayout(self)
        note = self.tr("Both compute the numbers that are on screen again, bit for bit on the same device.")
        if script.recipe_file is not None:
            note += " " + self.tr(
                "No name stands for these electrode positions: they are in the file behind --recipe, which "
                "has been written for you; keep a copy of it."
            )
        words = QLabel(note)
        words.setWordWrap(True)
        column.addWidget(words)
        self.copy_buttons = [
            self._add_text(self.tr("Command"), script.command, 3),
            self._add_text(self.tr("Python"), script.python, 16),
        ]
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(760, 520)

    def _add_text(self, title: str, text: str, lines: int) -> QPushButton:
        box = QPlainTextEdit(text)
        box.setReadOnly(True)
        box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        box.setMinimumHeight(box.fontMetrics().lineSpacing() * (lines + 1))
        box.setAccessibleName(title)
        button = QPushButton(self.tr("Copy: {}").format(title))
        button.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        row = QHBoxLayout()
        row.addWidget(QLabel(title))
        row.addStretch(1)
        row.addWidget(button)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.addLayout(row)
        column.addWidget(box, lines)
        return button
