"""The traces of a page, with the model's reconstruction laid over them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollBar, QWidget

from samba_gui.core.recording import Annotation
from samba_gui.ui.palette import trace_colours
from samba_gui.ui.time_axis import in_seconds, on_clock
from samba_gui.ui.trace_drag import Drag, Part, grab
from samba_gui.ui.trace_measure import between
from samba_gui.ui.trace_names import Name, TraceNames
from samba_gui.ui.trace_overlay import Overlay, lay_over
from samba_gui.ui.trace_plot import TOP_PX, TracePlot
from samba_gui.ui.trace_rows import RowScale, lay_out, scale_rows
from samba_gui.ui.trace_state import TracesState

NOTE_PX = 20
OVERLAY_FIELDS = ("page", "reconstructions", "model_labels", "mask_pass", "show_overlay", "bads")
DRAWN_FIELDS = (
    "show_residual",
    "sensitivity_uv",
    "px_per_mm",
    "positive_up",
    "selected",
    "annotations",
    "annotation",
    "clock_start_s",
    "overlay_note",
    "theme",
)
GRAB_PX = 5
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state = TracesState()
        self._layout = lay_out(())
        self._scales: list[RowScale] = []
        self._overlay: Overlay | None = None
        self._near_y = 0.0
        self._mark_s: float | None = None
        self._drag: Drag | None = None

        self._plot = TracePlot()
        self._plot.viewport().installEventFilter(self)
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
        if state.page is not old.page:
            self._layout = lay_out(state.page.rows)
        if differs(OVERLAY_FIELDS):
            self._overlay = self._lay_over()
            self._draw()
        elif differs(DRAWN_FIELDS):
            self._draw()
        self._show_cursor()

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
        index = self._layout.nearest(self._near_y)
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
        division = "mm" if state.px_per_mm else "div"
        self._scales = scale_rows(page.rows, page.data, self._uv_per_row(), division, state.sensitivity_uv)
        self._fit()
        self._draw_curves()
        self._plot.draw_marks(state, self._overlay)
        self._note.setText(self._note_text())

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
        self._plot.show_scales(self._uv_per_row() / row_px, self._state.page.duration_s, self._state.theme)
        names = tuple(
            Name(
                row.label,
                "" if row.minus else row.plus,
                TOP_PX - self._scroll.value() + centre * row_px,
                height * row_px,
                scale.text,
                self._state.kind_of(index) == "bad",
                self._state.kind_of(index) == "selected",
            )
            for index, (row, centre, height, scale) in enumerate(
                zip(
                    self._state.page.rows,
                    self._layout.centres,
                    self._layout.heights,
                    self._scales,
                    strict=True,
                )
            )
        )
        self._names.set_names(names, self._scale_text(), self._state.theme)

    def _show_cursor(self) -> None:
        self._plot.show_cursor(self._state.cursor_s, self._mark_s, self.readout())

    def _lay_over(self) -> Overlay | None:
        state = self._state
        if not state.show_overlay:
            return None
        return lay_over(state.page, state.reconstructions, state.model_labels, state.mask_pass, state.bads)

    def _row_px(self) -> float:
        return self._layout.row_px(self._plot.rows_px)

    def _uv_per_row(self) -> float:
        state = self._state
        return state.sensitivity_uv * (self._row_px() / state.px_per_mm if state.px_per_mm else 1.0)

    def _scale_text(self) -> str:
        state = self._state
        unit = "µV/mm" if state.px_per_mm else "µV/div uncalibrated (1 div = 1 row)"
        return f"{'positive' if state.positive_up else 'negative'} up  ·  {state.sensitivity_uv:g} {unit}"

    def _note_text(self) -> str:
        state = self._state
        notes = list(state.page.notes)
        if state.show_overlay and state.page.rows:
            notes.insert(0, self._overlay_text() if self._overlay else "no reconstruction of this page yet")
        return " · ".join(notes)

    def _overlay_text(self) -> str:
        colours, note = trace_colours(self._state.theme), self._state.overlay_note
        laid_over, words = colours.predicted, "reconstruction"
        if self._state.show_residual:
            laid_over, words = colours.residual, "residual (original − reconstruction)"
        return (
            f'<span style="color:{colours.trace}">━</span> original and '
            f'<span style="color:{laid_over}">━</span> {words} of the shaded, masked spans'
            + (f": {note}" if note else "")
        )

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            self._on_wheel(event)
            return True
        if isinstance(event, QMouseEvent) and self._state.page.rows:
            left = Qt.MouseButton.LeftButton
            if event.type() == QEvent.Type.MouseMove and event.buttons() & left:
                self._on_dragged(event.position())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonPress:
                self.setFocus()
                self._on_pressed(event.position(), event.modifiers())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonRelease:
                self._on_released(event.position())
            elif event.button() == left and event.type() == QEvent.Type.MouseButtonDblClick:
                self._on_double_clicked(event.position())
            return True
        return super().eventFilter(watched, event)

    def _on_pressed(self, position: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        time_s, y = self._point(position)
        in_band = self._in_band(position)
        if in_band or modifiers & Qt.KeyboardModifier.ControlModifier:
            self._drag = self._grab(time_s) if in_band else Drag(Part.NEW, time_s)
            if self._drag.annotation is not None:
                self.annotation_picked.emit(self._drag.annotation)
                return
        self._near_y = y
        self._on_marked(bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        self.cursor_moved.emit(time_s)
        row = self._state.page.rows[self._layout.nearest(y)]
        if not in_band and not row.minus:
            self.channel_selected.emit(row.plus)

    def _on_dragged(self, position: QPointF) -> None:
        time_s, y = self._point(position)
        if self._drag is not None:
            self._plot.show_drag(self._drag.span(time_s))
        else:
            self._near_y = y
            self.cursor_moved.emit(time_s)

    def _on_released(self, position: QPointF) -> None:
        drag, self._drag = self._drag, None
        self._plot.show_drag(None)
        if drag is None:
            return
        time_s, _ = self._point(position)
        if abs(time_s - drag.pressed_s) < GRAB_PX * self._s_per_px():
            return  # a click, not a drag
        onset_s, duration_s = drag.span(time_s)
        if drag.annotation is None:
            self.annotation_drawn.emit(onset_s, duration_s)
        else:
            after = Annotation(onset_s, duration_s, drag.annotation.description)
            self.annotation_changed.emit(drag.annotation, after)

    def _on_double_clicked(self, position: QPointF) -> None:
        if self._in_band(position) and (note := self._grab(self._point(position)[0]).annotation) is not None:
            self.annotation_opened.emit(note)

    def _in_band(self, position: QPointF) -> bool:
        """Whether a point lies in the band of annotations above the traces."""
        return 0 <= position.y() - self._plot.box.sceneBoundingRect().top() < TOP_PX

    def _grab(self, time_s: float) -> Drag:
        return grab(self._state.annotations, time_s, GRAB_PX * self._s_per_px())

    def _s_per_px(self) -> float:
        return self._state.page.duration_s / max(self._plot.box.width(), 1.0)

    def _point(self, position: QPointF) -> tuple[float, float]:
        """Time, kept on the page, and height in rows."""
        point = self._plot.box.mapSceneToView(self._plot.mapToScene(position.toPoint()))
        page = self._state.page
        return min(max(point.x(), page.start_s), page.start_s + page.duration_s), point.y()

    def _on_wheel(self, event: QWheelEvent) -> None:
        steps = (event.angleDelta().y() or event.angleDelta().x()) / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.time_base_step.emit(-1 if steps > 0 else 1)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._scroll.setValue(int(self._scroll.value() - steps * self._scroll.pageStep() / 5))
        else:
            self._seek(self._state.page.start_s - steps * self._state.page.duration_s / 10)

    def _on_marked(self, measuring: bool) -> None:
        """A click forgets the second point; with Shift the cursor leaves it behind and goes on."""
        if not measuring:
            self._mark_s = None
        elif self._mark_s is None:
            self._mark_s = self._state.cursor_s

    def _on_scrolled(self, _value: int) -> None:
        self._place_rows()
        self._draw_curves()

    def _on_plot_resized(self) -> None:
        if self._state.px_per_mm:
            self._draw()  # the height of a row decides what a µV is worth
        else:
            self._fit()
            self._draw_curves()
        self._show_cursor()

    def _seek(self, start_s: float) -> None:
        last_s = max(self._state.duration_s - self._state.page.duration_s, 0.0)
        self.seek_requested.emit(min(max(start_s, 0.0), last_s))
