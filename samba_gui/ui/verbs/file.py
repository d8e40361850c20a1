"""File: opening, saving, exporting."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from samba_gui.core.places import example_recording_path
from samba_gui.io.pictures import write_png
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.pictures import provenance_of, rgb_of

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class FileVerbs:
    """Verbs of the File menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._window = window

    def open(self) -> None:
        """Ask for a recording and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open recording", self._folder())
        if path:
            self._context.session.open(path)

    def open_example(self) -> None:
        """Open the simulated recording."""
        self._context.session.open(str(example_recording_path()))

    def save_results(self) -> None:
        """Copy the finished results file."""
        job = self._context.session.analysis.job
        if job is None:
            return
        path = self._ask_save("Save results", f"{Path(job.info.path).stem}.samba.h5", "Results (*.samba.h5)")
        if path:
            self._export(path, lambda: shutil.copyfile(job.results_path, path))

    def export_gif(self) -> None:
        """Write the SAIE weights over epochs as an animation."""
        path = self._ask_save("Export GIF of SAIE weights", "saie-weights.gif", "GIF (*.gif)")
        if path:
            self.write_gif(path, "2d" if self._window.wiring.head_view.flat else "3d")

    def write_gif(self, path: str, view: str) -> None:
        """Write the GIF in a process of its own: another thread must not share the screen's OpenGL."""
        from samba_gui.ui.gif_process import write_gif

        session = self._context.session
        if session.bundle is not None:
            directory = str(session.bundle.directory)
            match = session.document.match if session.document else None
            montage = match.montage if match else session.bundle.config.target
            self._export(path, lambda: write_gif(path, directory, montage, view))

    def export_head(self) -> None:
        """Write the head as it is shown."""
        path = self._ask_save("Export head picture", "saie-head.png", "PNG (*.png)")
        if path:
            self.write_picture(path, self._window.head.grab().toImage())

    def export_window(self) -> None:
        """Write the whole window."""
        path = self._ask_save("Export window picture", "samba-gui.png", "PNG (*.png)")
        if path:
            self.write_picture(path, self._window.grab().toImage())

    def write_picture(self, path: str, image: QImage) -> None:
        """Write a picture with its provenance."""
        provenance = provenance_of(self._context.session)
        self._export(path, lambda: write_png(path, rgb_of(image), provenance))

    def quit(self) -> None:
        """Close the window; the program ends with its last one."""
        self._window.close()

    def _export(self, path: str, work: Callable[[], object]) -> None:
        name = Path(path).name
        self._window.set_exporting(f"Writing {name} …")

        def done(_: object) -> None:
            self._window.set_exporting("")
            self._context.errors.post(Notice(Level.INFO, f"Saved {name}", f"in {Path(path).parent}"))

        def failed(notice: Notice) -> None:
            self._window.set_exporting("")
            self._context.errors.post(notice)

        self._context.exports.run(f"Writing {name}", work, done, failed)

    def _ask_save(self, title: str, name: str, kinds: str) -> str:
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(Path.home() / name), kinds)
        return path

    def _folder(self) -> str:
        recent = self._context.recent.paths()
        return str(Path(recent[0]).parent) if recent else ""
