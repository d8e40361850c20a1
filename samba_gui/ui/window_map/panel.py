"""The map of the windows: its choices, the points, the legend, and what is done with marked windows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from samba_gui.engine.tsne import ITERATIONS
from samba_gui.ui.window_map.legend import MapLegend, Scree
from samba_gui.ui.window_map.plot import MapPlot
from samba_gui.ui.window_map.state import MORE_WORDS, PROJECTIONS, MapState, MapView, in_words


class MapPanel(QWidget):
    """Shows a :class:`MapState`; says what the user wants by signals.

    Signals
    -------
    view_wanted(MapView)
    window_picked(float)
        Onset of a window.
    marks_wanted(object, bool)
        Stretches (start_s, stop_s), and whether they are added to those that are marked.
    tsne_wanted(bool)
        Compute it, or end that.
    annotate_clicked()
    """

    view_wanted = Signal(object)
    window_picked = Signal(float)
    marks_wanted = Signal(object, bool)
    tsne_wanted = Signal(bool)
    annotate_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._state = MapState()
        self._projection = _choice(self.tr("Projection"), 17)
        self._projection.addItems([self.tr(title) for title in PROJECTIONS.values()])
        self._projection.activated.connect(self._on_projection_chosen)
        self._colour = _choice(self.tr("Colour by"), 14)
        self._colour.activated.connect(self._on_colour_chosen)
        self._path = QToolButton()
        self._path.setText(self.tr("Path"))
        self._path.setCheckable(True)
        self._path.setToolTip(self.tr("Join windows that follow each other in time"))
        self._path.toggled.connect(lambda on: self._want(path=on))
        self.plot = MapPlot()
        self.plot.picked.connect(lambda point: self.window_picked.emit(float(self._state.onsets_s[point])))
        self.plot.encircled.connect(self._on_encircled)
        self.plot.setToolTip("")
        self.legend, self.scree = MapLegend(), Scree()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setToolTip(f"<p>{self.tr(MORE_WORDS)}</p>")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._progress = QProgressBar()
        self._progress.setRange(0, ITERATIONS)
        self._progress.setFormat(self.tr("t-SNE, %v of %m iterations"))
        self._progress.setAccessibleName(self.tr("t-SNE progress"))
        self._tsne = QPushButton()
        self._tsne.clicked.connect(lambda: self.tsne_wanted.emit(self._state.iteration is None))
        self._marked = QLabel()
        self._marked.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._annotate = QPushButton(self.tr("Annotate…"))
        self._annotate.setToolTip(self.tr("One annotation for each marked stretch"))
        self._annotate.clicked.connect(self.annotate_clicked)
        self._unmark = QPushButton(self.tr("Unmark"))
        self._unmark.clicked.connect(lambda: self.marks_wanted.emit((), False))
        self._lay_out()
        self.set_state(MapState())

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(3)
        column.addLayout(_row(self._projection, self._colour, self._path))
        column.addWidget(self.plot, 1)
        column.addWidget(self.legend)
        column.addLayout(_row(self._words, self.scree, stretched=self._words))
        column.addLayout(_row(self._progress, self._tsne, stretched=self._progress))
        column.addLayout(_row(self._marked, self._annotate, self._unmark, stretched=self._marked))

    @property
    def state(self) -> MapState:
        """What is shown."""
        return self._state

    def set_state(self, state: MapState) -> None:
        """Show a state."""
        old, self._state = self._state, state
        if state.choices != old.choices or state.view != old.view:
            self._show_choices()
        for part in (self.plot, self.legend, self.scree):
            part.set_state(state)
        there = state.places is not None
        self.scree.setVisible(there)
        self._words.setText(in_words(state) if there else "")
        self._words.setStyleSheet(f"color: {state.theme.dim}; font-size: 11px;")
        running = state.iteration is not None
        self._progress.setVisible(running)
        self._progress.setValue(state.iteration or 0)
        wanted = state.view.projection == "tsne" and not there and state.components is not None
        self._tsne.setVisible(running or wanted)
        self._tsne.setText(self.tr("Cancel t-SNE") if running else self.tr("Compute t-SNE"))
        n = int(state.marked.sum())
        spent_s = float(state.durations_s[state.marked].sum()) if n else 0.0
        self._marked.setText(
            self.tr("{} of {} windows marked, {:g} s").format(n, len(state.marked), round(spent_s, 1))
            if n
            else self.tr("Draw around points to mark windows")
        )
        for button in (self._annotate, self._unmark):
            button.setEnabled(n > 0)

    def _show_choices(self) -> None:
        state = self._state
        for box, keys in (
            (self._projection, list(PROJECTIONS)),
            (self._colour, [key for key, _ in state.choices]),
        ):
            with QSignalBlocker(box):
                if box is self._colour:
                    box.clear()
                    box.addItems([title for _, title in state.choices])
                wanted = state.view.projection if box is self._projection else state.view.colour
                box.setCurrentIndex(keys.index(wanted) if wanted in keys else 0)
        with QSignalBlocker(self._path):
            self._path.setChecked(state.view.path)

    def _on_projection_chosen(self, index: int) -> None:
        projection = list(PROJECTIONS)[index]
        self._want(projection=projection)
        if projection == "tsne":
            self.tsne_wanted.emit(True)

    def _on_colour_chosen(self, index: int) -> None:
        self._want(colour=self._state.choices[index][0])

    def _on_encircled(self, points: np.ndarray, added: bool) -> None:
        starts_s = self._state.onsets_s[points]
        stops_s = starts_s + self._state.durations_s[points]
        self.marks_wanted.emit(tuple(zip(starts_s.tolist(), stops_s.tolist(), strict=True)), added)

    def _want(self, **changes: object) -> None:
        view: MapView = replace(self._state.view, **changes)  # type: ignore[arg-type]
        if view != self._state.view:
            self.view_wanted.emit(view)


def _choice(name: str, letters: int) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(letters)
    return box


def _row(*widgets: QWidget, stretched: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(8, 0, 8, 0)
    for widget in widgets:
        row.addWidget(widget, int(widget is stretched), Qt.AlignmentFlag(0))
    if stretched is None:
        row.addStretch(1)
    return row
