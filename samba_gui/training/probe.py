"""A linear head on the frozen network's features, calibrated and judged on held-out subjects.

scikit-learn does the fitting; only numbers reach the bundle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from scipy.special import softmax

from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.folded import FoldedSamba
from samba_gui.models.heads import LinearHead, pooled_features
from samba_gui.training.trials import Trials

STRENGTHS = tuple(10.0**k for k in (-5, -4.5, -4, -3.5, -3, -2.5, -2, -1))  # inverse L2 penalties tried
BLOCK = 5  # windows; the interval resamples blocks, since neighbouring windows are alike
DRAWS = 2000


@dataclass(frozen=True)
class Examples:
    """Features (n, 1152), labels (n,), and the block each window belongs to (n,)."""

    features: np.ndarray
    labels: np.ndarray
    blocks: np.ndarray


@dataclass(frozen=True)
class Score:
    """Balanced accuracy with its 95 % interval over blocks of neighbouring windows, and mean log loss."""

    balanced_accuracy: float
    low: float
    high: float
    log_loss: float
    windows: int


@torch.inference_mode()
def extract(network: BundleNetwork, trials: Sequence[Trials], cuts: Sequence[Sequence[str]]) -> Examples:
    """Features of all trials, once for every montage in ``cuts`` that the recording holds.

    Parameters
    ----------
    network : BundleNetwork
    trials : sequence of Trials
    cuts : sequence of sequences of str
        Electrode names.
    """
    network.eval()
    config = network.config
    targets = torch.as_tensor(config.to_network(config.target.positions_m), dtype=torch.float32)
    features, labels, blocks = [], [], []
    block = 0
    for one in trials:
        names = one.recording.montage.labels
        for cut in cuts:
            if not set(cut) <= set(names):
                continue
            channels = np.array([names.index(name) for name in cut])
            places = config.to_network(one.recording.montage.positions_m[channels])
            folded = FoldedSamba(network.net, torch.as_tensor(places, dtype=torch.float32), targets)
            x = np.stack([one.recording.window(int(s), config.window_samples, channels) for s in one.starts])
            for part in np.array_split(x, -(-len(x) // 16)):
                features.append(pooled_features(folded.decoder3(torch.from_numpy(part))).numpy())
            labels.append(one.labels)
            blocks.append(block + np.arange(len(x)) // BLOCK)
            block = int(blocks[-1][-1]) + 1
    return Examples(np.concatenate(features), np.concatenate(labels), np.concatenate(blocks))


def joined(parts: Sequence[Examples]) -> Examples:
    """Examples of several extractions as one, their blocks kept apart."""
    blocks: list[np.ndarray] = []
    for part in parts:
        blocks.append(part.blocks + (blocks[-1].max() + 1 if blocks else 0))
    features, labels = (np.concatenate([getattr(p, name) for p in parts]) for name in ("features", "labels"))
    return Examples(features, labels, np.concatenate(blocks))


def fit_head(train: Examples, held_out: Examples, classes: int) -> LinearHead:
    """Logistic regression; penalty and temperature are chosen on held-out subjects.

    Parameters
    ----------
    train, held_out : Examples
        Of different subjects.
    classes : int
    """
    best: tuple[float, LinearHead] | None = None
    for strength in STRENGTHS:
        head = fit_linear(train, strength, classes)
        calibrate(head, held_out)
        loss = balanced_log_loss(probabilities(head, held_out.features), held_out.labels)
        if best is None or loss < best[0]:
            best = (loss, head)
    assert best is not None
    return best[1]


def fit_linear(train: Examples, strength: float, classes: int, reading: str = "pooled") -> LinearHead:
    """Logistic regression on standardised features under an L2 penalty; every class counts the same.

    Parameters
    ----------
    train : Examples
    strength : float
        Inverse of the penalty.
    classes : int
    reading : {"pooled", "log spreads"}
    """
    from sklearn.linear_model import LogisticRegression

    head = LinearHead(classes, reading)
    read = head.read(torch.from_numpy(train.features)).numpy()
    mean, scale = read.mean(axis=0), read.std(axis=0) + 1e-6
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    model.fit((read - mean) / scale, train.labels)
    with torch.no_grad():
        head.mean.copy_(torch.from_numpy(mean))
        head.scale.copy_(torch.from_numpy(scale))
        # two classes come as one row: its opposite halves give the same probabilities
        rows = model.coef_ if classes > 2 else np.concatenate([-model.coef_, model.coef_]) / 2
        offsets = model.intercept_ if classes > 2 else np.array([-1, 1]) * model.intercept_ / 2
        head.linear.weight.copy_(torch.from_numpy(rows))
        head.linear.bias.copy_(torch.from_numpy(offsets))
    return head


def calibrate(head: LinearHead, held_out: Examples) -> None:
    """Set the temperature that minimises the log loss on held-out subjects (Guo et al. 2017)."""
    head.temperature.fill_(best_temperature(logits(head, held_out.features), held_out.labels)[0])


def best_temperature(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """The temperature that minimises the balanced log loss of logits (n, classes), and that loss."""

    def loss(log_temperature: float) -> float:
        return balanced_log_loss(softmax(logits / np.exp(log_temperature), axis=1), labels)

    found = minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded")
    return float(np.exp(found.x)), float(found.fun)


@torch.inference_mode()
def logits(head: LinearHead, features: np.ndarray) -> np.ndarray:
    """What the soft-max sees at a temperature of 1, (n, classes)."""
    return head.logits(torch.from_numpy(features)).numpy()


@torch.inference_mode()
def probabilities(head: LinearHead, features: np.ndarray) -> np.ndarray:
    """Class probabilities (n, classes)."""
    return head(torch.from_numpy(features)).numpy()


def score(head: LinearHead, examples: Examples, seed: int = 0) -> Score:
    """Judge a head."""
    p = probabilities(head, examples.features)
    return score_predictions(p.argmax(axis=1), examples, balanced_log_loss(p, examples.labels), seed)


def score_predictions(predicted: np.ndarray, examples: Examples, log_loss: float, seed: int = 0) -> Score:
    """Balanced accuracy with an interval from resampled blocks of neighbouring windows."""
    blocks, labels = examples.blocks, examples.labels
    draws = [balanced_accuracy(predicted[drawn], labels[drawn]) for drawn in drawn_again(blocks, seed)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    whole = balanced_accuracy(predicted, examples.labels)
    return Score(whole, float(low), float(high), log_loss, len(predicted))


def drawn_again(blocks: np.ndarray, seed: int = 0) -> Iterator[np.ndarray]:
    """Indices of as many whole blocks as there are, drawn with return, 2000 times."""
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(blocks == block) for block in np.unique(blocks)]
    for _ in range(DRAWS):
        yield np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])


def balanced_accuracy(predicted: np.ndarray, labels: np.ndarray) -> float:
    """Mean over the classes present of the share that is recognised."""
    return float(np.mean([(predicted[labels == k] == k).mean() for k in np.unique(labels)]))


def balanced_log_loss(p: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log probability, every class counting the same."""
    own = -np.log(np.maximum(p[np.arange(len(labels)), labels], 1e-12))
    return float(np.mean([own[labels == k].mean() for k in np.unique(labels)]))
