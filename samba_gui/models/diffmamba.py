"""Multi-head differential Mamba: two teams of small Mamba-2 blocks, one subtracted from the other."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from samba_gui.models.mamba2 import Mamba2, mamba2, stacked

HEADS = 8
NORM_EPS = 1e-5


class DiffMamba(nn.Module):
    """``x + out_proj(GroupNorm(team1(x_h) − λ team2(x_h)) for every head h)``.

    The 16 blocks share one shape, so they run as one grouped Mamba-2 with 128 heads.

    Parameters
    ----------
    d_model : int
        Divisible by 8.
    d_state, d_conv, expand : int
        As in :class:`Mamba2`.
    """

    def __init__(self, d_model: int, d_state: int = 16, d_conv: int = 2, expand: int = 8) -> None:
        super().__init__()
        width = d_model // HEADS

        def team() -> nn.ModuleList:
            return nn.ModuleList(Mamba2(width, d_state, d_conv, expand, headdim=16) for _ in range(HEADS))

        self.d_state = d_state
        self.lam = nn.Parameter(torch.ones(d_model))
        self.team1 = team()
        self.team2 = team()
        self.head_norms = nn.ModuleList(nn.GroupNorm(1, width, eps=NORM_EPS) for _ in range(HEADS))
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor) -> Tensor:
        """x is (batch, time, d_model)."""
        weights = stacked([*self.team1, *self.team2])
        heads = x.unflatten(-1, (HEADS, -1))
        y = mamba2(torch.cat([heads, heads], dim=2), weights, self.d_state)
        # λ scales what team 2 writes, so it can scale its output projection
        sign = torch.cat([torch.ones_like(self.lam), -self.lam]).view(2 * HEADS, -1, 1)
        y = torch.einsum("btgi,goi->btgo", y, weights.out_proj * sign)
        difference = (y[:, :, :HEADS] + y[:, :, HEADS:]).flatten(2).mT
        gain = torch.cat([norm.weight for norm in self.head_norms])  # type: ignore[misc]
        bias = torch.cat([norm.bias for norm in self.head_norms])  # type: ignore[misc]
        normed = F.group_norm(difference, HEADS, gain, bias, NORM_EPS)
        return x + self.out_proj(normed.mT)
