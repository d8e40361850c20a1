"""Classification on the decoder's features."""

from __future__ import annotations

import torch
from torch import Tensor, nn

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
STATISTICS = 4 + len(QUANTILES)
FEATURES = STATISTICS * 128


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
    ordered = decoder3.sort(dim=-1).values
    at = torch.tensor(QUANTILES, dtype=ordered.dtype, device=ordered.device) * (ordered.shape[-1] - 1)
    below = at.floor().long()
    above = (below + 1).clamp(max=ordered.shape[-1] - 1)
    quantiles = torch.lerp(ordered[..., below], ordered[..., above], at - below)
    return torch.cat(
        [
            ordered[..., 0],
            ordered[..., -1],
            decoder3.mean(-1),
            decoder3.std(-1),
            quantiles.flatten(1),
        ],
        dim=1,
    )


class LinearHead(nn.Module):
    """Standardise, project, divide by a temperature, soft-max.

    Parameters
    ----------
    classes : int
    """

    mean: Tensor
    scale: Tensor
    temperature: Tensor

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("scale", torch.ones(FEATURES))
        self.register_buffer("temperature", torch.ones(()))
        self.linear = nn.Linear(FEATURES, classes)

    def forward(self, features: Tensor) -> Tensor:
        """Probabilities (batch, classes) from features (batch, 1152)."""
        return (self.linear((features - self.mean) / self.scale) / self.temperature).softmax(-1)
