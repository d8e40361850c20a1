"""Analysis: what the model does with the recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from samba_gui.core.montage import Montage
from samba_gui.core.places import default_bundle_dir
from samba_gui.io.coordinate_doctor import Finding, Severity, examine
from samba_gui.io.montage_files import load_montage
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.analysis_options import AnalysisOptionsDialog

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

MONTAGE_FILES = "Montages (*.csv *.tsv *.elc *.sfp *.loc *.locs *.ced *.bvef *.xlsx *.txt);;All files (*)"


class AnalysisVerbs:
    """Verbs of the Analysis menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window

    def run(self) -> None:
        """Analyse anew."""
        self._session.run_again()

    def cancel(self) -> None:
        """End the running analysis."""
        self._session.analysis.cancel()

    def load_montage(self) -> None:
        """Ask for a montage file and use it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Load montage file", "", MONTAGE_FILES)
        if path:
            self.use_montage_file(path)

    def use_montage_file(self, path: str) -> None:
        """Read and examine a montage off the window's thread, use it as it is, and say what looks wrong."""
        name = Path(path).name

        def read() -> tuple[Montage, list[Finding]]:
            montage = load_montage(path)
            return montage, examine(montage)

        def use(read: tuple[Montage, list[Finding]]) -> None:
            montage, findings = read
            self._session.use_montage(montage)
            for finding in findings:
                if finding.severity == Severity.WARNING:
                    notice = Notice(Level.WARNING, f"{name}: {finding.what}", finding.suggestion)
                    self._context.errors.post(notice)

        self._context.exports.run(f"Reading {name}", read, use, self._context.errors.post)

    def compare_montages(self) -> None:
        """Open the montage bench on the recording and the bundle that are open."""
        from samba_gui.ui.montage_bench import MontageBench

        MontageBench(self._context, self._window).show()

    def load_bundle(self) -> None:
        """Ask for a bundle folder and use it."""
        folder = QFileDialog.getExistingDirectory(self._window, "Open model bundle (a folder)")
        if folder:
            self._session.load_bundle(Path(folder))

    def default_bundle(self) -> None:
        """Use the bundle that ships."""
        self._session.load_bundle(default_bundle_dir())

    def options(self) -> None:
        """Ask for mask pairs, seed and device."""
        dialog = AnalysisOptionsDialog(self._session.options, self._window)
        if dialog.exec():
            options = dialog.options
            self._context.settings.set("analysis/pairs", options.pairs)
            self._context.settings.set("analysis/seed", options.seed)
            self._context.settings.set("analysis/device", options.device)
            self._session.set_options(options)
        dialog.deleteLater()
