"""Analysis: what the model does with the recording."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from samba_gui.core.montage import Montage
from samba_gui.core.places import default_bundle_dir
from samba_gui.io.montage_csv import own_csv
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.analysis_options import AnalysisOptionsDialog
from samba_gui.ui.exports.queue import Export
from samba_gui.ui.language import tr
from samba_gui.ui.montage_doctor import MONTAGE_FILES, MontageDoctor

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class AnalysisVerbs:
    """Verbs of the Analysis menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window
        self._doctor = MontageDoctor(context)
        window.exports.written.connect(self._on_written)

    def run(self) -> None:
        """Analyse anew."""
        self._session.run_again()

    def cancel(self) -> None:
        """End the running analysis."""
        self._session.analysis.cancel()

    def load_montage(self) -> None:
        """Ask for a montage file and use it."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Load montage file"), "", tr(MONTAGE_FILES))
        if path:
            self.use_montage_file(path)

    def use_montage_file(self, path: str) -> None:
        """Use a montage as it is, and say what looks wrong."""
        self._doctor.use_file(path)

    def examine_montage(self) -> None:
        """Say what looks wrong with the montage in use."""
        self._doctor.examine_chosen()

    def compare_montages(self) -> None:
        """Open the montage bench on the recording and the bundle that are open."""
        self.open_bench()

    def open_bench(self, given: Sequence[Montage] = (), *, flat: bool = False) -> None:
        """Open it with montages as in a picture."""
        from samba_gui.ui.bench.window import MontageBench

        if self._session.document is not None and self._session.bundle is not None:
            MontageBench(self._context, self._window, given, flat).show()

    def rank_electrodes(self) -> None:
        """Ask for a folder and rank the electrodes into it."""
        title = tr("Folder for the ranking of the electrodes")
        folder = QFileDialog.getExistingDirectory(self._window, title, str(Path.home()))
        if folder:
            self.rank_electrodes_into(Path(folder))

    def rank_electrodes_into(self, folder: Path) -> None:
        """Leave out each electrode that the model reads, in the background; then show the table."""
        document, bundle = self._session.document, self._session.bundle
        if document is None or bundle is None or document.model_montage is None:
            return
        scratch = TemporaryDirectory(prefix="samba-gui-")
        shown = Path(scratch.name) / "electrodes.csv"  # without bad channels and those left out
        shown.write_text(own_csv(document.model_montage), encoding="utf-8")
        recording = document.info.path
        source = ("compare", recording, "--leave-one-out", "--montage", str(shown))
        arguments = (*source, "--bundle", str(bundle.directory), "--out", str(folder))
        out = folder / f"{Path(recording).stem}.leave-one-out.csv"
        self._window.exports.add(Export(arguments, out, scratch))

    def _on_written(self, export: Export) -> None:
        if "--leave-one-out" in export.arguments:
            from samba_gui.ui.dialogs.ranking import RankingDialog

            dialog = RankingDialog(export.out, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.show()

    def learn_head(self) -> None:
        """Open the dialog that trains a head on the annotations of the open recording."""
        from samba_gui.ui.dialogs.learn_head import LearnHeadDialog

        LearnHeadDialog(self._context, self._window.theme, self._window).show()

    def finetune(self) -> None:
        """Open the dialog that fine-tunes the bundle on one's own recordings."""
        from samba_gui.ui.dialogs.finetune import FinetuneDialog

        FinetuneDialog(self._context, self._window.theme, self._window).show()

    def leave_out(self) -> None:
        """See what the model makes of it without the selected electrode, or put it back."""
        self._session.toggle_electrode(self._session.selection.electrode)

    def put_all_back(self) -> None:
        """Give the model all electrodes again."""
        self._session.put_all_back()

    def load_bundle(self) -> None:
        """Ask for a bundle folder and use it."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open model bundle (a folder)"))
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
