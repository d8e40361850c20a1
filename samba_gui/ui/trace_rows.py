"""Where rows of traces lie and how large their values are drawn; plain numbers, no drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.core.recording import ChannelKind
from samba_gui.engine.pages import PageRow

GROUP_GAP = 0.7
"""Empty space between groups, in rows."""

OTHER_HEIGHT = 2.0
"""Height of a row that is not EEG, in rows: it has a scale of its own to write."""

MIN_ROW_PX = 6.0
"""Rows are not packed more tightly than this; beyond it the panel scrolls."""

CLIP_ROWS = 3.0
"""A wild channel is cut off this far from its line."""

KIND_FACTORS = {
    ChannelKind.EEG: 1.0,
    ChannelKind.REFERENCE: 1.0,
    ChannelKind.EOG: 2.0,
    ChannelKind.EMG: 2.0,
    ChannelKind.ECG: 10.0,
}
"""How many times the EEG's µV per division a kind gets; kinds without a factor are fitted to the page."""


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

    def row_px(self, height_px: float) -> float:
        """Height of a row so that all fit, but not less than legible."""
        return max(height_px / max(self.total, 1.0), MIN_ROW_PX)

    def take(self, rows: np.ndarray) -> RowLayout:
        """Only some of the rows, where they are."""
        return RowLayout(self.centres[rows], self.heights[rows], self.total)

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
    """

    per_row: float
    middle: float = 0.0
    text: str = ""


def lay_out(rows: Sequence[PageRow]) -> RowLayout:
    """Stack rows with a gap where the group changes."""
    heights = np.array([1.0 if row.kind is ChannelKind.EEG else OTHER_HEIGHT for row in rows])
    groups = np.array([row.group for row in rows])
    gaps = GROUP_GAP * np.concatenate([[0.0], groups[1:] != groups[:-1]]) if len(rows) else np.empty(0)
    ends = np.cumsum(heights + gaps)
    return RowLayout(ends - heights / 2, heights, float(ends[-1]) if len(rows) else 0.0)


def scale_rows(
    rows: Sequence[PageRow],
    data: np.ndarray,
    uv_per_row: float,
    division: str = "div",
    uv_per_division: float | None = None,
) -> list[RowScale]:
    """The scale of each row.

    Parameters
    ----------
    rows : sequence of PageRow
    data : ndarray (rows, n)
        Only rows without a scale in µV are looked at: they are fitted to what they hold.
    uv_per_row : float
        Of the EEG.
    division : str
        Word for what the EEG's sensitivity counts in.
    uv_per_division : float, optional
        That sensitivity, for the text; a row by default.
    """
    return [
        _scale(row, values, uv_per_row, f"{{:g}} µV/{division}", uv_per_division or uv_per_row)
        for row, values in zip(rows, data, strict=True)
    ]


def _scale(
    row: PageRow, values: np.ndarray, uv_per_row: float, wording: str, uv_per_division: float
) -> RowScale:
    factor = KIND_FACTORS.get(row.kind) if row.unit == "µV" else None
    if factor is not None:
        text = wording.format(factor * uv_per_division) if factor != 1.0 else ""
        return RowScale(factor * uv_per_row, 0.0, text)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    span = high - low
    text = f"{low:.4g} … {high:.4g} {row.unit}".strip()
    return RowScale(span / (0.8 * OTHER_HEIGHT) if span > 0 else 1.0, (low + high) / 2, text)


def place(data: np.ndarray, layout: RowLayout, scales: Sequence[RowScale], positive_up: bool) -> np.ndarray:
    """Heights of all samples, in rows downwards, cut off :data:`CLIP_ROWS` from their lines.

    Parameters
    ----------
    data : ndarray (rows, n)
    layout : RowLayout
    scales : sequence of RowScale
    positive_up : bool

    Returns
    -------
    ndarray (rows, n)
    """
    per_row = np.array([scale.per_row for scale in scales])[:, None]
    middle = np.array([scale.middle for scale in scales])[:, None]
    heights = (data - middle) / (-per_row if positive_up else per_row)
    return layout.centres[:, None] + np.clip(heights, -CLIP_ROWS, CLIP_ROWS)
