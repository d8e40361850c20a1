"""What the coordinate doctor sees on the bench, each finding with what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from samba_gui.io.coordinate_findings import Finding
from samba_gui.scene.comparison_picture import LETTERS
from samba_gui.ui.language import tr


class FindingLines(QLabel):
    """A line for each montage that looks wrong; hidden where none does.

    Signals
    -------
    remedy_wanted(int)
        Place of the montage that is to be mended.
    """

    remedy_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self.linkActivated.connect(lambda place: self.remedy_wanted.emit(int(place)))
        self.hide()

    def show_findings(self, findings: Mapping[int, Finding]) -> None:
        """Say them, by the place of the montage."""
        lines = []
        for place, finding in findings.items():
            line = f"<b>{LETTERS[place]}</b>: {escape(tr(finding.what))} {escape(tr(finding.suggestion))}"
            if finding.fixed is not None:
                line += f' <a href="{place}">{escape(tr(finding.remedy))}</a>'
            lines.append(line)
        self.setText("<br>".join(lines))
        self.setVisible(bool(lines))
