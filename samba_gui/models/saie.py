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
        self.net = nn.Sequential(nn.Linear(3, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1))
        drawn = INITIALISATIONS[initialisation](np.random.default_rng(seed))
        with torch.no_grad():
            self.net[0].weight.copy_(torch.from_numpy(drawn.w1))
            self.net[0].bias.copy_(torch.from_numpy(drawn.b1))
            self.net[2].weight.copy_(torch.from_numpy(drawn.w2)[None])
            self.net[2].bias.fill_(drawn.b2)

    def weights(self, to: Tensor, origin: Tensor) -> Tensor:
        """Weights (n_to, n_origin), rows sum to 1; positions are (n, 3) or (batch, n, 3)."""
        return self.net(to.unsqueeze(-2) - origin.unsqueeze(-3)).squeeze(-1).softmax(-1)

    def parameters_numpy(self) -> SaieParameters:
        """The 161 numbers, for the history and the window."""
        first, last = self.net[0], self.net[2]
        arrays = [t.detach().cpu().numpy().copy() for t in (first.weight, first.bias, last.weight[0])]
        return SaieParameters(*arrays, last.bias.item())
