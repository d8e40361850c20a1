"""The plot of the traces: curves, spans, cursor and scale bars over a time axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from samba_gui.ui.palette import DEPTHS, depth_colours, name_colour, tinted, trace_colours
from samba_gui.ui.pixel_item import Spans
from samba_gui.ui.theme import Theme
from samba_gui.ui.time_axis import TimeAxis
from samba_gui.ui.traces.curve import TraceCurve
from samba_gui.ui.traces.marks import BAR_PX, LANE_PX, LANES, AnnotationTexts, ScaleBars
from samba_gui.ui.traces.overlay import Overlay
from samba_gui.ui.traces.rows import RowLayout, RowScale, place
from samba_gui.ui.traces.state import TracesState

TOP_PX = BAR_PX + LANE_PX * LANES + 4
BOTTOM_PX = 6
MOMENT = 85
"""Strength of an annotation without duration: its line is opaque, see :class:`Spans`."""
BY_DEPTH = tuple(f"depth{i}" for i in range(DEPTHS))
CURVES = ("bad", "trace", *BY_DEPTH, "original", "selected", "picked", "predicted", "residual")


class TracePlot(pg.PlotWidget):
    """Draws what the panel tells it; heights are rows downwards, times are seconds."""

    def __init__(self) -> None:
        self._axis = TimeAxis()
        super().__init__(axisItems={"bottom": self._axis}, enableMenu=False)
        self._axis.setZValue(-1)  # its grid lies behind the traces
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.hideAxis("left")
        self.hideButtons()
        self.box = self.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.box.disableAutoRange()
        self.box.invertY(True)
        self._curves = {name: self._add_curve(z) for z, name in enumerate(CURVES)}
        self._masked, self._spans = Spans(-5), Spans(-4)
        self._nothing, self._gaps = Spans(-3), Spans(-2, Qt.BrushStyle.BDiagPattern)
        self._texts = AnnotationTexts(20)
        self._cursor, self._measured, self._drawn = Spans(15), Spans(14), Spans(16)
        self._accent = QColor()
        for item in (
            self._masked,
            self._spans,
            self._nothing,
            self._gaps,
            self._texts,
            self._measured,
            self._drawn,
            self._cursor,
        ):
            self.box.addItem(item, ignoreBounds=True)
        self._bars = ScaleBars(self.viewport())
        self._readout = QLabel(self.viewport())
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def rows_px(self) -> float:
        """Height that is there for rows."""
        return max(self.box.height() - TOP_PX - BOTTOM_PX, 20.0)

    def dress(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        colours = trace_colours(theme)
        self.setBackground(theme.base)
        self._axis.set_theme(theme, colours.grid)
        self._accent = QColor(theme.accent)
        traces = colours.bad, colours.trace, *depth_colours(theme), colours.trace
        pens = *traces, theme.accent, theme.accent, colours.predicted, colours.residual
        for name, colour in zip(CURVES, pens, strict=True):
            self._curves[name].set_colour(colour)
        self._readout.setStyleSheet(
            f"color: {theme.text}; background: {theme.window}; border: 1px solid {theme.edge};"
            "padding: 1px 5px; font-size: 11px;"
        )

    def show_times(self, start_s: float, duration_s: float, clock_start_s: float | None) -> None:
        """Fit the time axis to a page."""
        self._axis.set_clock(clock_start_s)
        self.box.setXRange(start_s, start_s + duration_s, padding=0)

    def show_rows(self, row_px: float, scrolled_px: float) -> None:
        """Fit the height of a row, and scroll."""
        top = (scrolled_px - TOP_PX) / row_px
        self.box.setYRange(top, top + (self.rows_px + TOP_PX + BOTTOM_PX) / row_px, padding=0)

    def show_scales(self, uv_per_px: float, page_s: float, theme: Theme) -> None:
        """Give the scale bars their length and their place."""
        self._bars.set_scales(uv_per_px, page_s / max(self.box.width(), 1.0), theme)
        corner = self.box.sceneBoundingRect().bottomRight().toPoint()
        self._bars.move(corner.x() - self._bars.width() - 6, corner.y() - self._bars.height() - 6)

    def draw_curves(
        self,
        state: TracesState,
        layout: RowLayout,
        scales: Sequence[RowScale],
        overlay: Overlay | None,
        visible: np.ndarray,
    ) -> None:
        """Draw the visible rows; the overlay's original stands in for the trace: like beside like."""
        page, display = state.page, state.display

        def heights_of(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
            row_scales = [scales[i] for i in rows.tolist()]
            return place(values, layout.take(rows), row_scales, display.positive_up, display.clipped)

        rows = np.flatnonzero(visible)
        if overlay is None:
            heights = heights_of(page.data[rows], rows)
        else:
            behind = _within(page.times_s, overlay.covered)
            on_page = _within(page.times_s, ((page.start_s, page.start_s + page.duration_s),))
            if behind[on_page].all():
                rows = np.setdiff1d(rows, overlay.rows)  # nothing of the others would be seen
            heights = heights_of(page.data[rows], rows)
            heights[np.ix_(np.isin(rows, overlay.rows), behind)] = np.nan
        kinds = np.array([state.kind_of(index) for index in rows.tolist()], dtype="U8")
        for name in ("bad", "trace", *BY_DEPTH, "selected"):
            self._curves[name].setData(page.times_s, heights[kinds == name])
        for name in ("original", "picked", "predicted", "residual"):
            self._curves[name].setData([], [])
        if overlay is None:
            return
        seen = visible[overlay.rows]
        rows = overlay.rows[seen]
        picked = np.array([state.kind_of(index) == "selected" for index in rows.tolist()], dtype=bool)
        originals = heights_of(overlay.original[seen], rows)
        self._curves["original"].setData(overlay.times_s, originals[~picked])
        self._curves["picked"].setData(overlay.times_s, originals[picked])
        name = "residual" if display.residual else "predicted"
        self._curves[name].setData(overlay.times_s, heights_of(getattr(overlay, name)[seen], rows))

    def draw_marks(self, state: TracesState, overlay: Overlay | None) -> None:
        """Draw annotations, gaps and masked spans."""
        page, colours = state.page, trace_colours(state.theme)
        stop_s = page.start_s + page.duration_s
        here = [
            note
            for note in state.annotations
            if note.onset_s < stop_s
            and (note.onset_s >= page.start_s or note.onset_s + note.duration_s > page.start_s)
        ]
        self._texts.set_annotations(here, state.places, state.annotation, state.theme)
        spans = []
        for note in here:
            colour = name_colour(state.places[note.description], state.theme)
            strength = 52 if note == state.annotation else 16 if note.duration_s else MOMENT
            spans.append((note.onset_s, note.onset_s + note.duration_s, tinted(colour, strength)))
        self._spans.set_spans(spans)
        self._nothing.set_spans(
            [(start_s, end_s, QColor(state.theme.window)) for start_s, end_s in page.gaps]
        )
        self._gaps.set_spans([(start_s, end_s, colours.gap) for start_s, end_s in page.gaps])
        masked = overlay.masked if overlay else ()
        self._masked.set_spans([(start_s, end_s, colours.masked) for start_s, end_s in masked])

    def show_drag(self, span: tuple[float, float] | None) -> None:
        """Show where an annotation would lie, by onset and duration."""
        veil = QColor(self._accent)
        veil.setAlpha(60)
        self._drawn.set_spans([] if span is None else [(span[0], span[0] + span[1], veil)])

    def show_cursor(self, time_s: float, mark_s: float | None, text: str) -> None:
        """Move the cursor line, the point it is measured from, and the readout where there is a text."""
        self._cursor.set_spans([(at_s, at_s, self._accent) for at_s in (time_s, mark_s) if at_s is not None])
        veil = QColor(self._accent)
        veil.setAlpha(30)
        self._measured.set_spans([] if mark_s is None else [(min(time_s, mark_s), max(time_s, mark_s), veil)])
        self._readout.setVisible(bool(text))
        if not text:
            return
        self._readout.setText(text)
        self._readout.adjustSize()
        area = self.box.sceneBoundingRect()
        x = self.box.mapViewToScene(QPointF(time_s, 0)).x()
        width = self._readout.width()
        beside = x + 6 if x + 8 + width < area.right() else x - 6 - width
        self._readout.move(int(beside), int(area.bottom()) - self._readout.height() - 4)

    def _add_curve(self, z: int) -> TraceCurve:
        curve = TraceCurve(z)
        self.box.addItem(curve, ignoreBounds=True)
        return curve


def _within(times_s: np.ndarray, spans: tuple[tuple[float, float], ...]) -> np.ndarray:
    inside = np.zeros(times_s.shape, bool)
    for start_s, stop_s in spans:
        inside |= (times_s >= start_s) & (times_s < stop_s)
    return inside
