"""The command and the Python lines that compute what is on screen, or what is trained."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from samba_gui.session.script import Script


class ScriptDialog(QDialog):
    """Shows both texts of each script, each with a button that copies it.

    Parameters
    ----------
    scripts : sequence of (title, Script)
        More than one stand on tabs.
    parent : QWidget, optional
    """

    def __init__(self, scripts: Sequence[tuple[str, Script]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Copy as command"))
        self.copy_buttons: list[QPushButton] = []
        column = QVBoxLayout(self)
        tabs = QTabWidget()
        for title, script in scripts:
            tabs.addTab(self._page(script), title)
        tabs.setTabBarAutoHide(True)
        column.addWidget(tabs)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(760, 560)

    def _page(self, script: Script) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        note = self.tr("Both come to the numbers of the window again, bit for bit on the same device.")
        if script.files:
            note += " " + self.tr(
                "What no option says (electrode positions without a name, annotations made here) is in "
                "files, which have been written for you; keep a copy of them."
            )
        words = QLabel(note)
        words.setWordWrap(True)
        column.addWidget(words)
        self.copy_buttons += [
            self._add_text(column, self.tr("Command"), script.command, 4),
            self._add_text(column, self.tr("Python"), script.python, 16),
        ]
        return page

    def _add_text(self, column: QVBoxLayout, title: str, text: str, lines: int) -> QPushButton:
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
        column.addLayout(row)
        column.addWidget(box, lines)
        return button
