"""How far an export is, in the status line: name, bar, cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from samba_gui.ui.exports.queue import ExportState


class ExportStrip(QWidget):
    """Shows an :class:`ExportState`; hidden where nothing is under way.

    Signals
    -------
    cancel_clicked()
    """

    cancel_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        self.bar = QProgressBar()
        self.bar.setFixedSize(90, 14)
        self.bar.setTextVisible(False)
        self.cancel = QToolButton()
        self.cancel.setText(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Cancel export"))
        self.cancel.clicked.connect(self.cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        for widget in (self.label, self.bar, self.cancel):
            row.addWidget(widget)
        self.hide()

    def set_state(self, state: ExportState) -> None:
        """Show it."""
        self.setVisible(bool(state.name))
        text = self.tr("Writing {name}").format(name=state.name)
        if state.waiting:
            text += self.tr(", {n} waiting").format(n=state.waiting)
        self.label.setText(text)
        # the last step, compressing and writing, takes as long as several frames
        drawn = state.total > 0 and state.done < state.total
        self.bar.setRange(0, state.total if drawn else 0)
        self.bar.setValue(state.done)
        self.bar.setAccessibleName(f"{text} {state.done} / {state.total}")
