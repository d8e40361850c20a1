"""Help: sample data, keys, the log, about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog

from samba_gui.core.words import Text
from samba_gui.io.sample_data import fetch_sample
from samba_gui.session.notices import Level, Notice
from samba_gui.session.script import Script, script_of
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.about import AboutDialog
from samba_gui.ui.dialogs.command_palette import CommandPalette
from samba_gui.ui.dialogs.keys import KeysDialog
from samba_gui.ui.dialogs.sample_data import SampleDataDialog
from samba_gui.ui.dialogs.script import ScriptDialog
from samba_gui.ui.dialogs.training_run import TrainingDialog
from samba_gui.ui.language import tr

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class HelpVerbs:
    """Verbs of the Help menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._window = window

    def sample_data(self) -> None:
        """Ask, then fetch a recording from PhysioNet and open it."""
        dialog = SampleDataDialog(self._window)
        if dialog.exec():
            self.fetch(*dialog.choice)
        dialog.deleteLater()

    def fetch(self, subject: int, run: int) -> None:
        """Fetch one run in the background and open it."""
        folder = self._context.places.samples_dir

        def fetched(path: Path) -> None:
            self._window.set_exporting("")
            self._context.session.open(str(path))

        def failed(notice: Notice) -> None:
            self._window.set_exporting("")
            self._context.errors.post(notice)

        self._window.set_exporting(tr("Fetching from physionet.org …"))
        self._context.exports.run(
            Text("Fetching sample data"), lambda: fetch_sample(subject, run, folder), fetched, failed
        )

    def copy_as_command(self) -> None:
        """Show the command and the Python lines that compute what is on screen."""
        scripts = self.scripts()
        if scripts:
            self._show(ScriptDialog(scripts, self._window))

    def scripts(self) -> list[tuple[str, Script]]:
        """What can be said as a command: the analysis, and what the open dialogs would train."""
        analysis = self.script()
        found = [(tr("Analysis"), analysis)] if analysis is not None else []
        for dialog in self._window.findChildren(TrainingDialog):
            if (script := dialog.script()) is not None:
                script.write_files()
                found.append((dialog.windowTitle(), script))
        return found

    def script(self) -> Script | None:
        """The analysis on screen as text; a recipe that no option says is written beside its results."""
        document, job = self._context.session.document, self._context.session.analysis.job
        if document is None or job is None:
            return None
        script = script_of(document, job, self._context.session.selection.cursor_s)
        script.write_files()
        return script

    def commands(self) -> None:
        """Find an action by typing, and do it."""
        dialog = CommandPalette(self._window.menus.entries(), self._window)
        chosen = dialog.chosen if dialog.exec() else None
        dialog.deleteLater()
        if chosen is not None:
            chosen.trigger()

    def keys(self) -> None:
        """All keys in one list."""
        self._show(KeysDialog(self._context.settings.get("keys"), self._window))

    def show_log(self) -> None:
        """Open the log file, or say that there is none."""
        log_file = self._context.places.log_file
        if not log_file.exists():
            self._context.errors.posted.emit(Notice(Level.INFO, Text("Nothing has been logged yet.")))
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file))):
            self._context.errors.posted.emit(Notice(Level.INFO, Text("The log is {file}", file=log_file)))

    def about(self) -> None:
        """What the program is and is not."""
        bundle = self._context.session.bundle
        self._show(AboutDialog(bundle.config if bundle else None, self._window))

    def _show(self, dialog: QDialog) -> None:
        dialog.exec()
        dialog.deleteLater()
