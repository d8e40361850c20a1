"""The montage bench: two to four montages side by side, and what each does to this recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import Text
from samba_gui.engine.comparison import AUTO, CUT, Outcome, Variant, variants_of
from samba_gui.io.montages import SHIPPED
from samba_gui.scene.cameras import Camera
from samba_gui.scene.comparison import Comparison, compare
from samba_gui.scene.comparison_picture import LETTERS, difference, ratios_to_first
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import weights_of
from samba_gui.scene.saie_maps import density_field
from samba_gui.scene.topography import Topography
from samba_gui.session.background import Background
from samba_gui.session.notices import Notice
from samba_gui.ui.context import Context
from samba_gui.ui.head.comparison_process import ComparisonProcess
from samba_gui.ui.head.painted_head import PaintedHead
from samba_gui.ui.head.scene_canvas import SceneCanvas
from samba_gui.ui.language import tr

NOTHING = "–"
CHOICES = (AUTO, *SHIPPED, *(f"{CUT}{stem}" for stem in ("emotiv_14", "10-20_19", "bnci_22")))
_MOST_LETTERS = 18
WAIT_MS = 400
"""Typing pauses that long before montages are looked at."""


@dataclass(frozen=True, eq=False)
class Shown:
    """A montage as two heads: its map, and the same relative to the first montage's.

    Parameters
    ----------
    heads : tuple of two
        HeadGeometry (3-D) or Topography (from above), for the two fields.
    fields : tuple of HeadField
    """

    heads: tuple[Any, Any]
    fields: tuple[HeadField, HeadField]


@dataclass(frozen=True, eq=False)
class Bench:
    """Everything on the bench."""

    variants: tuple[Variant, ...]
    comparison: Comparison
    shown: tuple[Shown, ...]


def lay_out(
    config: BundleConfig,
    parameters: SaieParameters,
    info: RecordingInfo,
    montages: Sequence[str],
    drops: Sequence[str],
    *,
    bads: frozenset[str],
    flat: bool,
) -> Bench:
    """Prepare montages for the bench; takes up to two seconds, so a thread calls it.

    Raises
    ------
    SambaError
        One of them is no montage of this recording.
    """
    variants = tuple(variants_of(info, montages, drops, bads))
    found = compare(config, parameters, info, variants)
    seen = [column.seen for column in found.columns]
    densities = [one.on_sphere.density(weights_of(config, parameters, one.montage)) for one in seen]
    fields = [
        density_field(density, one.montage, f"{letter}  {_short(one.name)}", "")
        for letter, one, density in zip(LETTERS, seen, densities, strict=False)
    ]
    heads = [_head(one.montage, flat) for one in seen]
    shown = [Shown((heads[0], heads[0]), (fields[0], fields[0]))]
    for ratio in ratios_to_first(seen, densities):
        i = ratio.index
        surface = difference(heads[0].interpolate, fields[0].values, heads[i].interpolate, fields[i].values)
        base = heads[seen.index(ratio.seen)]
        other = Topography(ratio.seen.montage, surface) if flat else replace(base, interpolate=surface)
        shown.append(Shown((heads[i], other), (fields[i], ratio.field)))
    return Bench(variants, found, tuple(shown))


def _short(name: str) -> str:
    """What fits over a head."""
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1].rstrip()}…"


def _head(montage: Any, flat: bool) -> Any:
    if flat:
        return Topography(montage)
    from samba_gui.scene.head_geometry import prepare_head

    return prepare_head(montage)


class MontageBench(QDialog):
    """Compares montages of the open recording.

    Parameters
    ----------
    context : Context
        Its session must hold a recording and a bundle.
    parent : QWidget, optional
        The bench closes with it.
    """

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        session = context.session
        assert session.document is not None
        assert session.bundle is not None
        self._info, self._bads = session.document.info, session.document.bads
        self._bundle = session.bundle
        self._device = session.options.device
        self._theme = "dark" if self.palette().window().color().lightness() < 128 else "light"
        self._bench: Bench | None = None
        self._asked: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._analysing = False
        self._process = ComparisonProcess()
        self._background = Background(context.mailbox.post, "montage bench")
        self._flat: bool | None = None
        self._typed = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._typed.timeout.connect(self._look_again)
        self.setWindowTitle(self.tr("Compare montages"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1180, 820)
        self._arrange()
        if parent is not None:
            parent.installEventFilter(self)
        self._look_again()

    # ---- for tests and the window

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way and every head is drawn."""
        drawn = all(canvas.is_current for canvas in self._canvases)
        return not self._background.busy and not self._typed.isActive() and drawn

    @property
    def comparison(self) -> Comparison | None:
        """What is on the bench."""
        return self._bench.comparison if self._bench else None

    def choose(self, montages: Sequence[str], drop: str = "") -> None:
        """Put other montages on the bench; as :func:`samba_gui.engine.comparison.variant_of` reads them."""
        for number, box in enumerate(self._boxes):
            box.setEditText(montages[number] if number < len(montages) else NOTHING)
        self._drop.setText(drop)

    def analyse(self) -> None:
        """Analyse the recording under each montage."""
        bench = self._bench
        if bench is None or self._analysing:
            return
        self._analysing = True
        self._say(self.tr("Analysing the recording under each montage …"))
        bundle = self._bundle
        self._background.run(
            Text("Comparing montages"),
            lambda: self._process.run(
                self._info, bench.variants, bundle.directory, bundle.config.key, self._device
            ),
            lambda outcomes: self._on_analysed(bench, outcomes),
            self._on_failed,
        )
        self._enable()

    # ---- building

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        grid = QGridLayout()
        self._boxes: list[QComboBox] = []
        self._canvases: list[PaintedHead] = []
        self._heads = QHBoxLayout()
        for number, letter in enumerate(LETTERS):
            box = QComboBox(editable=True)
            box.addItems([NOTHING, *CHOICES] if number > 1 else list(CHOICES))
            box.setEditText((AUTO, f"{CUT}emotiv_14", NOTHING, NOTHING)[number])
            box.setToolTip(
                self.tr("A montage's id, name or file; cut:… keeps only those electrodes of the recording")
            )
            box.setAccessibleName(self.tr("Montage {}").format(letter))
            box.editTextChanged.connect(self._on_typed)
            label = QLabel(letter)
            label.setBuddy(box)
            grid.addWidget(label, 0, 2 * number)
            grid.addWidget(box, 0, 2 * number + 1)
            grid.setColumnStretch(2 * number + 1, 1)
            self._boxes.append(box)
        column.addLayout(grid)
        row = QHBoxLayout()
        self._drop = QLineEdit(placeholderText="Fp1, Fp2")
        self._drop.setToolTip(
            self.tr("One more montage: A without these electrodes; the others share their weight")
        )
        self._drop.textChanged.connect(self._on_typed)
        drop = QLabel(self.tr("A &without"))
        drop.setBuddy(self._drop)
        self._relative = QCheckBox(self.tr("&Relative to A"))
        self._relative.setToolTip(self.tr("Colour B, C and D by the ratio of their map to A's"))
        self._relative.toggled.connect(self._show_fields)
        self._analyse = QPushButton(self.tr("&Analyse with each"))
        self._analyse.setToolTip(
            self.tr("Reconstruction quality and classes of the same windows under each montage")
        )
        self._analyse.clicked.connect(self.analyse)
        self._cancel = QPushButton(self.tr("&Cancel"))
        self._cancel.clicked.connect(self._on_cancel)
        for widget in (drop, self._drop, self._relative, self._analyse, self._cancel):
            row.addWidget(widget)
        column.addLayout(row)
        column.addLayout(self._heads, 3)
        self._words = QLabel(wordWrap=True)
        self._words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self._words)
        self._table = QTableWidget()
        self._table.setAccessibleName(self.tr("Quality and classes under each montage"))
        self._table.setTabKeyNavigation(False)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        column.addWidget(self._table, 2)

    # ---- looking

    def _on_typed(self) -> None:
        self._typed.start()

    def _look_again(self) -> None:
        texts = [box.currentText().strip() for box in self._boxes]
        montages = tuple(text for text in texts if text and text != NOTHING)
        drops = (self._drop.text(),) if self._drop.text().strip() else ()
        if (montages, drops) == self._asked:
            return
        self._asked = (montages, drops)
        self._bench = None
        self._say(self.tr("Laying out the montages …"))
        self._enable()
        config, trained = self._bundle.config, self._bundle.history.trained

        def prepare() -> tuple[Bench, bool]:
            flat = self._flat
            if flat is None:
                from samba_gui.scene.opengl import opengl_works

                flat = not opengl_works()
            bench = lay_out(config, trained, self._info, montages, drops, bads=self._bads, flat=flat)
            return bench, flat

        asked = self._asked
        self._background.run(
            Text("Laying out the montages"),
            prepare,
            lambda answer: self._on_laid_out(asked, *answer),
            lambda notice: self._on_failed(notice, asked),
        )

    def _on_laid_out(self, asked: object, bench: Bench, flat: bool) -> None:
        if asked != self._asked:
            return
        self._bench, self._flat = bench, flat
        while len(self._canvases) > len(bench.shown):
            canvas = self._canvases.pop()
            self._heads.removeWidget(canvas)
            canvas.close()
            canvas.deleteLater()
        while len(self._canvases) < len(bench.shown):
            canvas = PaintedHead() if flat else SceneCanvas()
            canvas.setMinimumSize(120, 140)
            if isinstance(canvas, SceneCanvas):
                canvas.camera_moved.connect(self._on_camera_moved)
            self._canvases.append(canvas)
            self._heads.addWidget(canvas, 1)
        self._show_fields()
        self._show_table(bench.comparison)
        self._say(
            self.tr(
                "Heads: share of SAIE weight per area of scalp, 1 = even; a property of bundle and montage, "
                "not of this recording. Brackets: 95 % of untrained networks. Drag one head and all turn."
            )
        )
        self._enable()

    def _show_fields(self) -> None:
        if self._bench is None:
            return
        which = int(self._relative.isChecked())
        look = Look(self._theme, names=True, lettering=True)
        for canvas, shown in zip(self._canvases, self._bench.shown, strict=True):
            head, field = shown.heads[which], shown.fields[which]
            if isinstance(canvas, SceneCanvas):
                canvas.set_geometry_of(head)
            else:
                canvas.set_head(head)
            tips = {name: f"{name}: {tip}" for name, tip in zip(field.labels, field.tips, strict=True)}
            canvas.set_field(field, look, tips)

    def _show_table(self, comparison: Comparison) -> None:
        lines = comparison.lines()
        names = [f"{a}  {c.seen.name}" for a, c in zip(LETTERS, comparison.columns, strict=False)]
        self._table.setColumnCount(1 + len(names))
        self._table.setHorizontalHeaderLabels(["", *names])
        self._table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            title = f"{line.measure} ({line.unit})" if line.unit else line.measure
            for column, text in enumerate([title, *line.in_words()]):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(row, column, item)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    # ---- answers

    def _on_analysed(self, bench: Bench, outcomes: list[Outcome] | None) -> None:
        self._analysing = False
        self._enable()
        if outcomes is None:
            self._say(self.tr("The analysis was cancelled."))
            return
        if bench is not self._bench:
            return
        config, trained = self._bundle.config, self._bundle.history.trained
        found = compare(config, trained, self._info, bench.variants, outcomes)
        self._bench = replace(bench, comparison=found)
        self._show_table(found)
        self._say(
            " ".join(found.answers())
            + "\n"
            + self.tr(
                "Quality and classes: the same windows under each montage, each with its own average "
                "reference; brackets: 95 % of medians over windows drawn again. Without a window: "
                "samba-gui compare."
            )
        )

    def _on_failed(self, notice: Notice, asked: object = None) -> None:
        if asked is not None and asked != self._asked:
            return
        if asked is None:
            self._analysing = False
        self._say(f"{tr(notice.message)} {tr(notice.hint)}")
        self._enable()

    def _on_cancel(self) -> None:
        self._process.cancel()

    def _on_camera_moved(self, camera: Camera) -> None:
        for canvas in self._canvases:
            if canvas is not self.sender() and isinstance(canvas, SceneCanvas):
                canvas.set_camera(camera)

    def _say(self, text: str) -> None:
        self._words.setText(text)

    def _enable(self) -> None:
        self._analyse.setEnabled(self._bench is not None and not self._analysing)
        self._cancel.setEnabled(self._analysing)

    # ---- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the window."""
        if watched is self.parent() and event.type() == QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        """Escape closes, with everything that closing frees."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the process and the thread, free what VTK holds."""
        self._typed.stop()
        self._process.cancel()
        self._background.close()
        for canvas in self._canvases:
            canvas.close()
        self._bench = None
        super().closeEvent(event)
        self.deleteLater()
