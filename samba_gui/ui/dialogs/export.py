"""The one dialog of all exports: where to, as what, how, and the command that does the same."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from samba_gui.ui.exports.kinds import (
    OPTIONS,
    Arguments,
    ExportKind,
    Source,
    command_of,
    epochs_option,
)
from samba_gui.ui.exports.queue import can_write_mp4, is_there
from samba_gui.ui.language import tr


class ExportDialog(QDialog):
    """Asks how to export.

    Parameters
    ----------
    kind : ExportKind
    source : tuple of str
        As :func:`samba_gui.ui.exports.kinds.command_of` takes it; asked for where it is a folder.
    bundle : str
        Its folder.
    epochs : tuple of int
        Of its history.
    folder : Path
        Where the file is proposed to go.
    chosen : mapping of str to int
        Option to the index of its value, where that is not the first.
    parent : QWidget, optional
    """

    def __init__(
        self,
        kind: ExportKind,
        source: Arguments,
        bundle: str,
        epochs: tuple[int, ...],
        folder: Path,
        chosen: Mapping[str, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._source, self._bundle = kind, source, bundle
        self.setWindowTitle(tr(kind.title))
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        words = QLabel(tr(kind.words))
        words.setWordWrap(True)
        form.addRow(words)
        self.from_folder = QLineEdit()
        if kind.source is Source.FOLDER:
            self._add_path(form, self.tr("&Results in"), self.from_folder, self._choose_source)
        self.format = QComboBox()
        for ending in kind.endings:
            self.format.addItem(ending.removeprefix(".").upper(), ending)
        if len(kind.endings) > 1:
            self._add(form, self.tr("&Format"), self.format)
        if ".mp4" in kind.endings and not can_write_mp4():
            self.format.removeItem(self.format.findData(".mp4"))
            self.format.setToolTip(self.tr("MP4 needs the package imageio-ffmpeg: samba-gui[video]"))
        self._options: dict[str, QComboBox] = {}
        for key in kind.options:
            option = epochs_option(epochs) if key == "epochs" else OPTIONS[key]
            box = QComboBox()
            for text, arguments in option.values:
                box.addItem(tr(text), arguments)
            box.setCurrentIndex(chosen.get(key, 0))
            self._add(form, tr(option.label), box)
            self._options[key] = box
        self.path = QLineEdit(str(folder / (kind.stem + (self.format.currentData() or ""))))
        title = self.tr("&Save as") if kind.endings else self.tr("&Folder")
        self._add_path(form, title, self.path, self._choose_path)
        self.note = QLabel()
        self.note.setWordWrap(True)
        form.addRow("", self.note)
        self.command_text = QPlainTextEdit()
        self.command_text.setReadOnly(True)
        self.command_text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.command_text.setFixedHeight(4 * self.command_text.fontMetrics().lineSpacing())
        self.command_text.setTabChangesFocus(True)
        self._add(form, self.tr("Same as"), self.command_text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = buttons.addButton(self.tr("&Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.setMinimumWidth(620)
        self.format.currentIndexChanged.connect(self._on_format)
        for line in (self.path, self.from_folder):
            line.textChanged.connect(self._on_changed)
        for box in self._options.values():
            box.currentIndexChanged.connect(self._on_changed)
        self._on_changed()

    @property
    def out(self) -> Path:
        """What is to be written, with the ending of its format."""
        path = Path(self.path.text().strip()).expanduser()
        ending = self.format.currentData()
        return path if not ending or path.suffix.lower() == ending else path.with_name(path.name + ending)

    def command(self, source: Arguments | None = None) -> tuple[str, ...]:
        """Arguments of ``samba-gui``; with another source than the one that is shown."""
        chosen = [argument for box in self._options.values() for argument in box.currentData()]
        if self._kind.source is Source.FOLDER:
            source = (self.from_folder.text().strip(),)
        source = self._source if source is None else source
        return command_of(self._kind, source, self._bundle, tuple(chosen), str(self.out))

    def choose(self, option: str, text: str) -> None:
        """Choose a value of an option by its text."""
        box = self._options[option]
        box.setCurrentIndex(box.findText(text))

    def _add(self, form: QFormLayout, title: str, widget: QWidget) -> None:
        widget.setAccessibleName(title.replace("&", ""))
        label = QLabel(title)
        label.setBuddy(widget)
        form.addRow(label, widget)

    def _add_path(self, form: QFormLayout, title: str, line: QLineEdit, choose: object) -> None:
        button = QPushButton(self.tr("Browse…"))
        button.clicked.connect(choose)
        line.setAccessibleName(title.replace("&", ""))
        button.setAccessibleName(self.tr("{what}: browse").format(what=title.replace("&", "")))
        row = QHBoxLayout()
        row.addWidget(line, 1)
        row.addWidget(button)
        label = QLabel(title)
        label.setBuddy(line)
        form.addRow(label, row)

    def _on_format(self) -> None:
        path = Path(self.path.text())
        if path.suffix.lower() in self._kind.endings:
            self.path.setText(str(path.with_suffix(self.format.currentData())))
        self._on_changed()

    def _on_changed(self) -> None:
        typed = self.format.findData(Path(self.path.text().strip()).suffix.lower())
        if typed >= 0:
            self.format.setCurrentIndex(typed)
        if "view" in self._options and "camera" in self._options:  # from above there is only one
            self._options["camera"].setEnabled(bool(self._options["view"].currentData()))
        self.command_text.setPlainText(shlex.join(("samba-gui", *self.command())))
        note, possible = "", True
        if not self.path.text().strip():
            note, possible = self.tr("Give the file a name."), False
        elif not self.out.parent.is_dir():
            note, possible = self.tr("There is no folder {name}.").format(name=self.out.parent), False
        elif (
            self._kind.source is Source.FOLDER and not Path(self.from_folder.text().strip() or "\0").is_dir()
        ):
            note, possible = self.tr("Choose the folder that holds the results."), False
        elif is_there(self.out):
            note = self.tr("{name} is there already and will be replaced.").format(name=self.out.name)
            if not self._kind.endings:
                note = self.tr("{name} is there already; files of the same names are replaced.").format(
                    name=self.out.name
                )
        self.note.setText(note)
        self.accept_button.setEnabled(possible)

    def _choose_path(self) -> None:
        if not self._kind.endings:
            path = QFileDialog.getExistingDirectory(self, self.windowTitle(), str(self.out.parent))
        else:
            kinds = " ".join(f"*{ending}" for ending in self._kind.endings)
            path, _ = QFileDialog.getSaveFileName(
                self,
                self.windowTitle(),
                str(self.out),
                kinds,
                options=QFileDialog.Option.DontConfirmOverwrite,
            )
        if path:
            self.path.setText(path)

    def _choose_source(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Folder of results"), self.from_folder.text())
        if folder:
            self.from_folder.setText(folder)
