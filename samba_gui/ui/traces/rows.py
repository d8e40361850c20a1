"""Where rows of traces lie and how large their values are drawn; plain numbers, no drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.core.recording import ChannelKind
from samba_gui.engine.page_rows import ELECTRIC, PageRow

GROUP_GAP = 0.7
"""Empty space between groups, in rows."""

OTHER_HEIGHT = 2.0
"""Height of a row that is not EEG, in rows: it has a scale of its own to write."""

LANE_HEIGHT = 5.0
"""Height of a butterfly's baseline, in rows."""

MIN_ROW_PX = 6.0
"""Rows are not packed more tightly than this; beyond it the panel scrolls."""

CLIP_ROWS = 3.0
"""A wild channel is cut off this far from its line unless it is kept to its row."""


@dataclass(frozen=True, eq=False)
class RowLayout:
    """Rows from top to bottom, in units of one EEG row.

    Parameters
    ----------
    centres : ndarray (rows,)
    heights : ndarray (rows,)
    total : float
        Height of all rows.
    """

    centres: np.ndarray
    heights: np.ndarray
    total: float

    def row_px(self, height_px: float, at_a_time: int = 0) -> float:
        """Height of a row so that all fit, or that many at a time; not less than legible."""
        seen = min(self.total, float(at_a_time)) if at_a_time else self.total
        return max(height_px / max(seen, 1.0), MIN_ROW_PX)

    def sharing(self, index: int) -> np.ndarray:
        """Indices of the rows on the baseline of one."""
        return np.flatnonzero(self.centres == self.centres[index])

    def take(self, rows: np.ndarray) -> RowLayout:
        """Only some of the rows, where they are."""
        return RowLayout(self.centres[rows], self.heights[rows], self.total)

    def reach(self, clipped: bool = False) -> np.ndarray:
        """How far from its line each trace is drawn, in rows (rows,)."""
        return self.heights / 2 if clipped else np.maximum(self.heights, CLIP_ROWS)

    def within(self, top: float, bottom: float) -> np.ndarray:
        """Which rows can be seen between two heights, bool (rows,); as far as their traces reach."""
        reach = CLIP_ROWS + self.heights / 2
        return (self.centres + reach > top) & (self.centres - reach < bottom)

    def nearest(self, y: float) -> int:
        """Index of the row at a height; -1 without rows."""
        return int(np.argmin(np.abs(self.centres - y) / self.heights)) if len(self.centres) else -1


@dataclass(frozen=True, slots=True)
class RowScale:
    """How a row's values become heights: ``(value - middle) / per_row`` rows.

    Parameters
    ----------
    per_row : float
        Units per row.
    middle : float
        Value on the row's line.
    text : str
        The scale in words where it is not the EEG's.
    electric : bool
        Whether polarity concerns it; a temperature rises upwards for every reader.
    """

    per_row: float
    middle: float = 0.0
    text: str = ""
    electric: bool = True


def lay_out(rows: Sequence[PageRow], butterfly: bool = False) -> RowLayout:
    """Stack rows with a gap where the group changes.

    Parameters
    ----------
    rows : sequence of PageRow
    butterfly : bool
        All electric traces of a group on one baseline.
    """
    if butterfly and rows:
        return _lay_out_lanes(rows)
    heights = np.array([1.0 if row.kind is ChannelKind.EEG else OTHER_HEIGHT for row in rows])
    groups = np.array([row.group for row in rows])
    gaps = GROUP_GAP * np.concatenate([[0.0], groups[1:] != groups[:-1]]) if len(rows) else np.empty(0)
    ends = np.cumsum(heights + gaps)
    return RowLayout(ends - heights / 2, heights, float(ends[-1]) if len(rows) else 0.0)


def _lay_out_lanes(rows: Sequence[PageRow]) -> RowLayout:
    """One lane for each group of electric rows that follow each other; the others keep their own rows."""
    lanes: list[list[int]] = []
    for index, row in enumerate(rows):
        before = rows[lanes[-1][-1]] if lanes else None
        together = before is not None and (before.group, before.kind) == (row.group, row.kind)
        if together and row.kind in ELECTRIC:
            lanes[-1].append(index)
        else:
            lanes.append([index])
    tall = [LANE_HEIGHT if len(lane) > 1 else OTHER_HEIGHT for lane in lanes]
    ends = np.cumsum(np.array(tall) + GROUP_GAP) - GROUP_GAP
    heights = np.repeat(tall, [len(lane) for lane in lanes])
    centres = np.repeat(ends - np.array(tall) / 2, [len(lane) for lane in lanes])
    return RowLayout(centres, heights, float(ends[-1]))


def scale_rows(
    rows: Sequence[PageRow],
    data: np.ndarray,
    uv_per_mm: Callable[[ChannelKind], float],
    row_mm: float,
    zoom: float = 1.0,
) -> list[RowScale]:
    """The scale of each row.

    Parameters
    ----------
    rows : sequence of PageRow
    data : ndarray (rows, n)
        Only rows that are not electric are looked at: they are fitted to what they hold.
    uv_per_mm : callable
        Sensitivity of a kind of channels.
    row_mm : float
        Height of an EEG row.
    zoom : float
        How much larger than fits the rows that are not electric are drawn.
    """
    return [
        _electric(row, uv_per_mm, row_mm)
        if row.unit == "µV" and row.kind in ELECTRIC
        else _fitted(row, values, zoom)
        for row, values in zip(rows, data, strict=True)
    ]


def _electric(row: PageRow, uv_per_mm: Callable[[ChannelKind], float], row_mm: float) -> RowScale:
    uv = uv_per_mm(row.kind)
    return RowScale(uv * row_mm, 0.0, f"{uv:g} µV/mm" if uv != uv_per_mm(ChannelKind.EEG) else "")


def _fitted(row: PageRow, values: np.ndarray, zoom: float) -> RowScale:
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    span = high - low
    text = f"{low:.4g} … {high:.4g} {row.unit}".strip() + (f", ×{zoom:g}" if zoom != 1.0 else "")
    per_row = span / (0.8 * OTHER_HEIGHT * zoom) if span > 0 else 1.0
    return RowScale(per_row, (low + high) / 2, text, electric=False)


def cut_off(data: np.ndarray, layout: RowLayout, scales: Sequence[RowScale], clipped: bool) -> int:
    """How many rows reach further than :func:`place` draws them; a flat top is then no flat signal."""
    if not data.size:
        return 0
    low, high = np.fmin.reduce(data, axis=1), np.fmax.reduce(data, axis=1)
    middle = np.array([scale.middle for scale in scales])
    reach = layout.reach(clipped) * np.array([scale.per_row for scale in scales])
    return int(np.count_nonzero((high - middle > reach) | (middle - low > reach)))


def place(
    data: np.ndarray,
    layout: RowLayout,
    scales: Sequence[RowScale],
    positive_up: bool,
    clipped: bool = False,
) -> np.ndarray:
    """Heights of all samples, in rows downwards.

    Parameters
    ----------
    data : ndarray (rows, n)
    layout : RowLayout
    scales : sequence of RowScale
    positive_up : bool
        Of electric channels.
    clipped : bool
        Cut off at the edges of each row, else :data:`CLIP_ROWS` from its line.

    Returns
    -------
    ndarray (rows, n)
    """
    per_row = np.array([scale.per_row for scale in scales])[:, None]
    middle = np.array([scale.middle for scale in scales])[:, None]
    reach = layout.reach(clipped)[:, None]
    down = np.array([scale.electric and not positive_up for scale in scales])[:, None]
    heights = data - middle
    heights /= np.where(down, per_row, -per_row)  # in place: this runs at every turn of a page
    np.clip(heights, -reach, reach, out=heights)
    heights += layout.centres[:, None]
    return heights
