"""Analysis settings: mask pairs, seed, device."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from samba_gui.session.analysis import AnalysisOptions
from samba_gui.ui.language import tr

DEVICES = (("auto", "Automatic (GPU if there is one)"), ("cpu", "CPU"), ("cuda", "GPU (CUDA)"))


class AnalysisOptionsDialog(QDialog):
    """Asks for :class:`AnalysisOptions`."""

    def __init__(self, options: AnalysisOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Analysis settings"))
        form = QFormLayout(self)
        self._pairs = QSpinBox()
        self._pairs.setRange(1, 16)
        self._pairs.setValue(options.pairs)
        self._pairs.setToolTip(self.tr("Every sample is predicted once per pair; more pairs take longer"))
        self._seed = QSpinBox()
        self._seed.setRange(0, 2**31 - 1)
        self._seed.setValue(options.seed)
        self._device = QComboBox()
        for key, text in DEVICES:
            self._device.addItem(tr(text), key)
        self._device.setCurrentIndex(self._device.findData(options.device))
        form.addRow(self.tr("Mask &pairs"), self._pairs)
        form.addRow(self.tr("&Seed of the masks"), self._seed)
        form.addRow(self.tr("&Device"), self._device)
        note = QLabel(self.tr("The same recording, model, montage, pairs and seed give the same numbers."))
        note.setWordWrap(True)
        form.addRow(note)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def options(self) -> AnalysisOptions:
        """What was chosen."""
        return AnalysisOptions(self._seed.value(), self._pairs.value(), self._device.currentData())
