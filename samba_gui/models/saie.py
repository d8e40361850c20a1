"""Spatial-adaptive input embedding: electrodes mixed by a small network of their coordinates."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from samba_gui.core.saie import HIDDEN, INITIALISATIONS, SaieParameters


class Saie(nn.Module):
    """``W = softmax_i(MLP(p_to − p_from_i))``: how much every electrode gives to every other place.

    Parameters
    ----------
    initialisation : {"default", "local"}
        See :mod:`samba_gui.core.saie`.
    seed : int
        Seed of the initialisation.
    """

    def __init__(self, initialisation: str = "default", seed: int = 0) -> None:
        super().__init__()
        first, last = nn.Linear(3, HIDDEN), nn.Linear(HIDDEN, 1)
        drawn = INITIALISATIONS[initialisation](np.random.default_rng(seed))
        with torch.no_grad():
            first.weight.copy_(torch.from_numpy(drawn.w1))
            first.bias.copy_(torch.from_numpy(drawn.b1))
            last.weight.copy_(torch.from_numpy(drawn.w2)[None])
            last.bias.fill_(drawn.b2)
        self.net = nn.Sequential(first, nn.ReLU(), last)

    def weights(self, to: Tensor, origin: Tensor) -> Tensor:
        """Weights (n_to, n_origin), rows sum to 1; positions are (n, 3) or (batch, n, 3)."""
        return self.net(to.unsqueeze(-2) - origin.unsqueeze(-3)).squeeze(-1).softmax(-1)

    def parameters_numpy(self) -> SaieParameters:
        """The 161 numbers, for the history and the window."""
        w1, b1, w2, b2 = (parameter.detach().cpu().numpy().copy() for parameter in self.net.parameters())
        return SaieParameters(w1, b1, w2[0], float(b2[0]))
