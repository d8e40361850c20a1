"""Results of the running or finished analysis, in memory, filled batch by batch."""

from __future__ import annotations

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.results import AnalysisStart, BatchResult


class ResultsStore:
    """Arrays for all windows; what is not yet analysed is zero counts and NaN probabilities.

    Parameters
    ----------
    start : AnalysisStart
        The plan: how many windows, pairs, channels, bins and classes.

    Attributes
    ----------
    sums : QualitySums
        Arrays (windows, pairs, channels, bins) float32.
    probabilities : dict of str to ndarray (windows, classes) float32
    abstained : dict of str to ndarray (windows,) uint8
    filled : ndarray (windows,) bool
    revision : int
        Grows with every change: panels compare it instead of the arrays.
    """

    def __init__(self, start: AnalysisStart) -> None:
        windows = len(start.plan.windows)
        shape = (windows, start.recipe.pairs, len(start.recipe.labels), start.plan.bins)
        self.start = start
        self.sums = QualitySums(*(np.zeros(shape, np.float32) for _ in QualitySums.FIELDS))
        self.probabilities = {
            head: np.full((windows, len(classes)), np.nan, np.float32)
            for head, classes in start.heads.items()
        }
        self.abstained = {head: np.zeros(windows, np.uint8) for head in start.heads}
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
            getattr(self.sums, name)[here] = getattr(batch.sums, name)
        for head, values in batch.probabilities.items():
            self.probabilities[head][here] = values
        for head, values in batch.abstained.items():
            self.abstained[head][here] = values
        self.filled[here] = True
        self.revision += 1
