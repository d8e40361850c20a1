"""Teach the open bundle a head with the annotations of the open recording."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.errors import SambaError
from samba_gui.core.plain_text import plain_name
from samba_gui.engine.labelling import LabelledWindows, Labelling, label_windows
from samba_gui.session.learn_script import head_script
from samba_gui.session.learning import described, labelling_of
from samba_gui.session.script import Script
from samba_gui.training.learning import HeadJob, HeadReport
from samba_gui.training.tuned import Finetune
from samba_gui.ui.context import Context
from samba_gui.ui.dialogs.learned import report_html
from samba_gui.ui.dialogs.training_run import TrainingDialog
from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme

LEARN = "samba_gui.training.own_head:learn_head"
COLUMNS = ("Description", "Annotations", "Seconds", "Class")
MOST_CHECKED = 4
WIDTH_PX, HEIGHT_PX, ROW_PX = 760, 470, 25
SHOWN_ROWS = 8
LONGEST = 100


class LearnHeadDialog(TrainingDialog):
    """Asks what the head shall tell apart, says whether that is enough, trains, and shows what came of it.

    Parameters
    ----------
    context : Context
        Its session must hold an analysed recording.
    theme : Theme
    parent : QWidget, optional
    """

    def __init__(self, context: Context, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        session = context.session
        assert session.document is not None
        assert session.bundle is not None
        assert session.analysis.job is not None
        self._theme = theme
        self._document, self._bundle = session.document, session.bundle
        self._recipe, self._device = session.analysis.job.recipe, session.options.device
        self._files_stem = session.analysis.job.results_path
        self._offers = described(self._document.annotations)
        self._labelled: LabelledWindows | None = None
        self._labelling: Labelling | None = None
        self.setWindowTitle(self.tr("Train a head on annotations"))
        self._arrange()
        self._look_again()
        self.resize(WIDTH_PX, HEIGHT_PX + ROW_PX * min(len(self._offers), SHOWN_ROWS))

    # ---- for tests

    def choose(self, classes: dict[str, str]) -> None:
        """Check only these descriptions, with the names of their classes."""
        for row, offer in enumerate(self._offers):
            name = classes.get(offer.description)
            self._checks[row].setCheckState(Qt.CheckState.Checked if name else Qt.CheckState.Unchecked)
            self._names[row].setText(name or offer.name)

    @property
    def words(self) -> str:
        """What is said of the choice."""
        return f"{self._counts.text()}\n{self._doubts.text()}"

    # ---- building

    def _arrange(self) -> None:
        column = QVBoxLayout(self.chooser)
        column.setContentsMargins(0, 0, 0, 0)
        window_s = self._bundle.config.window_s
        intro = QLabel(
            self.tr(
                "Check what the head shall tell apart; rows with the same class name are one class. Windows "
                "of {s:g} s are cut from the start of each annotation; a window counts if three quarters of "
                "it lie inside."
            ).format(s=window_s)
        )
        intro.setWordWrap(True)
        column.addWidget(intro)
        self._table = self._make_table()
        column.addWidget(self._table, 1)
        form = QFormLayout()
        self._before = QDoubleSpinBox(suffix=" s", decimals=1, singleStep=0.5)
        self._before.setRange(0.0, window_s)
        self._before.setToolTip(self.tr("For annotations without duration"))
        self._before.valueChanged.connect(self._look_again)
        self._before.setEnabled(any(offer.moments for offer in self._offers))
        form.addRow(self.tr("Moments: the window begins &before them by"), self._before)
        self._name = QLineEdit()
        self._name.setMaxLength(80)
        form.addRow(self.tr("&Name of the head"), self._name)
        tuning, label = self._make_tuning(), QLabel(self.tr("Then &fine-tune"))
        label.setBuddy(self.tune)
        form.addRow(label, tuning)
        column.addLayout(form)
        self._counts, self._doubts = QLabel(wordWrap=True), QLabel(wordWrap=True)
        for label in (self._counts, self._doubts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        privacy = QLabel(
            self.tr(
                "The bundle will hold the names of head and classes and the recording's checksum, by which "
                "it is known again; no file name and no patient field."
            )
        )
        privacy.setWordWrap(True)
        privacy.setStyleSheet(f"color: {self._theme.dim};")
        column.addWidget(privacy)

    def _make_tuning(self) -> QWidget:
        """Whether the network learns as well once the head is there."""
        self.tune = QComboBox()
        self.tune.addItem(self.tr("no, the head alone learns"), "")
        self.tune.addItem(self.tr("the blocks behind the encoder"), "last")
        self.tune.addItem(self.tr("the whole network"), "all")
        self.tune.setToolTip(
            self.tr(
                "The probe comes first; the fine-tuned network is kept only if it is better on the same "
                "held-out pieces. It takes minutes, and the bundle then has no other heads."
            )
        )
        self.epochs, self.steps = QSpinBox(), QSpinBox()
        usual = Finetune()
        for box, value, suffix, name in (
            (self.epochs, usual.epochs, self.tr(" epochs"), self.tr("Epochs of fine-tuning, at most")),
            (self.steps, usual.steps, self.tr(" batches each"), self.tr("Batches of each epoch")),
        ):
            box.setAccessibleName(name)
            box.setRange(1, LONGEST)
            box.setValue(value)
            box.setSuffix(suffix)
        self.tune.currentIndexChanged.connect(self._look_again)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tune, 1)
        row.addWidget(self.epochs)
        row.addWidget(self.steps)
        return whole

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(len(self._offers), len(COLUMNS))
        table.setHorizontalHeaderLabels([self.tr(text) for text in COLUMNS])
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setAccessibleName(self.tr("Descriptions of annotations"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(round(1.7 * self.fontMetrics().height()))
        table.setMinimumHeight(100)
        self._checks: list[QTableWidgetItem] = []
        self._names: list[QTableWidgetItem] = []
        fixed = Qt.ItemFlag.ItemIsEnabled
        for row, offer in enumerate(self._offers):
            check = QTableWidgetItem(offer.name)
            check.setToolTip(plain_name(offer.description, length=300))
            check.setFlags(fixed | Qt.ItemFlag.ItemIsUserCheckable)
            some = row < MOST_CHECKED and len(self._offers) <= MOST_CHECKED
            check.setCheckState(Qt.CheckState.Checked if some else Qt.CheckState.Unchecked)
            self._checks.append(check)
            self._names.append(QTableWidgetItem(offer.name))
            cells = (check, QTableWidgetItem(str(offer.count)), QTableWidgetItem(f"{offer.seconds:.1f}"))
            for column, item in enumerate((*cells, self._names[-1])):
                if column in (1, 2):
                    item.setFlags(fixed)
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(row, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (0, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        table.itemChanged.connect(self._look_again)
        return table

    # ---- choosing

    def _look_again(self) -> None:
        chosen = [
            (offer.description, name.text())
            for offer, check, name in zip(self._offers, self._checks, self._names, strict=True)
            if check.checkState() == Qt.CheckState.Checked
        ]
        self._labelled = self._labelling = None
        try:
            self._labelling = labelling_of(chosen, self._before.value())
        except SambaError as error:
            nothing = self.tr("The recording has no annotations; mark two or more kinds of spans first.")
            why = tr(error.words) if len(chosen) > 1 else self.tr("Check two or more descriptions.")
            self._tell([], [why if self._offers else nothing], self._theme.careful)
            self._name.setPlaceholderText("")
            return
        info, config = self._document.info, self._bundle.config
        labelled = label_windows(info, config, self._document.annotations, self._labelling)
        self._name.setPlaceholderText(" / ".join(labelled.classes))
        problem = labelled.problem() or (labelled.tuning_problem() if self.tune.currentData() else "")
        self._labelled = None if problem else labelled
        cautions = [] if problem else labelled.cautions()
        colour = self._theme.bad if problem else self._theme.careful
        self._tell(self._counted(labelled), [problem] if problem else cautions, colour)

    def _counted(self, labelled: LabelledWindows) -> list[str]:
        """What each class has to learn from."""
        words = self.tr("{name}: {n} windows in {blocks} blocks, {stretches} separate stretches of time")
        lines = []
        for label, name in enumerate(labelled.classes):
            n, blocks, stretches = labelled.counts(label)
            lines.append(words.format(name=name, n=n, blocks=blocks, stretches=stretches))
        return lines

    def _tell(self, counts: list[str], doubts: Sequence[str], colour: str) -> None:
        self._counts.setText("\n".join(counts))
        self._doubts.setText("\n".join(tr(text) for text in doubts))
        self._doubts.setStyleSheet(f"color: {colour};")
        self.enable()

    # ---- training

    def train(self) -> None:
        """Begin."""
        job = self._job()
        if job is not None:
            self.run.start(LEARN, job)

    def script(self) -> Script | None:
        """What is chosen as a command; None while that cannot be trained."""
        job = self._job()
        return head_script(self._document, job, self._files_stem) if job is not None else None

    def result_html(self, report: HeadReport) -> str:
        """The verdict, what it is compared with, confusions and calibration."""
        return report_html(report, self._theme)

    def enable(self) -> None:
        """Let the user do what can be done now."""
        idle = not self.run.under_way
        self.copy_button.setEnabled(self._labelled is not None)
        self.train_button.setEnabled(self._labelled is not None and idle)
        for widget in (self._table, self._name, self.tune):
            widget.setEnabled(idle)
        for box in (self.epochs, self.steps):
            box.setEnabled(idle and bool(self.tune.currentData()))

    def _job(self) -> HeadJob | None:
        if self._labelled is None or self._labelling is None:
            return None
        what = self.tune.currentData()
        return HeadJob(
            self._document.info,
            self._recipe,
            str(self._bundle.directory),
            self._document.annotations,
            self._labelling,
            plain_name(self._name.text() or self._name.placeholderText(), self.tr("own classes")),
            self._device,
            Finetune(what, self.epochs.value(), self.steps.value()) if what else None,
        )
