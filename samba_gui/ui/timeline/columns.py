"""Results gathered into columns of equal width: as many as a screen shows, updated batch by batch."""

from __future__ import annotations

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.ui.timeline.metrics import Metric
from samba_gui.ui.timeline.state import AnalysisTrack, HeadTrack, QualityTrack

MAX_COLUMNS = 1200


class Columns:
    """The time axis in columns, and which windows have been gathered.

    Parameters
    ----------
    duration_s : float
    track : AnalysisTrack
    bin_s : float
        Columns are not narrower than this.
    max_columns : int
    """

    def __init__(
        self, duration_s: float, track: AnalysisTrack, bin_s: float, max_columns: int = MAX_COLUMNS
    ) -> None:
        bins = max(int(np.ceil(duration_s / bin_s - 1e-9)), 1)
        self.column_s = bin_s * -(-bins // max_columns)
        self.n = int(np.ceil(bins * bin_s / self.column_s - 1e-9))
        self._taken = np.zeros(len(track.filled), bool)

    def take_new(self, track: AnalysisTrack) -> np.ndarray:
        """Indices of windows that were filled since the last call."""
        new = np.flatnonzero(track.filled & ~self._taken)
        self._taken[new] = True
        return new

    def at(self, times_s: np.ndarray) -> np.ndarray:
        """Column of each time, int."""
        return np.clip((np.asarray(times_s) / self.column_s + 1e-9).astype(int), 0, self.n - 1)

    def centres_s(self) -> np.ndarray:
        """Middle of each column."""
        return (np.arange(self.n) + 0.5) * self.column_s


class QualityColumns:
    """Quality sums per column, pair and channel: figures of a column are figures of its sums.

    Parameters
    ----------
    columns : Columns
    track : QualityTrack
    """

    def __init__(self, columns: Columns, track: QualityTrack) -> None:
        _, pairs, channels, _ = track.sums.n.shape
        self._columns = columns
        shape = (columns.n, pairs, channels)
        self.sums = QualitySums(*(np.zeros(shape) for _ in QualitySums.FIELDS))

    def add(self, windows: np.ndarray, onsets_s: np.ndarray, track: QualityTrack) -> np.ndarray:
        """Gather windows; returns the columns that changed, ascending."""
        bins = track.sums.n.shape[3]
        centres_s = onsets_s[windows, None] + (np.arange(bins) + 0.5) * track.bin_s
        used = track.sums.n[windows].any(axis=(1, 2))  # a short window has fewer bins
        at = self._columns.at(centres_s[used])
        changed, starts = np.unique(at, return_index=True)
        for name in QualitySums.FIELDS if at.size else ():
            values = getattr(track.sums, name)[windows].transpose(0, 3, 1, 2)[used]
            getattr(self.sums, name)[changed] += np.add.reduceat(values, starts, axis=0, dtype=np.float64)
        return changed

    def figures(
        self, metric: Metric, scale_uv: np.ndarray, at: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Figures of some columns.

        Returns
        -------
        values : ndarray (columns, channels)
            Over all mask pairs together.
        median : ndarray (columns,)
            Over channels.
        per_pair : ndarray (columns, pairs)
            Median over channels of each mask pair.
        """
        sums = self.sums[at]
        values = metric.figure(sums.over(1), scale_uv)
        return values, median(values), median(metric.figure(sums, scale_uv))


class ProbabilityColumns:
    """Mean class probabilities per column; NaN where no window has any.

    Parameters
    ----------
    columns : Columns
    track : HeadTrack
    """

    def __init__(self, columns: Columns, track: HeadTrack) -> None:
        self._columns = columns
        self._total = np.zeros((columns.n, len(track.classes)))
        self._count = np.zeros(columns.n)

    def add(self, windows: np.ndarray, track: HeadTrack, analysis: AnalysisTrack) -> np.ndarray:
        """Gather windows; returns the columns that changed, ascending."""
        spoken = windows[np.isfinite(track.probabilities[windows]).all(axis=1)]
        first = self._columns.at(analysis.onsets_s[spoken])
        ends_s = analysis.onsets_s[spoken] + analysis.durations_s[spoken]
        last = self._columns.at(ends_s - 0.5 * self._columns.column_s)
        counts = np.maximum(last - first, 0) + 1
        at = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        np.add.at(self._total, at, np.repeat(track.probabilities[spoken], counts, axis=0))
        np.add.at(self._count, at, 1)
        return np.unique(at)

    def means(self, at: np.ndarray) -> np.ndarray:
        """Mean probabilities of some columns (columns, classes)."""
        total, count = self._total[at], self._count[at, None]
        return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def median(values: np.ndarray) -> np.ndarray:
    """Median over the last axis of what is a number; NaN where nothing is."""
    nothing = ~np.isfinite(values).any(axis=-1)
    found = np.nanmedian(np.where(nothing[..., None], 0.0, values), axis=-1)
    return np.where(nothing, np.nan, found)


def pending_spans(track: AnalysisTrack) -> tuple[tuple[float, float], ...]:
    """Stretches that are planned but not analysed, merged."""
    return merged(track, ~track.filled)


def merged(track: AnalysisTrack, chosen: np.ndarray) -> tuple[tuple[float, float], ...]:
    """Stretches of the chosen windows; neighbours without a gap become one."""
    if not chosen.any():
        return ()
    starts_s, stops_s = track.onsets_s[chosen], (track.onsets_s + track.durations_s)[chosen]
    apart = starts_s[1:] - stops_s[:-1] > 1e-3
    first, last = np.concatenate([[True], apart]), np.concatenate([apart, [True]])
    return tuple(zip(starts_s[first].tolist(), stops_s[last].tolist(), strict=True))
