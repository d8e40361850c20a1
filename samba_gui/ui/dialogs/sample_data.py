"""Which recording to fetch; agreeing to it is agreeing to use the network."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from samba_gui.io.sample_data import RUNS, SOURCE, SUBJECTS
from samba_gui.ui.language import tr


class SampleDataDialog(QDialog):
    """Asks for a subject and a run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Sample data from PhysioNet"))
        self._subject = QSpinBox()
        self._subject.setRange(SUBJECTS.start, SUBJECTS.stop - 1)
        self._run = QComboBox()
        for run in RUNS:
            self._run.addItem(f"{tr(run.title)} ({run.duration_s:g} s, {run.megabytes:g} MB)", run.run)
        note = QLabel(
            self.tr(
                "One file is downloaded from physionet.org: {}. Nothing is sent but the request for it."
            ).format(SOURCE)
        )
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.tr("&Download and open"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(self.tr("&Subject"), self._subject)
        form.addRow(self.tr("&Run"), self._run)
        form.addRow(note)
        form.addRow(buttons)

    @property
    def choice(self) -> tuple[int, int]:
        """Subject and run."""
        return self._subject.value(), self._run.currentData()
