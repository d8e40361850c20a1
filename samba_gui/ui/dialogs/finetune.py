"""Fine-tune the open bundle by masked reconstruction on the open recording and others."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from samba_gui.io.formats import recordings_in
from samba_gui.session.learn_script import masked_script
from samba_gui.session.script import Script
from samba_gui.training.learning import MaskedJob, MaskedReport, OwnRecording
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.learned import masked_html
from samba_gui.ui.dialogs.training_run import TrainingDialog
from samba_gui.ui.theme import Theme

FINETUNE = "samba_gui.training.own_masked:finetune_masked"
WIDTH_PX, HEIGHT_PX = 680, 480
MOST_EPOCHS, MOST_STEPS = 100, 500


class FinetuneDialog(TrainingDialog):
    """Asks on which recordings and how long, trains, and shows what came of it.

    Parameters
    ----------
    context : Context
        Its session must hold a bundle.
    theme : Theme
    parent : QWidget, optional
    """

    def __init__(self, context: Context, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        session = context.session
        assert session.bundle is not None
        self._theme, self._bundle, self._device = theme, session.bundle, session.options.device
        self._recordings: list[OwnRecording] = []
        self._document = session.document
        self._files_stem = str(context.places.results_dir / "adapt")
        self.setWindowTitle(self.tr("Fine-tune on recordings"))
        self._arrange()
        if session.document is not None and session.analysis.job is not None:
            self._add([OwnRecording(session.document.info.path, session.analysis.job.recipe)])
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.enable()

    def add(self, paths: list[str]) -> None:
        """Take more recordings; each is read with what fits it best."""
        known = {one.path for one in self._recordings}
        self._add([OwnRecording(path) for path in dict.fromkeys(paths) if path not in known])

    def _arrange(self) -> None:
        column = QVBoxLayout(self.chooser)
        column.setContentsMargins(0, 0, 0, 0)
        intro = QLabel(
            self.tr(
                "The model learns to fill masked spans of these recordings. The last fifth of each is kept "
                "to judge it. The epochs are added to those of the bundle, for the player and the film."
            )
        )
        intro.setWordWrap(True)
        column.addWidget(intro)
        row = QHBoxLayout()
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Recordings"))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._list.setMinimumHeight(80)
        row.addWidget(self._list, 1)
        buttons = QVBoxLayout()
        self._buttons = []
        for text, do in (
            (self.tr("&Add files…"), self._ask_files),
            (self.tr("Add f&older…"), self._ask_folder),
            (self.tr("&Remove"), self._remove),
        ):
            button = QPushButton(text)
            button.clicked.connect(do)
            buttons.addWidget(button)
            self._buttons.append(button)
        buttons.addStretch(1)
        row.addLayout(buttons)
        column.addLayout(row, 1)
        form = QFormLayout()
        self.what = QComboBox()
        self.what.addItem(self.tr("The embedding of electrodes (SAIE) alone"), "saie")
        self.what.addItem(self.tr("The whole network"), "all")
        form.addRow(self.tr("&What learns"), self.what)
        self.epochs, self.steps = QSpinBox(), QSpinBox()
        for box, most, value in ((self.epochs, MOST_EPOCHS, 5), (self.steps, MOST_STEPS, 20)):
            box.setRange(1, most)
            box.setValue(value)
        form.addRow(self.tr("&Epochs"), self.epochs)
        form.addRow(self.tr("&Batches per epoch"), self.steps)
        column.addLayout(form)
        heads = ", ".join(head.title for head in self._bundle.config.heads)
        if heads:
            note = QLabel(
                self.tr("The features change, so the new bundle has no class heads ({heads}).").format(
                    heads=heads
                )
            )
            note.setWordWrap(True)
            note.setStyleSheet(f"color: {self._theme.careful};")
            column.addWidget(note)

    # ---- recordings

    def _add(self, recordings: list[OwnRecording]) -> None:
        self._recordings += recordings
        self._list.addItems([Path(one.path).name for one in recordings])
        self.enable()

    def _remove(self) -> None:
        for row in sorted((index.row() for index in self._list.selectedIndexes()), reverse=True):
            self._list.takeItem(row)
            del self._recordings[row]
        self.enable()

    def _ask_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Add recordings"))
        self.add(paths)

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Add all recordings of a folder"))
        if folder:
            self.add([str(path) for path in recordings_in(Path(folder))])

    # ---- training

    def train(self) -> None:
        """Begin."""
        self.run.start(FINETUNE, self._job())

    def script(self) -> Script | None:
        """What is chosen as a command; None without recordings."""
        return masked_script(self._document, self._job(), self._files_stem) if self._recordings else None

    def result_html(self, report: MaskedReport) -> str:
        """The verdict and the epochs."""
        return masked_html(report, self._theme)

    def enable(self) -> None:
        """Let the user do what can be done now."""
        idle = not self.run.under_way
        self.copy_button.setEnabled(bool(self._recordings))
        self.train_button.setEnabled(idle and bool(self._recordings))
        for widget in (self._list, self.what, self.epochs, self.steps, *self._buttons):
            widget.setEnabled(idle)

    def _job(self) -> MaskedJob:
        return MaskedJob(
            tuple(self._recordings),
            str(self._bundle.directory),
            self.what.currentData(),
            self.epochs.value(),
            self.steps.value(),
            device=self._device,
        )
