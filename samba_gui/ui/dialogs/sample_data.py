"""Which recording to fetch; agreeing to it is agreeing to use the network."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from samba_gui.io.sample_data import RUNS, SOURCE, SUBJECTS


class SampleDataDialog(QDialog):
    """Asks for a subject and a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sample data from PhysioNet")
        self._subject = QSpinBox()
        self._subject.setRange(SUBJECTS.start, SUBJECTS.stop - 1)
        self._run = QComboBox()
        for run in RUNS:
            self._run.addItem(f"{run.title} ({run.duration_s:g} s, {run.megabytes:g} MB)", run.run)
        note = QLabel(
            f"One file is downloaded from physionet.org: {SOURCE}. Nothing is sent but the request for it."
        )
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton("&Download and open", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow("&Subject", self._subject)
        form.addRow("&Run", self._run)
        form.addRow(note)
        form.addRow(buttons)

    @property
    def choice(self) -> tuple[int, int]:
        """Subject and run."""
        return self._subject.value(), self._run.currentData()
