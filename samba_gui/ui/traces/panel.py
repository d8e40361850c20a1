"""The traces of a page, with the model's reconstruction laid over them."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar, QWidget

from samba_gui.engine.pages import Page
from samba_gui.ui.language import tr
from samba_gui.ui.palette import depth_colours, trace_colours
from samba_gui.ui.time_axis import in_seconds, on_clock
from samba_gui.ui.traces.measure import between
from samba_gui.ui.traces.mouse import TraceMouse
from samba_gui.ui.traces.names import TraceNames, names_of
from samba_gui.ui.traces.overlay import Overlay, lay_over
from samba_gui.ui.traces.plot import TOP_PX, TracePlot
from samba_gui.ui.traces.rows import LANE_HEIGHT, RowScale, cut_off, lay_out, place, scale_rows
from samba_gui.ui.traces.state import TracesState

NOTE_PX = 20
OVERLAY_FIELDS = ("page", "reconstructions", "model_labels", "show_overlay", "bads")
DRAWN_FIELDS = (
    "display",
    "screen",
    "selected",
    "annotations",
    "annotation",
    "clock_start_s",
    "overlay_note",
    "theme",
)
PAGE_STEPS = {
    int(Qt.Key.Key_PageUp): -1.0,
    int(Qt.Key.Key_PageDown): 1.0,
    int(Qt.Key.Key_Left): -0.1,
    int(Qt.Key.Key_Right): 0.1,
}


class TracesPanel(QWidget):
    """Rows of traces over a time axis; says what the user wants by signals.

    Signals
    -------
    seek_requested(float)
        Start of another page, seconds.
    cursor_moved(float)
        Seconds.
    channel_toggled_bad(str), channel_selected(str)
        Label in the file.
    sensitivity_step(int)
        +1: larger traces.
    time_base_step(int)
        +1: longer page.
    annotation_picked(object)
        One was clicked in the band above the traces.
    annotation_changed(object, object)
        One was dragged there, or its end was: before and after.
    annotation_drawn(float, float)
        Onset and duration of a new one: dragged in the empty band, or with Ctrl over the traces.
    annotation_opened(object)
        One was double-clicked.
    rescaled()
        The plot has another size: a second is as long as :attr:`width_mm` now says.
    """

    seek_requested = Signal(float)
    cursor_moved = Signal(float)
    channel_toggled_bad = Signal(str)
    channel_selected = Signal(str)
    sensitivity_step = Signal(int)
    time_base_step = Signal(int)
    annotation_picked = Signal(object)
    annotation_changed = Signal(object, object)
    annotation_drawn = Signal(float, float)
    annotation_opened = Signal(object)
    rescaled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Traces"))
        self.setAccessibleDescription(self.tr("The keys of the menu View move and scale them"))
        self._state = TracesState()
        self._layout = lay_out(())
        self._scales: list[RowScale] = []
        self._overlay: Overlay | None = None
        self._near = 0.0, 0.0
        self._mark_s: float | None = None

        self._plot = TracePlot()
        mouse = TraceMouse(self._plot, lambda: self._state)
        mouse.pressed.connect(self._on_pressed)
        mouse.dragged.connect(self._on_dragged)
        mouse.wheeled.connect(self._on_wheel)
        for name in ("picked", "changed", "drawn", "opened"):
            getattr(mouse, f"annotation_{name}").connect(getattr(self, f"annotation_{name}"))
        self._plot.box.sigResized.connect(self._on_plot_resized)
        self._names = TraceNames()
        self._names.clicked.connect(self.channel_toggled_bad)
        self._note = QLabel()
        self._note.setTextFormat(Qt.TextFormat.RichText)
        self._note.setFixedHeight(NOTE_PX)
        self._scroll = QScrollBar(Qt.Orientation.Vertical)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.valueChanged.connect(self._on_scrolled)
        self._scroll.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._note, 0, 0, 1, 3)
        grid.addWidget(self._names, 1, 0)
        grid.addWidget(self._plot, 1, 1)
        grid.addWidget(self._scroll, 1, 2)
        grid.setColumnStretch(1, 1)
        self._dress()

    @property
    def state(self) -> TracesState:
        """What is shown."""
        return self._state

    def set_state(self, state: TracesState) -> None:
        """Show a state; only what differs from the last one is drawn anew."""
        old, self._state = self._state, state

        def differs(names: tuple[str, ...]) -> bool:
            return any(getattr(state, name) != getattr(old, name) for name in names)

        if state.theme != old.theme:
            self._dress()
        if state.duration_s != old.duration_s:
            self._mark_s = None  # another recording
        if state.page is not old.page or state.display.butterfly != old.display.butterfly:
            self._layout = lay_out(state.page.rows, state.display.butterfly)
        if differs(OVERLAY_FIELDS) or state.display.mask_pass != old.display.mask_pass:
            self._overlay = self._lay_over()
            self._draw()
        elif differs(DRAWN_FIELDS):
            self._draw()
        if state.selected != old.selected:
            self._bring_into_sight()
        self._show_cursor()

    @property
    def width_mm(self) -> float:
        """Width of a page on the screen."""
        return float(self._plot.box.width()) / self._state.screen.px_per_mm

    def row_mm(self, page: Page) -> float:
        """Height of an EEG row of a page on the screen, shown already or about to be."""
        display = self._state.display
        layout = self._layout if page is self._state.page else lay_out(page.rows, display.butterfly)
        return layout.row_px(self._plot.rows_px, display.rows) / self._state.screen.px_per_mm

    def trace_mm(self, page: Page) -> float:
        """Height that a typical trace may fill: a row, or a quarter of a butterfly's lane."""
        return self.row_mm(page) * (LANE_HEIGHT / 4 if self._state.display.butterfly else 1.0)

    def scroll_rows(self, steps: float) -> None:
        """Show rows further down, or further up: a fifth of what can be seen for each step."""
        self._scroll.setValue(int(self._scroll.value() + steps * self._scroll.pageStep() / 5))

    @property
    def measured(self) -> tuple[float, float] | None:
        """Start and end of what is being measured, in order of time; None unless there are two points."""
        if self._mark_s is None:
            return None
        return min(self._mark_s, self._state.cursor_s), max(self._mark_s, self._state.cursor_s)

    def stop_measuring(self) -> None:
        """Forget the second point."""
        self._mark_s = None
        self._show_cursor()

    def readout(self) -> str:
        """Time and value at the cursor, in the row nearest to where the mouse last pressed.

        With a second point, what lies between them follows.
        """
        state, page = self._state, self._state.page
        if not page.rows or not 0 <= state.cursor_s - page.start_s <= page.duration_s:
            return ""
        text = in_seconds(state.cursor_s, 2)
        if state.clock_start_s is not None:
            text = f"{on_clock(state.cursor_s, state.clock_start_s, 2)} · {text}"
        index = self._row_near(*self._near)
        row, value = page.rows[index], page.value_at(index, state.cursor_s)
        text += f" · {row.label} " + (f"{value:.1f} {row.unit}" if np.isfinite(value) else "no signal")
        if self._mark_s is not None:
            text += f"\n{between(page, index, self._mark_s, state.cursor_s)}"
        return text

    # --- drawing

    def _draw(self) -> None:
        """Everything but the cursor."""
        state, page = self._state, self._state.page
        self._plot.show_times(page.start_s, page.duration_s, state.clock_start_s)
        display = state.display
        self._scales = scale_rows(page.rows, page.data, display.uv_per_mm, self.row_mm(page), display.zoom)
        self._fit()
        self._draw_curves()
        self._plot.draw_marks(state, self._overlay)
        notes = self._notes()
        self._note.setText(" · ".join(notes))
        self._note.setToolTip("<br>".join(notes))  # the line may be too short for all of them

    def _draw_curves(self) -> None:
        row_px = self._row_px()
        top = (self._scroll.value() - TOP_PX) / row_px
        visible = self._layout.within(top, top + self._plot.height() / row_px)
        self._plot.draw_curves(self._state, self._layout, self._scales, self._overlay, visible)

    def _fit(self) -> None:
        """Spread the rows over the height, or let them scroll where they would be too low."""
        available_px = self._plot.rows_px
        missing_px = self._layout.total * self._row_px() - available_px
        self._scroll.setRange(0, max(0, int(np.ceil(missing_px - 0.5))))
        self._scroll.setPageStep(int(available_px))
        self._scroll.setVisible(self._scroll.maximum() > 0)
        self._place_rows()

    def _place_rows(self) -> None:
        row_px = self._row_px()
        self._plot.show_rows(row_px, self._scroll.value())
        state = self._state
        uv_per_px = state.display.sensitivity_uv / state.screen.px_per_mm
        self._plot.show_scales(uv_per_px, state.page.duration_s, state.theme)
        names = names_of(state, self._layout, self._scales, row_px, TOP_PX - self._scroll.value())
        self._names.set_bottom(self._plot.box.sceneBoundingRect().bottom())
        self._names.set_names(names, self._scale_text(), self._state.theme)

    def _show_cursor(self) -> None:
        self._plot.show_cursor(self._state.cursor_s, self._mark_s, self.readout())

    def _lay_over(self) -> Overlay | None:
        state = self._state
        if not state.show_overlay:
            return None
        return lay_over(
            state.page, state.reconstructions, state.model_labels, state.display.mask_pass, state.bads
        )

    def _row_px(self) -> float:
        return self._layout.row_px(self._plot.rows_px, self._state.display.rows)

    def _row_near(self, time_s: float, y: float) -> int:
        """The row at a height; of traces on one baseline the one that runs nearest by."""
        state, page = self._state, self._state.page
        index = self._layout.nearest(y)
        sharing = self._layout.sharing(index)
        if len(sharing) == 1 or not page.times_s.size:
            return index
        at = int(np.argmin(np.abs(page.times_s - time_s)))
        scales = [self._scales[i] for i in sharing.tolist()]
        values = page.data[sharing, at : at + 1]
        heights = place(values, self._layout.take(sharing), scales, state.display.positive_up)[:, 0]
        return int(sharing[np.argmin(np.nan_to_num(np.abs(heights - y), nan=np.inf))])

    def _scale_text(self) -> str:
        state, display = self._state, self._state.display
        up = self.tr("positive up") if display.positive_up else self.tr("negative up")
        caution = "" if state.screen.calibrated else f", {self.tr('uncalibrated')}"
        return f"{up}  ·  {display.sensitivity_uv:g} µV/mm{caution}"

    def _notes(self) -> list[str]:
        """What a reader must know of the page, in rich text."""
        state = self._state
        notes = []  # what is missing on the page comes first: a narrow window cuts the line off at its end
        cut = cut_off(state.page.data, self._layout, self._scales, state.display.clipped)
        if cut:
            words = self.tr("1 trace cut off") if cut == 1 else self.tr("{} traces cut off").format(cut)
            notes.append(f"{words}, {self.tr('too large for this sensitivity')}")
        notes += [escape(tr(note)) for note in state.page.notes]  # a derivation may be called anything
        if state.display.butterfly:
            notes.append(self._butterfly_text())
        elif state.show_overlay and state.page.rows:
            notes.append(
                self._overlay_text() if self._overlay else self.tr("no reconstruction of this page yet")
            )
        return notes

    def _butterfly_text(self) -> str:
        bars = "".join(
            f'<span style="color:{colour}">━</span>' for colour in depth_colours(self._state.theme)
        )
        return self.tr("butterfly: front {} back of the head; the reconstruction is not laid over").format(
            bars
        )

    def _overlay_text(self) -> str:
        colours, note = trace_colours(self._state.theme), self._state.overlay_note
        laid_over, words = colours.predicted, self.tr("reconstruction")
        if self._state.display.residual:
            laid_over, words = colours.residual, self.tr("residual (original − reconstruction)")
        legend = self.tr("{} original, {} {} in shaded, masked spans").format(
            f'<span style="color:{colours.trace}">━</span>',
            f'<span style="color:{laid_over}">━</span>',
            words,
        )
        return legend + (f": {note}" if note else "")

    def _dress(self) -> None:
        theme = self._state.theme
        self._plot.dress(theme)
        self._note.setStyleSheet(
            f"color: {theme.dim}; background: {theme.base}; padding: 0 8px; font-size: 11px;"
        )

    # --- what the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key = self._state.page, event.key()
        if key in PAGE_STEPS:
            self._seek(page.start_s + PAGE_STEPS[key] * page.duration_s)
        elif key == Qt.Key.Key_Home:
            self._seek(0.0)
        elif key == Qt.Key.Key_End:
            self._seek(self._state.duration_s)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.sensitivity_step.emit(1)
        elif key == Qt.Key.Key_Minus:
            self.sensitivity_step.emit(-1)
        else:
            super().keyPressEvent(event)

    def _on_pressed(self, time_s: float, y: float, measuring: bool, in_band: bool) -> None:
        self.setFocus()
        self._near = time_s, y
        self._on_marked(measuring)
        self.cursor_moved.emit(time_s)
        row = self._state.page.rows[self._row_near(time_s, y)]
        if not in_band and row.channel:
            self.channel_selected.emit(row.channel)

    def _on_dragged(self, time_s: float, y: float) -> None:
        self._near = time_s, y
        self.cursor_moved.emit(time_s)

    def _on_wheel(self, steps: float, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.time_base_step.emit(-1 if steps > 0 else 1)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.scroll_rows(-steps)
        else:
            self._seek(self._state.page.start_s - steps * self._state.page.duration_s / 10)

    def _on_marked(self, measuring: bool) -> None:
        """A click forgets the second point; with Shift the cursor leaves it behind and goes on."""
        if not measuring:
            self._mark_s = None
        elif self._mark_s is None:
            self._mark_s = self._state.cursor_s

    def _bring_into_sight(self) -> None:
        """Scroll as far as needed for the first selected row."""
        rows = (i for i, row in enumerate(self._state.page.rows) if self._state.selected & set(row.shown))
        index = next(rows, None)
        if index is None:
            return
        row_px, reach_px = self._row_px(), self._row_px() * self._layout.heights[index]
        at_px = self._layout.centres[index] * row_px
        lowest, highest = at_px + reach_px - self._plot.rows_px, at_px - reach_px
        if not lowest <= self._scroll.value() <= highest:
            self._scroll.setValue(int(lowest if self._scroll.value() < lowest else highest))

    def _on_scrolled(self, _value: int) -> None:
        self._place_rows()
        self._draw_curves()

    def _on_plot_resized(self) -> None:
        self._draw()  # the height of a row decides what a µV is worth
        self._show_cursor()
        self.rescaled.emit()

    def _seek(self, start_s: float) -> None:
        last_s = max(self._state.duration_s - self._state.page.duration_s, 0.0)
        self.seek_requested.emit(min(max(start_s, 0.0), last_s))
