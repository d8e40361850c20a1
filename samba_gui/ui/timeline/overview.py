"""The overview: how large the EEG is over the whole recording, in as many columns as a screen shows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from samba_gui.session.overview import Amplitudes
from samba_gui.ui.language import tr
from samba_gui.ui.timeline.state import TimelineState

MAX_COLUMNS = 1200
ROWS = 56
SCALES_UV = tuple(step * decade for decade in (1.0, 10.0, 100.0, 1e3, 1e4) for step in (1, 2, 3, 5))
USUAL_SHARE = 0.75
"""The scale holds this share of the columns; blinks and movements of the rest are cut off at the edges."""


@dataclass(frozen=True, eq=False)
class OverviewPicture:
    """What is drawn.

    Parameters
    ----------
    picture : ndarray (ROWS, columns, 4) uint8
    width_s : float
        Time that all columns stand for together.
    scale_uv : float
        Peak to peak that fills the band.
    """

    picture: np.ndarray
    width_s: float
    scale_uv: float


def paint_overview(state: TimelineState) -> OverviewPicture | None:
    """Mean of the typical and greatest of the largest amplitude per column, about the middle of the band."""
    amplitudes = state.amplitudes
    if amplitudes is None or not np.isfinite(amplitudes.largest_uv).any():
        return None
    step = -(-len(amplitudes.largest_uv) // MAX_COLUMNS)
    typical_uv, largest_uv = columns(amplitudes, step)
    usual_uv = np.nanquantile(largest_uv, USUAL_SHARE)
    scale_uv = next((scale for scale in SCALES_UV if scale >= usual_uv), SCALES_UV[-1])
    picture = np.zeros((ROWS, len(typical_uv), 4), np.uint8)
    colour = QColor(state.theme.dim)
    picture[..., :3] = colour.red(), colour.green(), colour.blue()
    outer, inner = (_covered(values_uv / scale_uv) for values_uv in (largest_uv, typical_uv))
    picture[..., 3] = np.maximum(80 * outer, 190 * inner)
    return OverviewPicture(picture, len(typical_uv) * step * amplitudes.bucket_s, scale_uv)


def columns(amplitudes: Amplitudes, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the typical and greatest of the largest amplitude of ``step`` buckets each; NaN without any."""
    pad = (0, -len(amplitudes.largest_uv) % step)
    typical, largest = (
        np.pad(values, pad, constant_values=np.nan).reshape(-1, step)
        for values in (amplitudes.typical_uv, amplitudes.largest_uv)
    )
    known = np.isfinite(typical)
    n = known.sum(axis=1)
    mean = np.divide(
        np.where(known, typical, 0).sum(axis=1), n, out=np.full(n.shape, np.nan, np.float32), where=n > 0
    )
    return mean, np.fmax.reduce(largest, axis=1)


def _covered(shares: np.ndarray) -> np.ndarray:
    """How much of each pixel lies within a share of the height about its middle, 0 to 1 (ROWS, columns)."""
    from_middle = np.abs(np.arange(ROWS) + 0.5 - ROWS / 2)
    half = np.maximum(np.nan_to_num(shares) * ROWS / 2, np.isfinite(shares) * 0.5)  # flat is a thin line
    return np.clip(half - from_middle[:, None] + 0.5, 0, 1)


def overview_lines(state: TimelineState, time_s: float) -> list[str]:
    """The numbers at a time."""
    amplitudes = state.amplitudes
    at = int(time_s / amplitudes.bucket_s) if amplitudes else 0
    if amplitudes is None or at >= amplitudes.gathered or not np.isfinite(amplitudes.largest_uv[at]):
        return [tr("not read yet")]
    told = tr("peak to peak in {:g} s, as recorded: {:.0f} µV (median of {} channels), {:.0f} µV (largest)")
    typical_uv, largest_uv = amplitudes.typical_uv[at], amplitudes.largest_uv[at]
    return [told.format(amplitudes.bucket_s, typical_uv, amplitudes.n_channels, largest_uv)]
