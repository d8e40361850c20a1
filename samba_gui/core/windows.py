"""Analysis windows on a recording."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True, slots=True)
class Window:
    """One analysis window.

    Parameters
    ----------
    index : int
    segment : int
        Index of the recording segment it lies in; windows never straddle a gap.
    start : int
        First sample at the network's rate, counted from the segment's onset.
    n : int
        Samples at the network's rate; shorter than a full window only at a segment's end.
    onset_s : float
        Seconds from the recording's first sample.
    """

    index: int
    segment: int
    start: int
    n: int
    onset_s: float


@dataclass(frozen=True)
class WindowPlan:
    """All windows of an analysis, in time order.

    Parameters
    ----------
    windows : tuple of Window
    rate_hz : float
        The network's rate.
    window_samples : int
        Length of a full window.
    bin_samples : int
        Length of a quality bin (1 s).
    skipped_s : float
        Time at segment ends too short for a window.
    """

    windows: tuple[Window, ...]
    rate_hz: float
    window_samples: int
    bin_samples: int
    skipped_s: float = 0.0

    def first(self, count: int) -> WindowPlan:
        """The plan of the first windows alone."""
        return replace(self, windows=self.windows[:count])

    @property
    def bins(self) -> int:
        """Quality bins of a full window."""
        return -(-self.window_samples // self.bin_samples)

    def onsets_s(self) -> np.ndarray:
        """Onset of every window, float64 (windows,), not to be changed."""
        return self._onsets_s

    def durations_s(self) -> np.ndarray:
        """Duration of every window, float64 (windows,), not to be changed."""
        return self._durations_s

    @cached_property
    def _onsets_s(self) -> np.ndarray:
        return np.array([window.onset_s for window in self.windows])

    @cached_property
    def _durations_s(self) -> np.ndarray:
        return np.array([window.n for window in self.windows]) / self.rate_hz

    def index_at(self, time_s: float) -> int | None:
        """The window that covers ``time_s``, or None in gaps and skipped stretches."""
        at = int(np.searchsorted(self.onsets_s(), time_s, side="right")) - 1
        if at < 0 or time_s >= self.windows[at].onset_s + self.windows[at].n / self.rate_hz:
            return None
        return at
