"""The montage bench: two to four montages side by side, and what each does to this recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from samba_gui.core.montage import Montage
from samba_gui.core.words import Text
from samba_gui.engine.comparison import Outcome
from samba_gui.scene.comparison import Comparison, compare
from samba_gui.session.background import Background
from samba_gui.session.notices import Notice
from samba_gui.ui.bench.choices import MontageChoices
from samba_gui.ui.bench.findings import FindingLines
from samba_gui.ui.bench.heads import HeadsRow
from samba_gui.ui.bench.process import ComparisonProcess
from samba_gui.ui.bench.state import Bench, Wanted, lay_out
from samba_gui.ui.bench.table import BenchTable
from samba_gui.ui.bench.tools import BenchTools
from samba_gui.ui.context import Context
from samba_gui.ui.language import tr

WAIT_MS = 400
"""Typing pauses that long before montages are looked at."""


class MontageBench(QDialog):
    """Compares montages of the open recording.

    Parameters
    ----------
    context : Context
        Its session must hold a recording and a bundle.
    parent : QWidget, optional
        The bench closes with it.
    given : sequence of Montage
        Lie on it first, with exactly their electrodes, as in a picture.
    flat : bool
        Heads from above.
    """

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        given: Sequence[Montage] = (),
        flat: bool = False,
    ) -> None:
        super().__init__(parent)
        session = context.session
        assert session.document is not None
        assert session.bundle is not None
        self._info, self._bads = session.document.info, session.document.bads
        self._bundle = session.bundle
        self._device = session.options.device
        self._given = {montage.name: montage for montage in given}
        self._bench: Bench | None = None
        self._asked: Wanted | None = None
        self._working = False
        self._process = ComparisonProcess()
        self._background = Background(context.mailbox.post, "montage bench")
        self._typed = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._typed.timeout.connect(self._look_again)
        self.setWindowTitle(self.tr("Compare montages"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAcceptDrops(True)
        room = self.screen().availableSize()
        self.resize(min(1240, round(0.94 * room.width())), min(860, round(0.9 * room.height())))
        self._arrange()
        self._tools.flat.setChecked(flat)
        if given:
            self._choices.choose(list(self._given))
        if parent is not None:
            parent.installEventFilter(self)
        self._look_again()

    @property
    def settled(self) -> bool:
        """Whether nothing is on its way and every head is drawn."""
        return not self._background.busy and not self._typed.isActive() and self._heads.is_current

    @property
    def comparison(self) -> Comparison | None:
        """What is on the bench."""
        return self._bench.comparison if self._bench else None

    def choose(self, montages: Sequence[str], drop: str = "") -> None:
        """Put other montages on the bench; as :func:`samba_gui.engine.comparison.variant_of` reads them."""
        self._choices.choose(montages)
        self._tools.drop.setText(drop)

    def analyse(self) -> None:
        """Analyse the recording under each montage."""
        bench, bundle = self._bench, self._bundle
        if bench is None or self._working:
            return
        self._begin(self.tr("Analysing the recording under each montage …"))
        self._background.run(
            Text("Comparing montages"),
            lambda: self._process.run(
                self._info, bench.variants, bundle.directory, bundle.config.key, self._device
            ),
            lambda outcomes: self._on_analysed(bench, outcomes),
            self._on_failed,
        )

    def save(self, path: str) -> None:
        """Write table and picture; the picture can be opened again."""
        bench, bundle = self._bench, self._bundle
        if bench is None or not bench.outcomes or self._working:
            return
        name = Path(path).name
        for ending in (".png", ".csv", ".json"):
            name = name.removesuffix(ending)
        stem, view = Path(path).with_name(name), "2d" if self._heads.is_flat else "3d"
        self._begin(self.tr("Writing {name} …").format(name=name))
        self._background.run(
            Text("Writing the comparison"),
            lambda: self._process.write(
                stem, bundle.config, bundle.history.trained, bench.comparison, bench.outcomes, view
            ),
            lambda done: self._on_written(name, done),
            self._on_failed,
        )

    # ---- building

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        self._choices, self._tools = MontageChoices(), BenchTools()
        self._choices.changed.connect(self._on_typed)
        self._tools.drop.textChanged.connect(self._on_typed)
        self._tools.relative.toggled.connect(self._show_fields)
        self._tools.flat.toggled.connect(self._look_again)
        self._tools.analyse.clicked.connect(self.analyse)
        self._tools.cancel.clicked.connect(self._process.cancel)
        self._tools.save.clicked.connect(self._ask_where)
        self._findings = FindingLines()
        self._findings.remedy_wanted.connect(self._on_remedy_wanted)
        self._heads, self._table = HeadsRow(), BenchTable()
        self._words = QLabel(wordWrap=True)
        self._words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        below = QWidget()
        words_and_table = QVBoxLayout(below)
        words_and_table.setContentsMargins(0, 0, 0, 0)
        words_and_table.addWidget(self._words)
        words_and_table.addWidget(self._table, 1)
        parts = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        for part, share in ((self._heads, 3), (below, 2)):
            parts.addWidget(part)
            parts.setStretchFactor(parts.count() - 1, share)
        for part in (self._choices, self._tools, self._findings):
            column.addWidget(part)
        parts.setSizes([3000, 2000])  # what the parts ask for does not matter
        column.addWidget(parts, 1)

    # ---- looking

    def _on_typed(self) -> None:
        self._typed.start()

    def _look_again(self) -> None:
        wanted = Wanted(self._choices.montages, self._tools.drop.text(), self._tools.flat.isChecked())
        if wanted == self._asked:
            return
        self._asked, self._bench = wanted, None
        self._say(self.tr("Laying out the montages …"))
        self._findings.hide()
        self._enable()
        config, trained = self._bundle.config, self._bundle.history.trained

        def prepare() -> tuple[Bench, bool]:
            from samba_gui.scene.opengl import opengl_works

            possible = wanted if wanted.flat or opengl_works() else replace(wanted, flat=True)
            bench = lay_out(config, trained, self._info, possible, self._bads, self._given)
            return bench, possible.flat

        self._background.run(
            Text("Laying out the montages"),
            prepare,
            lambda answer: self._on_laid_out(wanted, *answer),
            lambda notice: self._on_failed(notice, wanted),
        )

    def _on_laid_out(self, asked: Wanted, bench: Bench, flat: bool) -> None:
        if asked != self._asked:
            return
        self._bench = bench
        if flat and not asked.flat:
            self._asked = replace(asked, flat=True)
            self._tools.no_3d()
        self._heads.set_count(len(bench.shown), flat=flat)
        self._show_fields()
        self._table.show_comparison(bench.comparison)
        self._findings.show_findings(bench.findings)
        self._say(
            self.tr(
                "Heads: share of SAIE weight per area of scalp, 1 = even; a property of bundle and montage, "
                "not of this recording. Brackets: 95 % of untrained networks. Drag one head and all turn. "
                "“Analyse with each” answers what each montage does to this recording."
            )
        )
        self._enable()

    def _show_fields(self) -> None:
        if self._bench is not None:
            relative = self._tools.relative.isChecked()
            theme = "dark" if self.palette().window().color().lightness() < 128 else "light"
            self._heads.show_fields(self._bench.shown, relative=relative, theme=theme)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the heads again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_fields()

    def _on_remedy_wanted(self, place: int) -> None:
        finding = self._bench.findings.get(place) if self._bench is not None else None
        if finding is not None and finding.fixed is not None:
            self._given[finding.fixed.name] = finding.fixed
            self._choices.put(finding.fixed.name, place)

    # ---- answers

    def _on_analysed(self, bench: Bench, outcomes: list[Outcome] | None) -> None:
        self._working = False
        if outcomes is None:
            self._say(self.tr("The analysis was cancelled."))
        elif bench is self._bench:
            config, trained = self._bundle.config, self._bundle.history.trained
            found = compare(config, trained, self._info, bench.variants, outcomes)
            self._bench = replace(bench, comparison=found, outcomes=tuple(outcomes))
            self._table.show_comparison(found)
            more = self.tr(
                "The same windows under each montage, each with its own average reference; brackets: 95 % of "
                "what windows drawn again give. Without a window: samba-gui compare."
            )
            self._say("\n".join([*map(tr, found.answers()), more]))
        self._enable()

    def _on_written(self, name: str, done: bool | None) -> None:
        self._working = False
        self._say(
            self.tr("Saved {name}.png, .csv and .json.").format(name=name)
            if done
            else self.tr("Nothing was written.")
        )
        self._enable()

    def _on_failed(self, notice: Notice, asked: object = None) -> None:
        if asked is not None and asked != self._asked:
            return
        if asked is None:
            self._working = False
        self._say(f"{tr(notice.message)} {tr(notice.hint)}")
        self._enable()

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Save comparison"),
            str(Path.home() / f"{Path(self._info.path).stem}.comparison.png"),
            self.tr("Pictures (*.png)"),
        )
        if path:
            self.save(path)

    def _begin(self, text: str) -> None:
        self._working = True
        self._say(text)
        self._enable()

    def _say(self, text: str) -> None:
        self._words.setText(text)

    def _enable(self) -> None:
        bench = self._bench
        analysed = bench is not None and bool(bench.outcomes)
        self._tools.enable(laid_out=bench is not None, analysed=analysed, working=self._working)

    # ---- Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put dropped montage files on the bench."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self._choices.put(url.toLocalFile())
        event.acceptProposedAction()

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
        self._heads.free()
        self._bench = None
        super().closeEvent(event)
        self.deleteLater()
