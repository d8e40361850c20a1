"""Help: sample data, keys, the log, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.about import AboutDialog
from samba_gui.ui.dialogs.keys import KeysDialog

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class HelpVerbs:
    """Verbs of the Help menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._window = window

    def sample_data(self) -> None:
        """Ask, then fetch a recording from PhysioNet and open it."""
        answer = QMessageBox.question(
            self._window,
            "Sample data from PhysioNet",
            "This downloads one recording (about 1 MB) of the EEG Motor Movement/Imagery Dataset from "
            "physionet.org (licence ODC-By 1.0). Nothing is sent but the request. Download it?",
        )
        if answer == QMessageBox.StandardButton.Yes:
            from samba_gui.io.sample_data import fetch_sample

            self._context.exports.run(
                "Fetching sample data",
                fetch_sample,
                lambda path: self._context.session.open(str(path)),
                self._context.errors.post,
            )

    def keys(self) -> None:
        """All keys in one list."""
        self._show(KeysDialog(self._window))

    def show_log(self) -> None:
        """Open the log file, or say that there is none."""
        log_file = self._context.places.log_file
        if not log_file.exists():
            self._context.errors.posted.emit(Notice(Level.INFO, "Nothing has been logged yet."))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file))):
            self._context.errors.posted.emit(Notice(Level.INFO, f"The log is {log_file}"))

    def about(self) -> None:
        """What the program is and is not."""
        bundle = self._context.session.bundle
        self._show(AboutDialog(bundle.config if bundle else None, self._window))

    def _show(self, dialog: AboutDialog | KeysDialog) -> None:
        dialog.exec()
        dialog.deleteLater()
