"""Masks over time and their complements; straight lines across masked spans.

A mask is True where samples are visible; all channels are masked at the same instants.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor

RATIO = 0.5
BLOCKS = 8
MIN_BLOCK = 4


def tsr_mask(n: int, rng: np.random.Generator, ratio: float = RATIO, blocks: int = BLOCKS) -> np.ndarray:
    """Keep ``blocks`` blocks of random length at random places, bool (n,), True = visible.

    Block lengths are the mean length times U(0.5, 1.5); the gaps between share what is masked in random
    proportions. Unlike the authors' version, exactly ``round((1 − ratio) n)`` samples are visible, the
    remainder of rounding is spread over the gaps, and short windows get fewer blocks instead of
    overlapping ones.

    Parameters
    ----------
    n : int
        Samples; at least 2.
    rng : numpy.random.Generator
    ratio : float
        Share that is masked, 0 < ratio < 1.
    blocks : int
    """
    keep = _kept(n, ratio)
    blocks = max(1, min(blocks, keep // MIN_BLOCK))
    weights = rng.uniform(0.5, 1.5, blocks)
    lengths = _share(keep - blocks * min(MIN_BLOCK, keep // blocks), weights) + min(MIN_BLOCK, keep // blocks)
    gaps = _share(n - keep, rng.uniform(1e-6, 1.0, blocks + 1))
    return _spans(n, gaps, lengths)


def ssp_mask(n: int, rng: np.random.Generator, ratio: float = RATIO, blocks: int = BLOCKS) -> np.ndarray:
    """Keep ``blocks`` blocks of equal length (semantic subsequence preserving), bool (n,), True = visible.

    All placements without overlap are equally likely, where the authors draw again and again and give up
    with fewer blocks; exactly ``round((1 − ratio) n)`` samples are visible. Parameters as in
    :func:`tsr_mask`.
    """
    keep = _kept(n, ratio)
    blocks = max(1, min(blocks, keep // MIN_BLOCK))
    return _spans(n, _random_gaps(n - keep, blocks, rng), _share(keep, np.ones(blocks)))


def block_mask(n: int, rng: np.random.Generator, ratio: float = RATIO, blocks: int = BLOCKS) -> np.ndarray:
    """Mask blocks of ``n // blocks`` samples at random places, bool (n,), True = visible.

    The authors let blocks overlap and so mask about 40 instead of 50 %; here they do not, and exactly as many
    samples are masked as :func:`tsr_mask` masks.
    """
    masked = n - _kept(n, ratio)
    spans = max(1, -(-masked // max(1, n // blocks)))
    return ~_spans(n, _random_gaps(n - masked, spans, rng), _share(masked, np.ones(spans)))


def random_mask(n: int, rng: np.random.Generator, ratio: float = RATIO, blocks: int = BLOCKS) -> np.ndarray:
    """Mask single samples at random, exactly as many as :func:`tsr_mask` does; ``blocks`` does not matter."""
    mask = np.zeros(n, dtype=bool)
    mask[rng.permutation(n)[: _kept(n, ratio)]] = True
    return mask


class Masking(Protocol):
    """A way to draw masks."""

    def __call__(self, n: int, rng: np.random.Generator, ratio: float = ..., blocks: int = ...) -> np.ndarray:
        """As :func:`tsr_mask`."""
        ...


STRATEGIES: dict[str, Masking] = {
    "tsr": tsr_mask,
    "ssp": ssp_mask,
    "block": block_mask,
    "random": random_mask,
}


def _kept(n: int, ratio: float) -> int:
    """How many samples stay visible: at least one, and not all."""
    return min(max(round((1 - ratio) * n), 1), n - 1)


def _spans(n: int, gaps: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """True in spans of the given lengths, each after its gap; there is one gap more than spans."""
    mask = np.zeros(n, dtype=bool)
    at = 0
    for gap, length in zip(gaps, lengths, strict=False):
        mask[at + gap : at + gap + length] = True
        at += gap + length
    return mask


def _random_gaps(total: int, spans: int, rng: np.random.Generator) -> np.ndarray:
    """Gaps before, between and after spans that sum to ``total``, all ways equally likely."""
    bars = np.sort(rng.choice(total + spans, spans, replace=False))
    return np.diff(np.concatenate([[-1], bars, [total + spans]])) - 1


def _share(total: int, weights: np.ndarray) -> np.ndarray:
    """Split an integer in proportion to weights; largest remainders round up, so the sum is exact."""
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(int)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def complementary_masks(n: int, pairs: int, seed: int, window: int) -> np.ndarray:
    """The masks of one window, bool (pairs, 2, n): a TSR mask and its complement, ``pairs`` times.

    They depend on the seed and the window's index alone, so any window can be computed again by itself.
    """
    rng = np.random.default_rng([seed, window])
    first = np.stack([tsr_mask(n, rng) for _ in range(pairs)])
    return np.stack([first, ~first], axis=1)


def straight_line(x: Tensor, visible: Tensor) -> Tensor:
    """Replace masked samples by the line between the visible ones around them.

    Parameters
    ----------
    x : Tensor (batch, channels, time)
    visible : Tensor (batch, time) bool
        At least one visible sample per row; beyond the outermost ones their value is held.

    Returns
    -------
    Tensor (batch, channels, time)
        Visible samples unchanged.
    """
    time = torch.arange(x.shape[-1], device=x.device).expand_as(visible)
    before = torch.where(visible, time, -1).cummax(-1).values
    after = torch.where(visible, time, x.shape[-1]).flip(-1).cummin(-1).values.flip(-1)
    left = torch.where(before < 0, after, before)
    right = torch.where(after >= x.shape[-1], before, after)
    share = ((time - left).to(x.dtype) / (right - left).clamp(min=1)).unsqueeze(1)
    shape = (-1, x.shape[1], -1)
    a = x.gather(-1, left.unsqueeze(1).expand(*shape))
    b = x.gather(-1, right.unsqueeze(1).expand(*shape))
    return torch.lerp(a, b, share)
