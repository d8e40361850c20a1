"""Classification on the decoder's features."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CHANNELS = 128
STATISTICS = 4 + len(QUANTILES)
FEATURES = STATISTICS * CHANNELS


def pooled_features(decoder3: Tensor) -> Tensor:
    """Nine statistics over time of the decoder's 128 channels.

    Parameters
    ----------
    decoder3 : Tensor (batch, 128, time)
        At least two samples.

    Returns
    -------
    Tensor (batch, 1152)
        ``[min | max | mean | std | quantiles]``, the quantiles channel by channel. They are read off the
        sorted samples, which has no limit on the number of elements, unlike ``torch.quantile``.
    """
    ordered = _sorted(decoder3)
    at = torch.tensor(QUANTILES, dtype=ordered.dtype, device=ordered.device) * (ordered.shape[-1] - 1)
    below = at.floor().long()
    above = (below + 1).clamp(max=ordered.shape[-1] - 1)
    quantiles = torch.lerp(ordered[..., below], ordered[..., above], at - below)
    return torch.cat(
        [
            ordered[..., 0],
            ordered[..., -1],
            ordered.mean(-1),
            ordered.std(-1),
            quantiles.flatten(1),
        ],
        dim=1,
    )


def _sorted(x: Tensor) -> Tensor:
    """Sorted over the last axis; NumPy has vector instructions for it that torch lacks on a CPU."""
    if x.device.type != "cpu" or x.requires_grad:
        return x.sort(dim=-1).values
    return torch.from_numpy(np.sort(x.contiguous().numpy()))


def log_spreads(pooled: Tensor) -> Tensor:
    """Logarithms of four spreads of each channel, (batch, 1152) → (batch, 512).

    Standard deviation, 5–95 %, 25–75 % and the whole range: what a gain multiplies becomes an offset.
    """
    least, most, _, std = pooled[:, : 4 * CHANNELS].unflatten(1, (4, CHANNELS)).unbind(1)
    quantiles = pooled[:, 4 * CHANNELS :].unflatten(1, (CHANNELS, len(QUANTILES)))
    wide, middle = quantiles[..., 4] - quantiles[..., 0], quantiles[..., 3] - quantiles[..., 1]
    return torch.cat([std, wide, middle, most - least], dim=1).add(1e-6).log()


def _as_they_are(pooled: Tensor) -> Tensor:
    return pooled


READINGS: dict[str, tuple[int, Callable[[Tensor], Tensor]]] = {
    "pooled": (FEATURES, _as_they_are),
    "log spreads": (4 * CHANNELS, log_spreads),
}
"""What a head reads of the pooled features: how many numbers, and how they are made."""


class LinearHead(nn.Module):
    """Read the features, standardise, project, divide by a temperature, soft-max.

    Parameters
    ----------
    classes : int
    reading : {"pooled", "log spreads"}
        As in :data:`READINGS`.
    """

    mean: Tensor
    scale: Tensor
    temperature: Tensor

    def __init__(self, classes: int, reading: str = "pooled") -> None:
        super().__init__()
        self.reading = reading
        size, self.read = READINGS[reading]
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))
        self.register_buffer("temperature", torch.ones(()))
        self.linear = nn.Linear(size, classes)

    def forward(self, features: Tensor) -> Tensor:
        """Probabilities (batch, classes) from features (batch, 1152)."""
        return (self.logits(features) / self.temperature).softmax(-1)

    def logits(self, features: Tensor) -> Tensor:
        """What the soft-max sees at a temperature of 1, (batch, classes)."""
        return self.linear((self.read(features) - self.mean) / self.scale)
