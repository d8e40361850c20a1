"""Where results would be: why there are none yet, and a button that gets them."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme


class AnalysisOffer(QFrame):
    """Stands over the timelines, in the middle of what is not analysed; hidden without words.

    Signals
    -------
    accepted()
    """

    accepted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("analysisOffer")
        self._area = QRect()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        button = QPushButton(tr("Analyse"))
        button.clicked.connect(self.accepted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(button)
        self.hide()

    @property
    def words(self) -> str:
        """What is said; empty while nothing is offered."""
        return self._words.text()

    def show_words(self, words: str, theme: Theme) -> None:
        """Say it, or hide without words."""
        self._words.setText(words)
        self.setStyleSheet(
            f"QFrame#analysisOffer {{ background: {theme.window}; border: 1px solid {theme.edge};"
            f" border-radius: 4px; }} QFrame#analysisOffer QLabel {{ color: {theme.text}; }}"
        )
        self.setVisible(bool(words))
        self.place(self._area)

    def place(self, area: QRect) -> None:
        """Keep to the middle of an area of the plot."""
        self._area = area
        self.adjustSize()
        size = self.size().boundedTo(area.size().expandedTo(self.minimumSizeHint()))
        frame = QRect(0, 0, size.width(), size.height())
        frame.moveCenter(area.center())
        self.setGeometry(frame)
