"""File ▸ Export: asks how, and hands the verb of the command line to the queue."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from samba_gui.core.montage import Montage
from samba_gui.io.bids import entities_of
from samba_gui.io.montage_csv import own_csv
from samba_gui.io.montages import shipped_montages
from samba_gui.io.pictures import write_png
from samba_gui.scene.head_field import Quantity
from samba_gui.scene.opengl import opengl_works
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.export import ExportDialog
from samba_gui.ui.exports.kinds import KINDS, Arguments, Source
from samba_gui.ui.exports.queue import Export
from samba_gui.ui.language import tr
from samba_gui.ui.pictures import provenance_of, rgb_of
from samba_gui.ui.saving import save_in_background

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow

_MONTAGE_FILE = "montage.csv"


class ExportVerbs:
    """Verbs of the submenu File ▸ Export."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window
        self._folder = Path.home()

    def weights_film(self) -> None:
        """The SAIE weights over epochs."""
        self._ask("weights_film")

    def turning_film(self) -> None:
        """The SAIE weights on a turning head."""
        self._ask("turning_film")

    def quality_film(self) -> None:
        """Reconstruction quality over time."""
        self._ask("quality_film")

    def figure(self) -> None:
        """The SAIE weights for print."""
        self._ask("figure")

    def weights_table(self) -> None:
        """The SAIE weights as a table."""
        self._ask("weights_table")

    def quality_table(self) -> None:
        """Reconstruction quality as a table."""
        self._ask("quality_table")

    def probabilities_table(self) -> None:
        """Class probabilities as a table."""
        self._ask("probabilities_table")

    def map_figure(self) -> None:
        """The map of the windows for print."""
        self._ask("map_figure")

    def map_table(self) -> None:
        """The map of the windows as a table."""
        self._ask("map_table")

    def report(self) -> None:
        """One page on this recording."""
        self._ask("report")

    def folder_report(self) -> None:
        """One page on a folder of results."""
        self._ask("folder_report")

    def bids(self) -> None:
        """A BIDS derivatives dataset."""
        self._ask("bids")

    def annotations(self) -> None:
        """The annotations as they are now."""
        self._window.annotation_verbs.save()

    def head(self) -> None:
        """The head as it is shown."""
        path = self._ask_png(tr("Save picture of the head"), "saie-head.png")
        if path:
            self.write_picture(path, self._window.head.grab().toImage())

    def window(self) -> None:
        """The whole window."""
        path = self._ask_png(tr("Save picture of the window"), "samba-gui.png")
        if path:
            self.write_picture(path, self._window.grab().toImage())

    def write_picture(self, path: str, image: QImage) -> None:
        """Write a picture with its provenance."""
        provenance = provenance_of(self._session, self._window.wiring.head_view)
        save_in_background(self._context, path, lambda: write_png(path, rgb_of(image), provenance))

    def dialog(self, name: str) -> ExportDialog | None:
        """The dialog of an export of what is open; None where there is nothing to export."""
        kind, bundle = KINDS[name], self._session.bundle
        if bundle is None:
            return None
        return ExportDialog(
            kind,
            self._source(kind.source, _MONTAGE_FILE),
            str(bundle.directory),
            bundle.history.epochs,
            self._folder,
            self._as_shown(),
            self._window,
        )

    def start(self, name: str, dialog: ExportDialog) -> None:
        """Export as the dialog says."""
        kind, scratch, montage_file = KINDS[name], None, _MONTAGE_FILE
        if kind.source is Source.WEIGHTS and self._is_own(montage := self._montage()):
            scratch = TemporaryDirectory(prefix="samba-gui-")
            montage_file = str(Path(scratch.name) / _MONTAGE_FILE)
            Path(montage_file).write_text(own_csv(montage), encoding="utf-8")
        arguments = dialog.command(self._source(kind.source, montage_file))
        if name == "bids" and (entities := self._entities()):
            arguments += ("--entities", entities)
        self._folder = dialog.out.parent
        self._window.exports.add(Export(arguments, dialog.out, scratch))

    def _ask(self, name: str) -> None:
        dialog = self.dialog(name)
        if dialog is not None:
            if dialog.exec():
                self.start(name, dialog)
            dialog.deleteLater()

    def _as_shown(self) -> dict[str, int]:
        """Options as the head is shown now; pictures for others are light."""
        view = self._window.wiring.head_view
        is_round = not view.flat and opengl_works()
        return {
            "view": int(is_round),
            "quantity": int(view.quantity == Quantity.PAPER),
            "names": int(view.names),
        }

    def _source(self, source: Source, montage_file: str) -> Arguments:
        job = self._session.analysis.job
        if source is Source.RESULTS and job is not None:
            return (job.results_path,)
        if source is Source.WEIGHTS:
            montage = self._montage()
            return ("--montage", montage_file if self._is_own(montage) else montage.name)
        return ()

    def _montage(self) -> Montage:
        """The channels that the model reads, or what the bundle maps to."""
        document, bundle = self._session.document, self._session.bundle
        assert bundle is not None
        shown = document.model_montage if document else None
        return shown or bundle.config.target

    def _is_own(self, montage: Montage) -> bool:
        """Whether no name stands for these positions."""
        return all(montage != shipped for shipped in shipped_montages())

    def _entities(self) -> str:
        document = self._session.document
        return (entities_of(Path(document.info.path).name) or "") if document else ""

    def _ask_png(self, title: str, name: str) -> str:
        path, _ = QFileDialog.getSaveFileName(
            self._window, title, str(self._folder / name), tr("Pictures (*.png)")
        )
        return path
