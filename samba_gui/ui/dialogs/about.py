"""About: what the program is and is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig


class AboutDialog(QDialog):
    """Shows version, licence and the bundle in use."""

    def __init__(self, bundle: BundleConfig | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About samba-gui"))
        lines = [
            f"samba-gui {__version__}",
            self.tr(RESEARCH_USE_ONLY) + ".",
            self.tr(
                "Reads EEG with the SAMBA foundation model: traces, reconstruction quality, class "
                "probabilities and the learned electrode weights on a head. Nothing leaves this computer "
                "unless you ask for it."
            ),
            self.tr("BSD 3-Clause licence."),
        ]
        if bundle is not None:
            lines.append(
                f"Model bundle: {bundle.name} {bundle.version}, {bundle.licence}, hash {bundle.key[:8]}. "
                f"Trained on: {bundle.training_data}"
            )
        text = QLabel("\n\n".join(lines))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumWidth(420)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(buttons)
