"""Left and right of the timelines: titles, classes, and the colour bar with its limits."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from samba_gui.ui.language import tr
from samba_gui.ui.palette import lookup_table, name_colour
from samba_gui.ui.theme import Theme
from samba_gui.ui.timeline.bands import Band, Bands, lay_out_bands
from samba_gui.ui.timeline.metrics import HONEST, METRICS
from samba_gui.ui.timeline.overview import OverviewPicture
from samba_gui.ui.timeline.state import HeadTrack, TimelineState

LEFT_PX = 190
RIGHT_PX, WIDEST_PX = 96, 160
KEY_PX = 18
"""Where the words beside a key begin."""
FONT_PX = 11
SMALL_PX = 10
LINE_PX = 13
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


AMPLITUDE = (
    "How large the EEG is, peak to peak within each second, as recorded: no display filter, no reference.\n"
    "Dark: the median of the channels that are not bad. Light: the largest of them, artefacts included."
)


class Side(QWidget):
    """A column beside the plot that follows its bands."""

    def __init__(self, width_px: int) -> None:
        super().__init__()
        self.setFixedWidth(width_px)
        self._state = TimelineState()
        self._bands: Bands = lay_out_bands(200, 0)

    def show_state(self, state: TimelineState, bands: Bands) -> None:
        """Take over what is shown beside it."""
        self._state, self._bands = state, bands
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().y()), self)
            return True
        return super().event(event)

    def tip_at(self, y: float) -> str:
        """What is said of the band at a height."""
        raise NotImplementedError

    def _begin(self) -> QPainter:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._state.theme.base))
        font = painter.font()
        font.setPixelSize(FONT_PX)
        painter.setFont(font)
        return painter


class Titles(Side):
    """What each band shows."""

    def __init__(self) -> None:
        super().__init__(LEFT_PX)
        self.setWhatsThis(HONEST)

    def paintEvent(self, _event: object) -> None:
        painter = self._begin()
        theme = self._state.theme
        metric = METRICS[self._state.metric]
        self._lines(painter, self._bands.overview, self._overview_words())
        self._lines(painter, self._bands.curve, [(tr("median, spread over mask pairs"), theme.dim)])
        quality = self._state.quality
        below = tr("{} channels").format(len(quality.names)) if quality else tr("not analysed")
        self._lines(painter, self._bands.strip, [(tr(metric.title), theme.text), (below, theme.dim)])
        for head, band in zip(self._state.heads, self._bands.heads, strict=True):
            self._lines(painter, band, head_words(head, band, theme))
        self._lines(painter, self._bands.notes, [(tr("annotations"), theme.dim)])
        painter.end()

    def _overview_words(self) -> list[tuple[str, str]]:
        """The overview's title and how far it is."""
        theme, amplitudes = self._state.theme, self._state.amplitudes
        lines = [(tr("Amplitude"), theme.text)]
        if amplitudes is not None and not amplitudes.complete:
            share = amplitudes.gathered / len(amplitudes.typical_uv)
            lines[0] = (tr("Amplitude, {:.0%} read").format(share), theme.text)
        if amplitudes is not None:
            lines.append((tr("median and largest channel"), theme.dim))
        return lines

    def tip_at(self, y: float) -> str:
        if self._bands.curve.top <= y < self._bands.strip.bottom:
            return f"{tr(METRICS[self._state.metric].meaning)}\n{tr(HONEST)}"
        if self._bands.overview.holds(y):
            return tr(AMPLITUDE)
        for head, band in zip(self._state.heads, self._bands.heads, strict=True):
            if band.holds(y):
                lines = [f"{head.title}: {', '.join(head.classes)}"]
                lines.append(tr("{}; the line is at chance").format(head.calibration()))
                if head.trained_here:
                    lines.append(tr("It was trained on this recording: what it says here is no test of it."))
                return "\n".join(lines)
        return ""

    def _lines(self, painter: QPainter, band: Band, lines: list[tuple[str, str]]) -> None:
        """Write as many lines as fit, in the middle of the band."""
        shown = lines[: _fitting(band)]
        top = band.top + (band.height - LINE_PX * len(shown)) / 2
        for index, (text, colour) in enumerate(shown):
            painter.setPen(QColor(colour))
            font = painter.font()
            font.setPixelSize(FONT_PX if colour == self._state.theme.text else SMALL_PX)
            painter.setFont(font)
            fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, LEFT_PX - 14)
            painter.drawText(QRectF(8, top + index * LINE_PX, LEFT_PX - 14, LINE_PX), _RIGHT, fitted)


def head_words(head: HeadTrack, band: Band, theme: Theme) -> list[tuple[str, str]]:
    """A head's title and what to hold of it, with colours; where one line fits, the caution is in it."""
    lines = [(head.title, theme.text), (head.calibration(), theme.dim)]
    if head.trained_here and _fitting(band) == 1:
        return [(tr("trained here: {title}").format(title=head.title), theme.careful)]
    if head.trained_here:
        lines.insert(1, (tr("trained on this recording"), theme.careful))
    return lines


def _fitting(band: Band) -> int:
    """How many lines fit."""
    return max(1, int(band.height // (LINE_PX - 1)))


class Keys(Side):
    """Colour bar with its limits, and the classes in the order of the areas."""

    def __init__(self) -> None:
        super().__init__(RIGHT_PX)
        self._overview: OverviewPicture | None = None

    def show_overview(self, overview: OverviewPicture | None) -> None:
        """Take over the scale of the amplitudes."""
        self._overview = overview
        self.update()

    def show_state(self, state: TimelineState, bands: Bands) -> None:
        """Take it over, as wide as the names of the classes."""
        super().show_state(state, bands)
        font = self.font()
        font.setPixelSize(FONT_PX)
        advance = QFontMetricsF(font).horizontalAdvance
        widest = max((advance(name) for head in state.heads for name in head.classes), default=0.0)
        self.setFixedWidth(min(max(RIGHT_PX, ceil(widest) + KEY_PX + 4), WIDEST_PX))

    def tip_at(self, y: float) -> str:
        heads = zip(self._state.heads, self._bands.heads, strict=True)
        return "\n".join(name for head, band in heads if band.holds(y) for name in reversed(head.classes))

    def paintEvent(self, _event: object) -> None:
        painter = self._begin()
        metric, bands = METRICS[self._state.metric], self._bands
        text = QColor(self._state.theme.dim)
        table = lookup_table(metric.colours)[::-1, None, :].copy()
        bar = QImage(table.data, 1, len(table), 4, QImage.Format.Format_RGBA8888)
        painter.drawImage(QRectF(6, bands.strip.top, 8, bands.strip.height), bar)
        painter.setPen(text)
        if self._overview is not None:
            scale = QRectF(KEY_PX, bands.overview.top, self.width() - KEY_PX, bands.overview.height)
            painter.drawText(scale, _LEFT, f"{self._overview.scale_uv:g} µV")
            painter.drawLine(QPointF(10, bands.overview.top), QPointF(10, bands.overview.bottom))
            for y in (bands.overview.top, bands.overview.bottom):
                painter.drawLine(QPointF(7, y), QPointF(13, y))
        limits = [(bands.strip.top, metric.high), (bands.strip.bottom - LINE_PX, metric.low)]
        if bands.curve.height >= 2 * LINE_PX:  # else they would touch those of the strip, which are the same
            limits += [(bands.curve.top - 3, metric.high), (bands.curve.bottom - 10, metric.low)]
        for y, value in limits:
            painter.drawText(QRectF(KEY_PX, y, self.width() - KEY_PX, LINE_PX), _LEFT, f"{value:g}")
        for head, band in zip(self._state.heads, bands.heads, strict=True):
            self._paint_classes(painter, head, band)
        painter.end()

    def _paint_classes(self, painter: QPainter, head: HeadTrack, band: Band) -> None:
        """Class names from the bottom up, as the areas are stacked."""
        metrics = QFontMetricsF(painter.font())
        step = min(float(LINE_PX), band.height / max(len(head.classes), 1))
        for index, name in enumerate(head.classes):
            middle = band.bottom - (index + 0.5) * band.height / len(head.classes)
            if step < FONT_PX - 1 and index not in (0, len(head.classes) - 1):
                continue
            painter.fillRect(QRectF(6, middle - 4, 8, 8), name_colour(index, self._state.theme))
            painter.setPen(QColor(self._state.theme.text))
            room = self.width() - KEY_PX - 2
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(KEY_PX, middle - LINE_PX / 2, room + 2, LINE_PX), _LEFT, text)
