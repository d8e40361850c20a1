"""SAIE weights in numpy: what the window shows without loading torch.

Source: the SAMBA paper's spatial-adaptive input embedding; W = softmax over inputs of
``MLP(p_target - p_input)`` with an MLP 3 → 32 → 1 (161 parameters).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

HIDDEN = 32


@dataclass(frozen=True, eq=False)
class SaieParameters:
    """The 161 numbers: ``w1`` (32, 3), ``b1`` (32,), ``w2`` (32,), ``b2`` scalar (cancels in the softmax)."""

    w1: np.ndarray
    b1: np.ndarray
    w2: np.ndarray
    b2: float = 0.0


def saie_weights(parameters: SaieParameters, targets: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Weights of every input electrode in every target electrode.

    Parameters
    ----------
    parameters : SaieParameters
    targets : ndarray (n_targets, 3)
        In the network's coordinates.
    inputs : ndarray (n_inputs, 3)
        In the same coordinates.

    Returns
    -------
    ndarray (n_targets, n_inputs) float64
        Rows sum to 1.
    """
    # in place: fetching fresh memory takes most of the time of 200 networks
    hidden = (targets @ parameters.w1.T)[:, None] - (inputs @ parameters.w1.T)[None]
    hidden += parameters.b1
    logits = np.maximum(hidden, 0.0, out=hidden) @ parameters.w2
    logits += parameters.b2
    logits -= logits.max(axis=1, keepdims=True)
    weights = np.exp(logits, out=logits)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def relative_to_uniform(weights: np.ndarray) -> np.ndarray:
    """Mean weight of each input electrode times their number, float (n_inputs,); 1 = uniform."""
    return weights.shape[1] * weights.mean(axis=0)


def effective_inputs(weights: np.ndarray) -> np.ndarray:
    """exp(entropy) of each row (n_targets,): n_inputs if uniform, 1 if one input carries all."""
    return np.exp(-np.sum(weights * np.log(np.maximum(weights, 1e-300)), axis=1))


def effective_electrodes(weights: np.ndarray) -> float:
    """:func:`effective_inputs` of the mean over targets."""
    return float(effective_inputs(weights.mean(axis=0, keepdims=True))[0])


def default_parameters(rng: np.random.Generator) -> SaieParameters:
    """An untrained SAIE as PyTorch's default Linear initialisation draws it (the authors' choice)."""
    a, b = 1 / np.sqrt(3), 1 / np.sqrt(HIDDEN)
    return SaieParameters(
        rng.uniform(-a, a, (HIDDEN, 3)),
        rng.uniform(-a, a, HIDDEN),
        rng.uniform(-b, b, HIDDEN),
        float(rng.uniform(-b, b)),
    )


def local_parameters(rng: np.random.Generator, decay: float = 6.0) -> SaieParameters:
    """An untrained SAIE that already prefers near electrodes.

    The hidden units are 16 random directions and their opposites, so that the logit is about
    ``-decay * |p_target - p_input|`` (head radii); default initialisation in metres is a plain
    average instead, in which every target carries the same signal.
    """
    half = HIDDEN // 2
    directions = rng.standard_normal((half, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    # the mean of |u.d| over directions is |d|/2
    slope = np.full(HIDDEN, -2.0 * decay / half)
    return SaieParameters(np.concatenate([directions, -directions]), np.zeros(HIDDEN), slope)


INITIALISATIONS = {"default": default_parameters, "local": local_parameters}


NULL_NETWORKS = 200
NULL_SEED = 0


def null_distribution(
    initialisation: str,
    targets: np.ndarray,
    inputs: np.ndarray,
    figure: Callable[[np.ndarray], np.ndarray] = relative_to_uniform,
    n_networks: int = NULL_NETWORKS,
    seed: int = NULL_SEED,
) -> np.ndarray:
    """A figure of the weights of untrained networks, the null against which a trained one is read.

    Parameters
    ----------
    initialisation : {"default", "local"}
        How the bundle's SAIE was initialised.
    targets, inputs : ndarray (n, 3)
        In the network's coordinates.
    figure : callable
        Weights (n_targets, n_inputs) to numbers (n,): :func:`relative_to_uniform`, :func:`effective_inputs`.
    n_networks, seed : int

    Returns
    -------
    ndarray (n_networks, n)
    """
    rng = np.random.default_rng(seed)
    draw = INITIALISATIONS[initialisation]
    return np.stack([figure(saie_weights(draw(rng), targets, inputs)) for _ in range(n_networks)])


def null_band(null: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit per electrode between which ``level`` of untrained networks lie."""
    tail = (1 - level) / 2
    low, high = np.quantile(null, [tail, 1 - tail], axis=0)
    return low, high
