"""Quality and class probabilities over the whole recording; a click or a drag goes there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QToolTip, QWidget

from samba_gui.core.results import ABSTENTIONS
from samba_gui.ui.language import tr
from samba_gui.ui.time_axis import in_seconds, on_clock
from samba_gui.ui.timeline.bands import lay_out_bands
from samba_gui.ui.timeline.metrics import METRICS
from samba_gui.ui.timeline.offer import AnalysisOffer
from samba_gui.ui.timeline.overview import overview_lines, paint_overview
from samba_gui.ui.timeline.pictures import Pictures
from samba_gui.ui.timeline.plot import TimelinePlot
from samba_gui.ui.timeline.sides import Keys, Titles
from samba_gui.ui.timeline.state import TimelineState

PLACE_FIELDS = ("clock_start_s", "gaps", "annotations", "metric", "theme")
GRAB_PX = 5
STEP_S, NEAR_S = 1.0, 1e-6
ARROWS = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
CTRL = Qt.KeyboardModifier.ControlModifier
MARKING = Qt.KeyboardModifier.ShiftModifier | CTRL


class TimelinePanel(QWidget):
    """Bands over one time axis; says what the user wants by signals.

    Signals
    -------
    seek_requested(float)
        Start of the page, seconds: the page frame was dragged.
    cursor_moved(float)
        Seconds: a click, or a drag beside the frame, or an arrow key.
    marks_wanted(object, bool)
        A stretch (start_s, stop_s) that was drawn with Shift or Ctrl held, and whether it is added (Ctrl) to
        those that are marked.
    analysis_wanted()
        What is offered shall be done.
    """

    seek_requested = Signal(float)
    cursor_moved = Signal(float)
    marks_wanted = Signal(object, bool)
    analysis_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = TimelineState()
        self._pictures: Pictures | None = None
        self._grabbed_s: float | None = None
        self._pressed_s = 0.0
        self._marking: Qt.KeyboardModifier | None = None
        self._bands = lay_out_bands(200, 0)
        self._titles, self._keys = Titles(), Keys()
        self._plot = TimelinePlot()
        self._plot.viewport().installEventFilter(self)
        self._plot.viewport().setMouseTracking(True)
        self._plot.box.sigResized.connect(self._arrange)
        self._offer = AnalysisOffer(self._plot)
        self._offer.accepted.connect(self.analysis_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self._titles, self._plot, self._keys):
            row.addWidget(widget, 1 if widget is self._plot else 0)
        self.setMinimumHeight(120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Timeline of quality, classes and annotations"))
        self._arrange()

    @property
    def state(self) -> TimelineState:
        """What is shown."""
        return self._state

    def set_state(self, state: TimelineState) -> None:
        """Show a state; of the results only what is new is gathered and painted."""
        old, self._state = self._state, state
        fresh = _identity(state) != _identity(old)
        if fresh:
            self._pictures = _pictures(state)
        if fresh or any(getattr(state, name) != getattr(old, name) for name in PLACE_FIELDS):
            self._arrange()
        elif _revision(state) != _revision(old):
            self._take_results()
        if (state.amplitudes, state.gathered) != (old.amplitudes, old.gathered):
            self._show_overview()
        if (state.offer, state.theme) != (old.offer, old.theme):
            self._offer.show_words(state.offer, state.theme)
        self._plot.show_page(state)
        if fresh or state.cursor_s != old.cursor_s or _revision(state) != _revision(old):
            self.setAccessibleDescription(self.words_at(state.cursor_s))

    def words_at(self, time_s: float) -> str:
        """All that is known of a time, for those who do not see it."""
        if not self._state.duration_s:
            return ""
        bands = self._bands
        told = [
            self.tip_at(time_s, band.top).split("\n") for band in (bands.curve, *bands.heads, bands.notes)
        ]
        return "; ".join([told[0][0], *(line for lines in told for line in lines[1:])])

    def tip_at(self, time_s: float, y: float) -> str:
        """The numbers at a time and a height of the plot."""
        state = self._state
        lines = [in_seconds(time_s, 1)]
        if state.clock_start_s is not None:
            lines[0] = f"{on_clock(time_s, state.clock_start_s, 1)} · {lines[0]}"
        if any(start_s <= time_s < stop_s for start_s, stop_s in state.gaps):
            return f"{lines[0]}\n{tr('gap in the recording')}"
        if self._bands.overview.holds(y):
            lines += overview_lines(state, time_s)
        if self._bands.curve.top <= y < self._bands.strip.bottom:
            lines += self._quality_lines(time_s, y)
        for index, band in enumerate(self._bands.heads):
            if band.holds(y):
                lines += self._head_lines(index, time_s)
        if self._bands.notes.holds(y):
            lines += [
                f"{note.description} ({note.duration_s:g} s)"
                for note in state.annotations
                if note.onset_s - GRAB_PX * self._s_per_px() <= time_s
                and time_s <= note.onset_s + note.duration_s + GRAB_PX * self._s_per_px()
            ]
        return "\n".join(lines)

    def _quality_lines(self, time_s: float, y: float) -> list[str]:
        state = self._state
        if self._pictures is None or state.quality is None or self._window_at(time_s) is None:
            return [tr("not analysed")]
        metric, strip = METRICS[state.metric], self._bands.strip
        values, median, per_pair = self._pictures.values_at(time_s, state.quality)
        unit = f" {metric.unit}" if metric.unit else ""
        lines = [
            tr("{}, median of {} channels: {:.3g}{}").format(tr(metric.title), len(values), median, unit),
            tr("mask pairs: {}").format(", ".join(f"{value:.3g}" for value in per_pair)),
        ]
        if strip.holds(y):
            index = int((y - strip.top) / strip.height * len(values))
            lines.insert(1, f"{state.quality.names[index]}: {values[index]:.3g}{unit}")
        return lines

    def _head_lines(self, index: int, time_s: float) -> list[str]:
        head, window = self._state.heads[index], self._window_at(time_s)
        if window is None:
            return [head.title, tr("not analysed")]
        if head.abstained[window]:
            return [head.title, tr("abstains: {}").format(tr(ABSTENTIONS[head.abstained[window]]))]
        numbers = zip(head.classes, head.probabilities[window], strict=True)
        here = [tr("trained on this recording")] if head.trained_here else []
        said = [f"{name}: {value:.2f}" for name, value in numbers]
        return [f"{head.title}, {head.calibration()}", *here, *said]

    def _window_at(self, time_s: float) -> int | None:
        """The analysed window at a time."""
        track = self._state.analysis
        if track is None:
            return None
        inside = (track.onsets_s <= time_s) & (time_s < track.onsets_s + track.durations_s) & track.filled
        return int(np.flatnonzero(inside)[0]) if inside.any() else None

    def _arrange(self) -> None:
        self._bands = lay_out_bands(self._plot.height_px, len(self._state.heads))
        self._plot.arrange(self._state, self._bands)
        self._offer.place(self._plot.area_of(self._bands.strip))
        for side in (self._titles, self._keys):
            side.show_state(self._state, self._bands)
        self._show_overview()
        self._take_results()
        self._plot.show_page(self._state)

    def _show_overview(self) -> None:
        overview = paint_overview(self._state)
        self._plot.show_overview(overview, self._bands)
        self._keys.show_overview(overview)
        self._titles.show_state(self._state, self._bands)

    def _take_results(self) -> None:
        state = self._state
        if self._pictures is not None and state.analysis is not None and state.quality is not None:
            self._pictures.take(state.analysis, state.quality, state.heads, state.metric)
        self._plot.show_results(state, self._bands, self._pictures)

    # --- what the user does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right: the window before and the next one, a second where nothing is analysed."""
        step = ARROWS.get(event.key())
        if step is None or not self._state.duration_s:
            super().keyPressEvent(event)
            return
        self.cursor_moved.emit(self._stepped(step))

    def event(self, event: QEvent) -> bool:
        """Keep the arrows from the menus, where they turn the page."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if plain and event.key() in ARROWS:
                event.accept()
                return True
        return super().event(event)

    def _stepped(self, step: int) -> float:
        """The cursor a window on, or back."""
        state, track = self._state, self._state.analysis
        if track is None:
            return min(max(state.cursor_s + step * STEP_S, 0.0), state.duration_s)
        ahead = track.onsets_s[(track.onsets_s - state.cursor_s) * step > NEAR_S]
        return float(ahead[0 if step > 0 else -1]) if ahead.size else state.cursor_s

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            time_s, y = self._point(event.pos())
            QToolTip.showText(event.globalPos(), self.tip_at(time_s, y), self._plot)
            return True
        if event.type() == QEvent.Type.Wheel:
            return True
        if isinstance(event, QMouseEvent) and self._state.duration_s:
            self._on_mouse(event)
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> None:
        time_s, _ = self._point(event.position().toPoint())
        left = Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == left:
            self._pressed_s = time_s
            held = event.modifiers() & MARKING
            self._marking = held or None
            self._grabbed_s = None if held else self._grab(time_s)
            if self._grabbed_s is None and not held:
                self.cursor_moved.emit(time_s)
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & left and not self._marking:
            if self._grabbed_s is None:
                self.cursor_moved.emit(time_s)
            else:
                last_s = max(self._state.duration_s - self._state.page_s, 0.0)
                self.seek_requested.emit(min(max(time_s - self._grabbed_s, 0.0), last_s))
        elif event.type() == QEvent.Type.MouseButtonRelease and event.button() == left and self._marking:
            span, added = sorted((self._pressed_s, time_s)), bool(self._marking & CTRL)
            self._marking = None
            self.marks_wanted.emit((tuple(span),) if span[1] > span[0] else (), added)
        elif event.type() == QEvent.Type.MouseButtonRelease and event.button() == left:
            if self._grabbed_s is not None and time_s == self._pressed_s:
                self.cursor_moved.emit(time_s)  # a click within the frame, not a drag
            self._grabbed_s = None

    def _grab(self, time_s: float) -> float | None:
        """Seconds from the page's start if the frame was hit; a narrow frame is hit beside it, too."""
        state, reach_s = self._state, GRAB_PX * self._s_per_px()
        start_s, stop_s = state.page_start_s, state.page_start_s + state.page_s
        if start_s - reach_s <= time_s <= stop_s + reach_s:
            return time_s - start_s
        return None

    def _point(self, position: QPoint) -> tuple[float, float]:
        point = self._plot.box.mapSceneToView(self._plot.mapToScene(position))
        return min(max(point.x(), 0.0), self._state.duration_s), point.y()

    def _s_per_px(self) -> float:
        return self._state.duration_s / max(self._plot.box.width(), 1.0)


def _pictures(state: TimelineState) -> Pictures | None:
    if state.analysis is None or state.quality is None:
        return None
    return Pictures(state.duration_s, state.analysis, state.quality, state.heads, state.metric, state.theme)


def _identity(state: TimelineState) -> tuple[object, ...]:
    """Which arrays are shown: while they are the same ones, only new windows are looked at."""
    return (
        state.duration_s,
        id(state.analysis.filled) if state.analysis else None,
        id(state.quality.sums) if state.quality else None,
        tuple(id(head.probabilities) for head in state.heads),
        state.theme,
    )


def _revision(state: TimelineState) -> int:
    return state.analysis.revision if state.analysis else -1
