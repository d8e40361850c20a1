"""Judging a classifier on one recording: contiguous pieces of time are held out, never single windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from samba_gui.engine.labelling import LabelledWindows
from samba_gui.training.probe import (
    DRAWS,
    Examples,
    Score,
    balanced_accuracy,
    balanced_log_loss,
    drawn_again,
    score_predictions,
)

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)  # inverse L2 penalties tried
BINS = 5

Split = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What was said of windows while they were held out.

    Parameters
    ----------
    probabilities : ndarray (windows, classes)
        Penalty and temperature come from the other pieces.
    logits : ndarray (windows, classes)
        Under the penalty that is best over all pieces.
    best : int
        Which penalty that is.
    """

    probabilities: np.ndarray
    logits: np.ndarray
    best: int

    @property
    def predicted(self) -> np.ndarray:
        """The likeliest class of each window (windows,)."""
        return self.probabilities.argmax(axis=1)


@dataclass(frozen=True, eq=False)
class Piece:
    """What is trained on and what is judged while one piece of the recording is held out.

    Parameters
    ----------
    train, test : ndarray of int
        Indices of windows.
    seen, unseen : ndarray (windows, unknowns)
        Their features, standardised by the training windows. The weights lie in the span of these, so all
        is told in their own coordinates: the same solution, with fewer unknowns.
    """

    train: np.ndarray
    test: np.ndarray
    seen: np.ndarray
    unseen: np.ndarray


def pieces_of(features: np.ndarray, splits: list[Split]) -> list[Piece]:
    """Prepare features (windows, features) for every split; labels play no part."""
    pieces = []
    for train, test in splits:
        mean, scale = features[train].mean(axis=0), features[train].std(axis=0) + 1e-6
        seen, unseen = ((features[which] - mean) / scale for which in (train, test))
        if len(seen) < seen.shape[1]:
            axes = np.linalg.svd(seen, full_matrices=False)[2].T
            seen, unseen = seen @ axes, unseen @ axes
        pieces.append(Piece(train, test, seen, unseen))
    return pieces


def out_of_fold(pieces: list[Piece], labels: np.ndarray, classes: int) -> OutOfFold:
    """Logistic regression under each of :data:`STRENGTHS`.

    Parameters
    ----------
    pieces : list of Piece
    labels : ndarray (windows,) int
    classes : int
    """
    logits = np.zeros((len(STRENGTHS), len(labels), classes))
    for piece in pieces:
        logits[:, piece.test] = _fit(piece, labels[piece.train], classes)
    return calibrated(logits, [piece.test for piece in pieces], labels)


def calibrated(logits: np.ndarray, pieces: Sequence[np.ndarray], labels: np.ndarray) -> OutOfFold:
    """Choose among logits (choices, windows, classes) that were given while each piece was held out."""
    probabilities = np.zeros(logits.shape[1:])
    for piece in pieces:
        others = np.setdiff1d(np.arange(len(labels)), piece)
        found = [smoothed_temperature(one[others], labels[others]) for one in logits]
        best = int(np.argmin([loss for _, loss in found]))
        probabilities[piece] = softmax(logits[best, piece] / found[best][0], axis=1)
    best = int(np.argmin([smoothed_temperature(one, labels)[1] for one in logits]))
    return OutOfFold(probabilities, logits[best], best)


def _fit(piece: Piece, labels: np.ndarray, classes: int) -> np.ndarray:
    """Logits of what is held out under each penalty, (strengths, windows, classes).

    The objective is scikit-learn's with balanced classes, minimised here because thousands of small fits
    would spend their time in its checks; each penalty starts from the stronger one's solution.
    """
    x = np.column_stack([piece.seen.astype(np.float64), np.ones(len(labels))])
    counts = np.bincount(labels, minlength=classes)
    weights = len(labels) / (np.count_nonzero(counts) * counts[labels])
    targets = np.eye(classes)[labels]
    found, flat = [], np.zeros(x.shape[1] * classes)
    for strength in STRENGTHS:
        # two opposite columns share the penalty that scikit-learn puts on one
        share = strength / 2 if classes == 2 else strength

        def cost(flat: np.ndarray, share: float = share) -> tuple[float, np.ndarray]:
            rows = flat.reshape(-1, classes)
            log_p = log_softmax(x @ rows, axis=1)
            slope = share * x.T @ ((np.exp(log_p) - targets) * weights[:, None])
            slope[:-1] += rows[:-1]
            loss = -share * weights @ (log_p * targets).sum(axis=1) + 0.5 * np.square(rows[:-1]).sum()
            return float(loss), slope.ravel()

        flat = minimize(cost, flat, jac=True, method="L-BFGS-B", options={"gtol": 1e-4}).x
        rows = flat.reshape(-1, classes)
        found.append(piece.unseen @ rows[:-1] + rows[-1])
    return np.stack(found)


def lda_predicted(pieces: list[Piece], labels: np.ndarray) -> np.ndarray:
    """The same pieces told by linear discriminants with shrunk covariance, class indices (windows,)."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    said = np.zeros(len(labels), dtype=int)
    for piece in pieces:
        model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
        said[piece.test] = model.fit(piece.seen, labels[piece.train]).predict(piece.unseen)
    return said


def smoothed_temperature(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The temperature that fits logits (windows, classes) best, and its loss; every class counts the same.

    Few windows that are all told right would ask for certainty; labels count as (n + 1) / (n + 2) true, n
    windows of the class (Platt 1999), so that certainty grows with what was seen.
    """
    counts = np.bincount(labels, minlength=logits.shape[1])
    doubt = 1 / (counts[labels] + 2)
    weights = 1 / counts[labels]
    targets = np.repeat(doubt[:, None] / (logits.shape[1] - 1), logits.shape[1], axis=1)
    targets[np.arange(len(labels)), labels] = 1 - doubt

    def loss(log_temperature: float) -> float:
        wrong = -(targets * log_softmax(logits / np.exp(log_temperature), axis=1)).sum(axis=1)
        return float(np.average(wrong, weights=weights))

    found = minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded")
    return float(np.exp(found.x)), float(found.fun)


def judged(predicted: np.ndarray, labelled: LabelledWindows, log_loss: float = float("nan")) -> Score:
    """Balanced accuracy with an interval over blocks drawn again.

    Drawing again cannot show errors that were never made: the interval also reaches down to what so many
    faultless blocks leave possible (Clopper and Pearson 1934).
    """
    examples = Examples(np.zeros((len(predicted), 0)), labelled.labels, labelled.blocks)
    found = score_predictions(predicted, examples, log_loss)
    blocks = len(np.unique(labelled.blocks))
    return replace(found, low=min(found.low, 0.025 ** (1 / blocks)))


def gain_of(
    predicted: np.ndarray, instead_of: np.ndarray, labelled: LabelledWindows
) -> tuple[float, float, float]:
    """By how much balanced accuracy is larger, and the 95 % interval over blocks drawn again.

    With few blocks such an interval is too narrow: between equals it lies above 0 in 5 to 7 % of cases, not
    in 2.5 %. So it also holds 0 where exchanging the two in every other block, at random, gives as much of
    a gain (or loss) in more than 2.5 % of cases.

    Parameters
    ----------
    predicted, instead_of : ndarray (windows,) int
    labelled : LabelledWindows
    """
    labels = labelled.labels

    def gain(one: np.ndarray, other: np.ndarray, which: np.ndarray | slice = slice(None)) -> float:
        here = labels[which]
        return balanced_accuracy(one[which], here) - balanced_accuracy(other[which], here)

    whole = gain(predicted, instead_of)
    drawn = (gain(predicted, instead_of, which) for which in drawn_again(labelled.blocks))
    low, high = np.quantile([*drawn], [0.025, 0.975])
    rng, (_, of_window) = np.random.default_rng(0), np.unique(labelled.blocks, return_inverse=True)
    exchanged = []
    for _ in range(DRAWS):
        swapped = rng.integers(2, size=of_window.max() + 1).astype(bool)[of_window]
        pair = np.where(swapped, instead_of, predicted), np.where(swapped, predicted, instead_of)
        exchanged.append(gain(*pair))
    if np.mean(np.array(exchanged) >= whole - 1e-12) > 0.025:
        low = min(low, 0.0)
    if np.mean(np.array(exchanged) <= whole + 1e-12) > 0.025:
        high = max(high, 0.0)
    return whole, float(low), float(high)


def log_loss_of(found: OutOfFold, labels: np.ndarray) -> float:
    """Mean negative log probability, every class counting the same."""
    return balanced_log_loss(found.probabilities, labels)


def confusion(predicted: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """Counts (true class, predicted class)."""
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


@dataclass(frozen=True)
class ReliabilityBin:
    """Windows whose likeliest class was given about the same probability, and how often it was right."""

    windows: int
    said: float
    right: float


def reliability(found: OutOfFold, labels: np.ndarray) -> tuple[list[ReliabilityBin], float]:
    """Bins of equally many windows, and the expected calibration error over them."""
    said = found.probabilities.max(axis=1)
    right = found.predicted == labels
    bins = []
    for part in np.array_split(np.argsort(said, kind="stable"), BINS):
        if len(part):
            bins.append(ReliabilityBin(len(part), float(said[part].mean()), float(right[part].mean())))
    return bins, sum(one.windows * abs(one.said - one.right) for one in bins) / len(labels)
