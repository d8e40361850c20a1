"""What the same procedure makes of labels that mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from samba_gui.engine.labelling import LabelledWindows
from samba_gui.training.blocked import Piece, confusion, out_of_fold
from samba_gui.training.probe import balanced_accuracy

ENOUGH_STRETCHES = 5
MOST_NULLS = 59
SAME = 0.75
"""Labels that agree this much with the true ones, up to names, ask the same question again."""


@dataclass(frozen=True, eq=False)
class Null:
    """The same procedure under labels that mean nothing.

    Parameters
    ----------
    way : str
        How labels were made meaningless, in words.
    accuracies : ndarray (draws,)
    """

    way: str
    accuracies: np.ndarray

    @property
    def high(self) -> float:
        """What 95 % of them do not exceed; NaN without any."""
        return float(np.quantile(self.accuracies, 0.95)) if len(self.accuracies) else float("nan")

    def p_value(self, accuracy: float) -> float:
        """Share of labellings, the true one among them, that are told as well."""
        return float((1 + (self.accuracies >= accuracy - 1e-12).sum()) / (1 + len(self.accuracies)))


def null_of(
    pieces: list[Piece],
    labelled: LabelledWindows,
    draws: int,
    told: Callable[[int, int], None],
    seed: int = 0,
) -> Null:
    """Balanced accuracies under meaningless labels.

    With five or more stretches of every class their labels are permuted among them; with fewer, the whole
    sequence of labels is shifted in a circle, so that what drifts with time counts for the null as well.
    """
    classes = len(labelled.classes)
    way, labellings = _labellings(labelled, draws, np.random.default_rng(seed))
    found = []
    for k, labels in enumerate(labellings):
        told(k, len(labellings))
        if len(np.unique(labels)) == classes:
            predicted = out_of_fold(pieces, labels, classes).predicted
            found.append(balanced_accuracy(predicted, labels))
    return Null(way, np.array(found))


def _labellings(
    labelled: LabelledWindows, draws: int, rng: np.random.Generator
) -> tuple[str, list[np.ndarray]]:
    labels, classes = labelled.labels, len(labelled.classes)
    if min(labelled.counts(label)[2] for label in range(classes)) >= ENOUGH_STRETCHES:
        first = np.unique(labelled.stretches, return_index=True)[1]
        drawn = [rng.permutation(labels[first])[labelled.stretches] for _ in range(draws)]
        return "labels permuted among stretches", drawn
    shifted = [np.roll(labels, k) for k in range(1, len(labels))]
    apart = [one for one in shifted if _agreement(one, labels, classes) < SAME]
    chosen = np.linspace(0, len(apart) - 1, min(draws, len(apart))).round().astype(int)
    return "labels shifted in a circle", [apart[k] for k in chosen]


def _agreement(one: np.ndarray, other: np.ndarray, classes: int) -> float:
    """Share of windows with the same label, whatever the classes are called."""
    from scipy.optimize import linear_sum_assignment

    counts = confusion(one, other, classes)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return float(counts[rows, columns].sum() / len(one))
