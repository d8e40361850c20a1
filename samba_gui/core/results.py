"""What an analysis yields, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.recipe import Recipe
from samba_gui.core.windows import WindowPlan
from samba_gui.core.words import NOTHING, Text

RESULTS_SUFFIX = ".samba.h5"


@dataclass(frozen=True, eq=False)
class BatchResult:
    """Results of windows ``first … first + count``.

    Parameters
    ----------
    first, count : int
    sums : QualitySums
        Arrays (count, pairs, channels, bins) float32.
    probabilities : mapping of head name to ndarray (count, classes) float32
        NaN where the head abstains.
    abstained : mapping of head name to ndarray (count,) uint8
        Index into :data:`ABSTENTIONS`; 0 = it did not abstain.
    features : ndarray (count, features) float16
        What the heads read of each window, whether they speak or abstain: statistics over time of the
        decoder's channels. Infinite where float16 ends.
    """

    first: int
    count: int
    sums: QualitySums
    probabilities: dict[str, np.ndarray]
    abstained: dict[str, np.ndarray]
    features: np.ndarray


ABSTENTIONS = (
    NOTHING,
    Text("window shorter than the head was trained on"),
    Text("fewer electrodes than the head was trained on"),
    Text("amplitude outside the range of the training data"),
    Text("flat or missing signal in the window"),
)
SHORT, FEW, AMPLITUDE, FLAT = 1, 2, 3, 4
"""Places in :data:`ABSTENTIONS`."""

TRAINED_HERE = "trained_on_this_recording"
"""In provenance: what of the bundle learned from the very recording; absent if nothing did."""


@dataclass(frozen=True, eq=False)
class AnalysisStart:
    """Sent before the first batch.

    Parameters
    ----------
    recipe : Recipe
    plan : WindowPlan
    scale_uv : ndarray (channels,) float64
        What each channel was divided by.
    device : str
        e.g. ``"cpu (2 threads)"`` or ``"cuda: NVIDIA …"``.
    heads : mapping of head name to classes
    features : int
        How many a window has; 0 in results of program versions that did not keep them.
    resumed : int
        Windows taken over from an unfinished results file.
    """

    recipe: Recipe
    plan: WindowPlan
    scale_uv: np.ndarray
    device: str
    heads: dict[str, tuple[str, ...]]
    features: int
    resumed: int = 0


@dataclass(frozen=True, eq=False)
class Reconstruction:
    """Original and reconstruction of some windows as the network sees them, in µV.

    Parameters
    ----------
    window : int
    onset_s : float
    rate_hz : float
        The network's rate.
    original, predicted : ndarray (channels, times) float32
        In the network's band and reference; ``predicted`` is each sample's prediction from the pass of
        the pair in which it was masked.
    masked_first : ndarray (times,) bool
        Samples masked in the first pass of the pair; the others were masked in the second.
    pair : int
    """

    window: int
    onset_s: float
    rate_hz: float
    original: np.ndarray
    predicted: np.ndarray
    masked_first: np.ndarray
    pair: int = 0


@dataclass(frozen=True)
class AnalysisSummary:
    """Sent last when an analysis is done; what ``samba-gui run --json`` prints."""

    results_path: str
    windows: int
    seconds: float
    realtime_factor: float
    peak_memory_mb: float
    facts: dict[str, Any] = field(default_factory=dict)
