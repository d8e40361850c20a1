"""Results of the running or finished analysis, in memory, filled batch by batch."""

from __future__ import annotations

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.results import AnalysisStart, BatchResult
from samba_gui.io.results import StoredResults

MOST_VALUES = 4_000_000
"""With more, the seconds of a window are added up: no screen shows them one by one, and memory is short."""


class ResultsStore:
    """Arrays for all windows; what is not yet analysed is zero counts and NaN probabilities.

    Parameters
    ----------
    start : AnalysisStart
        The plan: how many windows, pairs, channels, bins and classes.

    Attributes
    ----------
    sums : QualitySums
        Arrays (windows, pairs, channels, bins) float32; a day's windows have one bin each.
    bin_s : float
        Length of a bin.
    probabilities : dict of str to ndarray (windows, classes) float32
    abstained : dict of str to ndarray (windows,) uint8
    features : ndarray (windows, features) float16
        No columns where the results file is of a version that did not keep them.
    filled : ndarray (windows,) bool
    revision : int
        Grows with every change: panels compare it instead of the arrays.
    """

    def __init__(self, start: AnalysisStart) -> None:
        windows = len(start.plan.windows)
        self.start = start
        rows = windows * start.recipe.pairs * len(start.recipe.labels)
        self._whole = rows * start.plan.bins > MOST_VALUES
        bins = 1 if self._whole else start.plan.bins
        plan = start.plan
        self.bin_s = (plan.window_samples if self._whole else plan.bin_samples) / plan.rate_hz
        shape = (windows, start.recipe.pairs, len(start.recipe.labels), bins)
        self.sums = QualitySums(*(np.zeros(shape, np.float32) for _ in QualitySums.FIELDS))
        self.probabilities = {
            head: np.full((windows, len(classes)), np.nan, np.float32)
            for head, classes in start.heads.items()
        }
        self.abstained = {head: np.zeros(windows, np.uint8) for head in start.heads}
        self.features = np.zeros((windows, start.features), np.float16)
        self.filled = np.zeros(windows, bool)
        self.revision = 0

    @property
    def complete(self) -> bool:
        """Whether every window is analysed."""
        return bool(self.filled.all())

    def add(self, batch: BatchResult) -> None:
        """Put a batch in its place."""
        here = slice(batch.first, batch.first + batch.count)
        for name in QualitySums.FIELDS:
            sums = getattr(batch.sums, name)
            getattr(self.sums, name)[here] = sums.sum(axis=-1, keepdims=True) if self._whole else sums
        for head, values in batch.probabilities.items():
            self.probabilities[head][here] = values
        for head, values in batch.abstained.items():
            self.abstained[head][here] = values
        self.features[here] = batch.features
        self.filled[here] = True
        self.revision += 1


def stored_in_memory(stored: StoredResults) -> ResultsStore:
    """Results of a file as those of an analysis."""
    store = ResultsStore(stored.start)
    store.add(stored.batch)
    return store
