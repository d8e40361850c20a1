"""The bench's switches and buttons, in one row."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget


class BenchTools(QWidget):
    """What is done with the montages; the bench connects the parts.

    Attributes
    ----------
    drop : QLineEdit
    relative, flat : QCheckBox
    analyse, cancel, save : QPushButton
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drop = QLineEdit(placeholderText="Fp1, Fp2")
        self.drop.setToolTip(
            self.tr("One more montage: A without these electrodes; the others share their weight")
        )
        label = QLabel(self.tr("A &without"))
        label.setBuddy(self.drop)
        self.relative = QCheckBox(self.tr("&Relative to A"))
        self.relative.setToolTip(self.tr("Colour B, C and D by the ratio of their map to A's"))
        self.flat = QCheckBox(self.tr("&2-D"))
        self.flat.setToolTip(self.tr("Heads from above"))
        self.analyse = QPushButton(self.tr("&Analyse with each"))
        self.analyse.setToolTip(
            self.tr("Reconstruction quality and classes of the same windows under each montage")
        )
        self.cancel = QPushButton(self.tr("&Cancel"))
        self.save = QPushButton(self.tr("&Save…"))
        self.save.setToolTip(self.tr("Table and picture; File ▸ Open from figure opens the picture again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (label, self.drop, self.relative, self.flat, self.analyse, self.cancel, self.save):
            row.addWidget(widget, 1 if widget is self.drop else 0)

    def enable(self, *, laid_out: bool, analysed: bool, working: bool) -> None:
        """Enable what can be done now."""
        self.analyse.setEnabled(laid_out and not working)
        self.cancel.setEnabled(working)
        self.save.setEnabled(analysed and not working)

    def no_3d(self) -> None:
        """Say that heads can only be seen from above."""
        self.flat.setChecked(True)
        self.flat.setEnabled(False)
        self.flat.setText(self.tr("2-D (no OpenGL)"))
        self.flat.setToolTip(self.tr("This computer cannot draw in 3-D: OpenGL is missing."))
