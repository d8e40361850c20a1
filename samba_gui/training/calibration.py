"""Whether probabilities are what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from samba_gui.models.heads import LinearHead
from samba_gui.training.probe import Examples, balanced_log_loss, logits, probabilities

EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Bin:
    """Windows whose likelier class has a probability in a range: how many, mean probability, share right."""

    windows: int
    said: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """Of one split: balanced log loss without and with the temperature, expected calibration error, bins.

    The expected calibration error is the mean distance of ``said`` and ``right``, weighted by windows.
    """

    temperature: float
    raw_loss: float
    loss: float
    error: float
    bins: tuple[Bin | None, ...]


def calibration(head: LinearHead, examples: Examples) -> Calibration:
    """Judge a head of two classes; empty ranges are None."""
    p = probabilities(head, examples.features).astype(np.float64)
    said, right = p.max(axis=1), p.argmax(axis=1) == examples.labels
    ranges = np.minimum(np.searchsorted(EDGES, said, side="right") - 1, len(EDGES) - 2)
    bins = tuple(
        Bin(int(own.sum()), float(said[own].mean()), float(right[own].mean())) if own.any() else None
        for own in (ranges == k for k in range(len(EDGES) - 1))
    )
    return Calibration(
        float(head.temperature),
        balanced_log_loss(softmax(logits(head, examples.features), axis=1), examples.labels),
        balanced_log_loss(p, examples.labels),
        sum(one.windows * abs(one.said - one.right) for one in bins if one) / len(said),
        bins,
    )
