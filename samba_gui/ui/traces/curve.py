"""Many traces of one colour, painted as the pixels they cross: several times faster than line by line.

A page of 64 channels has 160 000 lines on some hundred columns of pixels. In each column a trace covers one
stretch from its lowest to its highest point; the stretches of all traces are found at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from samba_gui.ui.pixel_item import PixelItem, Place


class TraceCurve(PixelItem):
    """Rows of lines over the same times, one pixel wide; what is not a number parts them."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._times, self._heights = np.empty(0), np.empty((0, 0))
        self._colour = QColor()
        self._image: QImage | None = None
        self._pixels: np.ndarray | None = None  # the image's memory: it must live as long as the image
        self._drawn_for: object = None

    def set_colour(self, colour: str) -> None:
        """Take another colour."""
        self._colour = QColor(colour)
        self._changed()

    def setData(self, times: ArrayLike, heights: ArrayLike) -> None:
        """Give times (n,), rising where they are numbers, and heights (rows, n), in plot coordinates."""
        self._times, self._heights = np.asarray(times, np.float64), np.asarray(heights, np.float64)
        self.setVisible(bool(self._heights.size))
        self._changed()

    def getData(self) -> tuple[np.ndarray, np.ndarray]:
        """Times (n,) and heights (rows, n)."""
        return self._times, self._heights

    def _changed(self) -> None:
        self._drawn_for = None
        self.update()

    def paint_pixels(self, painter: QPainter, area: QRectF, place: Place) -> None:
        """Copy the picture; draw it anew where the lines, their place or the size are others."""
        if not self._heights.size:
            return
        ratio = painter.device().devicePixelRatio()
        origin, unit = place(0.0, 0.0), place(1.0, 1.0)
        view = (area.getRect(), origin.toTuple(), unit.toTuple(), ratio)
        if view != self._drawn_for:
            self._drawn_for = view
            width, height = (max(round(ratio * size), 1) for size in (area.width(), area.height()))
            x = ratio * (self._times * (unit.x() - origin.x()) + origin.x() - area.left())
            y = self._heights * (ratio * (unit.y() - origin.y()))
            y += ratio * (origin.y() - area.top())
            covered = covered_pixels(x, y, width, height, max(round(ratio), 1))
            self._pixels = covered * np.uint32(self._colour.rgba())
            self._image = QImage(
                self._pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
            )
        assert self._image is not None
        painter.drawImage(area, self._image, QRectF(self._image.rect()))


def covered_pixels(x: np.ndarray, y: np.ndarray, width: int, height: int, thickness: int = 1) -> np.ndarray:
    """Which pixels lines cross.

    Parameters
    ----------
    x : ndarray (n,)
        In pixels from the left; rising where it is a number.
    y : ndarray (rows, n)
        In pixels from the top; what is not a number parts a line.
    width, height : int
    thickness : int
        Of the lines.

    Returns
    -------
    ndarray (height, width) bool
    """
    x, y, goes_on = _in_every_column(x, y)
    if not x.size:
        return np.zeros((height, width), bool)
    column = np.floor(x).astype(np.int64)
    first = np.flatnonzero(np.concatenate([[True], ~goes_on | (np.diff(column) != 0)]))
    low, high = np.fmin.reduceat(y, first, axis=1), np.fmax.reduceat(y, first, axis=1)
    # neighbouring columns meet where the line from the last point of one to the first of the other leaves it
    after, before = first[1:], first[1:] - 1
    share = np.full(len(after), np.nan)
    share[goes_on[before]] = ((column[after] - x[before]) / (x[after] - x[before] + 1e-9))[goes_on[before]]
    meeting = y[:, before] + share * (y[:, after] - y[:, before])
    for beside in (slice(None, -1), slice(1, None)):
        low[:, beside] = np.fmin(low[:, beside], meeting)
        high[:, beside] = np.fmax(high[:, beside], meeting)
    column = column[first]
    seen = (high > -thickness) & (low < height) & (column >= 0) & (column < width)
    at = np.broadcast_to(column, low.shape)[seen]
    top = np.maximum(low[seen], 0).astype(np.int64)
    bottom = np.clip(np.floor(high[seen]) + thickness, 0, height).astype(np.int64)
    # +1 where a stretch begins and -1 below its end: what adds up to more than nothing is covered
    edges = np.zeros((height + 1) * width, np.int16)
    np.add.at(edges, top * width + at, np.int16(1))
    np.add.at(edges, bottom * width + at, np.int16(-1))
    covered = np.cumsum(edges.reshape(height + 1, width)[:-1], axis=0, dtype=np.int16) > 0
    for _ in range(thickness - 1):
        covered[:, 1:] |= covered[:, :-1].copy()
    return covered


def _in_every_column(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points with more of them between any two that are over a pixel apart.

    Returns
    -------
    x : ndarray (m,)
        Without what is not a number.
    y : ndarray (rows, m)
    goes_on : ndarray (m - 1,) bool
        Whether the lines go on to the next point.
    """
    good = np.flatnonzero(np.isfinite(x))
    if len(good) < len(x):
        x, y = x[good], y[:, good]
    goes_on = np.diff(good) == 1
    steps = np.where(goes_on, np.ceil(np.diff(x)), 1).clip(1, None).astype(np.int64)
    if not steps.size or steps.max() == 1:
        return x, y, goes_on
    begins = np.concatenate([[0], np.cumsum(steps)])
    at = np.append(np.repeat(np.arange(len(steps)), steps), len(steps))
    part = (np.arange(len(at)) - begins[at]) / np.append(steps, 1)[at]
    after = np.minimum(at + 1, len(steps))
    between = y[:, at] + part * (y[:, after] - y[:, at])
    between[:, begins] = y  # also those beside what is not a number
    all_on = np.ones(len(at) - 1, bool)
    all_on[begins[1:] - 1] = goes_on
    return x[at] + part * (x[after] - x[at]), between, all_on
