"""File: opening and saving."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtWidgets import QFileDialog

from samba_gui.core.places import example_recording_path
from samba_gui.core.words import Text
from samba_gui.io.provenance import READERS
from samba_gui.io.whole_files import write_whole
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.language import tr
from samba_gui.ui.opening import SESSION_ENDING
from samba_gui.ui.saving import save_in_background

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class FileVerbs:
    """Verbs of the File menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._window = window

    def open(self) -> None:
        """Ask for a recording and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open recording"), self._folder())
        if path:
            self._context.session.open(path)

    def open_example(self) -> None:
        """Open the simulated recording."""
        self._context.session.open(str(example_recording_path()))

    def reopen_last(self) -> None:
        """Open the recording that was open before this one."""
        document = self._context.session.document
        now = document.info.path if document else ""
        others = [path for path in self._context.recent.paths() if path != now]
        if others:
            self._context.session.open(others[0])
        else:
            self._context.errors.post(Notice(Level.INFO, Text("No other recording is remembered.")))

    def open_session(self) -> None:
        """Ask for a saved session and open it."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, tr("Open session"), self._folder(), tr("Sessions") + f" (*{SESSION_ENDING} *.json)"
        )
        if path:
            self._window.opening.open_session(path)

    def save_session(self) -> None:
        """Ask where to, and write the session."""
        document = self._context.session.document
        if document is not None:
            name = f"{Path(document.info.path).stem}{SESSION_ENDING}"
            path = self._ask_save(tr("Save session"), name, tr("Sessions") + f" (*{SESSION_ENDING})")
            if path:
                self._window.wiring.keep()
                self._window.opening.save_session(path)

    def open_figure(self) -> None:
        """Ask for something that was exported and put back what it was made from."""
        kinds = " ".join(f"*{ending}" for ending in READERS)
        filters = tr("Exported by samba-gui ({kinds})").format(kinds=kinds)
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Open from figure"), self._folder(), filters)
        if path:
            self._window.reopening.open(path)

    def save_results(self) -> None:
        """Copy the finished results file."""
        job = self._context.session.analysis.job
        if job is None:
            return
        name = f"{Path(job.info.path).stem}.samba.h5"
        path = self._ask_save(tr("Save results"), name, tr("Results") + " (*.samba.h5)")
        if path:
            save_in_background(
                self._context, path, lambda: write_whole(path, partial(_copy, job.results_path))
            )

    def quit(self) -> None:
        """Close the window; the program ends with its last one."""
        self._window.close()

    def _ask_save(self, title: str, name: str, kinds: str) -> str:
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(Path.home() / name), kinds)
        return path

    def _folder(self) -> str:
        recent = self._context.recent.paths()
        return str(Path(recent[0]).parent) if recent else ""


def _copy(source: str, target: BinaryIO) -> None:
    with open(source, "rb") as file:
        shutil.copyfileobj(file, target)
