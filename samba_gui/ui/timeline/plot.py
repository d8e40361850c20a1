"""The plot of the timelines: strip, curve, probabilities, annotations, page and cursor on one axis."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor

from samba_gui.ui.palette import tinted, trace_colours
from samba_gui.ui.pixel_item import Spans
from samba_gui.ui.time_axis import TimeAxis
from samba_gui.ui.timeline.bands import EDGE_PX, Band, Bands
from samba_gui.ui.timeline.columns import merged, pending_spans
from samba_gui.ui.timeline.items import MedianCurve, NoteBand, PageFrame
from samba_gui.ui.timeline.metrics import METRICS
from samba_gui.ui.timeline.overview import OverviewPicture
from samba_gui.ui.timeline.pictures import Pictures
from samba_gui.ui.timeline.state import HeadTrack, TimelineState


class HeadItems:
    """The picture of one head's probabilities, the hatches over it and the line at chance."""

    def __init__(self, box: pg.ViewBox) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._abstained = Spans(2, Qt.BrushStyle.DiagCrossPattern)
        self._uncalibrated = Spans(2, Qt.BrushStyle.FDiagPattern)
        self._chance = pg.PlotCurveItem()
        self._chance.setZValue(3)
        for item in self._items():
            box.addItem(item, ignoreBounds=True)

    def remove_from(self, box: pg.ViewBox) -> None:
        """Take everything off the plot."""
        for item in self._items():
            box.removeItem(item)

    def place(self, band: Band, chance: float, state: TimelineState) -> None:
        """Keep to a band."""
        self._abstained.set_band(band.top, band.bottom)
        self._uncalibrated.set_band(band.top, band.bottom)
        pen = pg.mkPen(state.theme.base, width=1, style=Qt.PenStyle.DotLine, cosmetic=True)
        self._chance.setPen(pen)
        self._chance.setData([0, state.duration_s], [band.y_of(chance)] * 2)

    def show(self, picture: np.ndarray, rect: QRectF, head: HeadTrack, state: TimelineState) -> None:
        """Draw the areas, hatched where the head abstained or is not calibrated."""
        track = state.analysis
        assert track is not None
        self._image.setImage(picture, autoLevels=False, levels=None)
        self._image.setRect(rect)
        silent = merged(track, track.filled & (head.abstained > 0))
        self._abstained.set_spans([(a, b, QColor(state.theme.dim)) for a, b in silent])
        spoken = () if head.calibrated else merged(track, track.filled & (head.abstained == 0))
        self._uncalibrated.set_spans([(a, b, tinted(state.theme.base, 170)) for a, b in spoken])

    def _items(self) -> tuple[pg.GraphicsObject, ...]:
        return self._image, self._abstained, self._uncalibrated, self._chance


class TimelinePlot(pg.PlotWidget):
    """Draws what the panel tells it; heights are pixels downwards, times are seconds."""

    def __init__(self) -> None:
        self._axis = TimeAxis()
        super().__init__(axisItems={"bottom": self._axis}, enableMenu=False)
        self._axis.setGrid(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.hideAxis("left")
        self.hideButtons()
        self.box = self.getViewBox()
        self.box.setMouseEnabled(False, False)
        self.box.disableAutoRange()
        self.box.invertY(True)
        self._overview = pg.ImageItem(axisOrder="row-major")
        self._strip = pg.ImageItem(axisOrder="row-major")
        self._pending = Spans(1, Qt.BrushStyle.BDiagPattern)
        self._nothing, self._gaps = Spans(3.5), Spans(4, Qt.BrushStyle.DiagCrossPattern)
        self._curve, self._notes = MedianCurve(2), NoteBand(2)
        self._veil, self._marks = Spans(4.5), Spans(8)
        self._frame = PageFrame(6)
        self._heads: list[HeadItems] = []
        for item in (
            self._overview,
            self._strip,
            self._pending,
            self._nothing,
            self._gaps,
            self._curve,
            self._notes,
            self._veil,
            self._marks,
            self._frame,
        ):
            self.box.addItem(item, ignoreBounds=True)

    @property
    def height_px(self) -> float:
        """Height that is there for bands."""
        return max(self.box.height(), 60.0)

    def area_of(self, band: Band) -> QRect:
        """Where a band lies in the widget, in pixels."""
        box = self.box.sceneBoundingRect()
        return QRectF(box.left(), box.top() + band.top, box.width(), band.height).toRect()

    def arrange(self, state: TimelineState, bands: Bands) -> None:
        """Put every band in its place and draw what depends on no result."""
        theme = state.theme
        self.setBackground(theme.base)
        self._axis.set_theme(theme, theme.edge)
        self._axis.set_clock(state.clock_start_s)
        self.box.setXRange(0, max(state.duration_s, 1e-3), padding=0)
        self.box.setYRange(0, self.height_px, padding=0)
        self._notes.set_notes(state.annotations, state.places, bands.notes, theme)
        bottom = bands.heads[-1].bottom if bands.heads else bands.strip.bottom
        self._pending.set_band(bands.curve.top, bottom)
        for spans in (self._nothing, self._gaps):
            spans.set_band(bands.overview.top, bottom)
        self._gaps.set_spans([(a, b, trace_colours(theme).gap) for a, b in state.gaps])
        self._nothing.set_spans([(a, b, QColor(theme.window)) for a, b in state.gaps])
        self._marks.set_band(0, EDGE_PX)
        while len(self._heads) > len(state.heads):
            self._heads.pop().remove_from(self.box)
        while len(self._heads) < len(state.heads):
            self._heads.append(HeadItems(self.box))
        for items, head, band in zip(self._heads, state.heads, bands.heads, strict=True):
            items.place(band, 1 / len(head.classes), state)

    def show_overview(self, overview: OverviewPicture | None, bands: Bands) -> None:
        """Draw the amplitudes, as far as they are known."""
        self._overview.setVisible(overview is not None)
        if overview is not None:
            band = bands.overview
            self._overview.setImage(overview.picture, autoLevels=False, levels=None)
            self._overview.setRect(QRectF(0, band.top, overview.width_s, band.height))

    def show_page(self, state: TimelineState) -> None:
        """Move the page frame, the cursor and what is marked."""
        self._veil.set_spans([(a, b, tinted(state.theme.text, 38)) for a, b in state.marked])
        self._marks.set_spans([(a, b, QColor(state.theme.text)) for a, b in state.marked])
        page_stop_s = state.page_start_s + state.page_s
        self._frame.set_page(state.page_start_s, page_stop_s, state.cursor_s, state.theme)

    def show_results(self, state: TimelineState, bands: Bands, pictures: Pictures | None) -> None:
        """Draw the results; what is not analysed yet is hatched."""
        spans = pending_spans(state.analysis) if state.analysis else [(0.0, state.duration_s)]
        self._pending.set_spans([(a, b, tinted(state.theme.dim, 70)) for a, b in spans])
        self._strip.setVisible(pictures is not None)
        self._curve.setVisible(pictures is not None)
        if pictures is None or state.analysis is None:
            return
        band = bands.strip
        self._strip.setImage(pictures.strip, autoLevels=False, levels=None)
        self._strip.setRect(QRectF(0, band.top, pictures.width_s, band.height))
        self._curve.set_curve(
            pictures.columns.centres_s(),
            pictures.median,
            pictures.per_pair,
            METRICS[state.metric],
            bands.curve,
            state.theme,
        )
        for items, head, picture, band in zip(
            self._heads, state.heads, pictures.areas, bands.heads, strict=True
        ):
            items.show(picture, QRectF(0, band.top, pictures.width_s, band.height), head, state)
