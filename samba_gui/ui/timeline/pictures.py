"""Results as pictures: kept between batches, of which only the new columns are painted."""

from __future__ import annotations

import numpy as np

from samba_gui.ui.palette import lookup_table, name_colour
from samba_gui.ui.theme import Theme
from samba_gui.ui.timeline.columns import Columns, ProbabilityColumns, QualityColumns
from samba_gui.ui.timeline.metrics import METRICS, Metric
from samba_gui.ui.timeline.state import AnalysisTrack, HeadTrack, QualityTrack

LEVELS = 64
"""Steps of a probability in the picture of stacked areas."""


class Pictures:
    """Strip, curve and areas of one analysis.

    Parameters
    ----------
    duration_s : float
    analysis : AnalysisTrack
    quality : QualityTrack
    heads : tuple of HeadTrack
    metric : str
    theme : Theme
        Of the classes' colours.

    Attributes
    ----------
    strip : ndarray (channels, columns, 4) uint8
    median : ndarray (columns,)
    per_pair : ndarray (columns, pairs)
    areas : list of ndarray (LEVELS, columns, 4) uint8
    """

    def __init__(
        self,
        duration_s: float,
        analysis: AnalysisTrack,
        quality: QualityTrack,
        heads: tuple[HeadTrack, ...],
        metric: str,
        theme: Theme,
    ) -> None:
        self._theme = theme
        self.columns = Columns(duration_s, analysis, quality.bin_s)
        self._quality = QualityColumns(self.columns, quality)
        self._heads = [ProbabilityColumns(self.columns, head) for head in heads]
        n, pairs = self.columns.n, quality.sums.n.shape[1]
        self._metric = metric
        self.strip = np.zeros((len(quality.names), n, 4), np.uint8)
        self.median = np.full(n, np.nan)
        self.per_pair = np.full((n, pairs), np.nan)
        self.areas = [np.zeros((LEVELS, n, 4), np.uint8) for _ in heads]

    @property
    def width_s(self) -> float:
        """Time that all columns stand for together."""
        return self.columns.n * self.columns.column_s

    def take(
        self, analysis: AnalysisTrack, quality: QualityTrack, heads: tuple[HeadTrack, ...], metric: str
    ) -> None:
        """Gather and paint what was filled since the last call; everything if the metric changed."""
        windows = self.columns.take_new(analysis)
        at = self._quality.add(windows, analysis.onsets_s, quality) if windows.size else windows
        if metric != self._metric:
            self._metric, at = metric, np.arange(self.columns.n)
        if at.size:
            self._paint_quality(at, quality)
        for columns, head, picture in zip(self._heads, heads, self.areas, strict=True):
            changed = columns.add(windows, head, analysis)
            paint_areas(picture, changed, columns.means(changed), self._theme)

    def values_at(self, time_s: float, quality: QualityTrack) -> tuple[np.ndarray, float, np.ndarray]:
        """Figure of every channel, their median, and that of every pair, in the column of a time."""
        at = self.columns.at(np.array([time_s]))
        values, median, per_pair = self._quality.figures(METRICS[self._metric], quality.scale_uv, at)
        return values[0], float(median[0]), per_pair[0]

    def _paint_quality(self, at: np.ndarray, quality: QualityTrack) -> None:
        metric = METRICS[self._metric]
        values, self.median[at], self.per_pair[at] = self._quality.figures(metric, quality.scale_uv, at)
        paint_strip(self.strip, at, values, metric)


def paint_strip(picture: np.ndarray, at: np.ndarray, values: np.ndarray, metric: Metric) -> None:
    """Colour some columns of the strip.

    Parameters
    ----------
    picture : ndarray (channels, columns, 4) uint8
        Changed in place; transparent where there is no number.
    at : ndarray of int
        Columns.
    values : ndarray (columns, channels)
    metric : Metric
        Its limits are the ends of the colours.
    """
    share = np.clip((values - metric.low) / (metric.high - metric.low), 0, 1)
    colours = lookup_table(metric.colours)[np.nan_to_num(share * 255).round().astype(int)]
    colours[~np.isfinite(values)] = 0
    picture[:, at] = colours.transpose(1, 0, 2)


def paint_areas(picture: np.ndarray, at: np.ndarray, means: np.ndarray, theme: Theme) -> None:
    """Colour some columns of stacked areas, the first class lowest, a line of the ground between two.

    Parameters
    ----------
    picture : ndarray (LEVELS, columns, 4) uint8
        Row 0 is the top; changed in place; transparent where there is no probability.
    at : ndarray of int
        Columns.
    means : ndarray (columns, classes)
    theme : Theme
    """
    table = np.array([name_colour(i, theme).getRgb() for i in range(means.shape[1])], np.uint8)
    heights = (np.arange(LEVELS)[::-1] + 0.5) / LEVELS
    tops = np.cumsum(np.nan_to_num(means), axis=1)
    above = heights[:, None, None] - tops[None, :, :-1]
    colours = table[(above > 0).sum(axis=2)]
    colours[(np.abs(above) < 1 / LEVELS).any(axis=2)] = 0  # colours of neighbours need not differ much
    colours[:, ~np.isfinite(means).all(axis=1)] = 0
    picture[:, at] = colours
