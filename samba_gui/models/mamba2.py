"""Mamba-2 in plain PyTorch, single and grouped, under the parameter names of ``mamba_ssm.Mamba2``.

Source: arXiv 2405.21060 and the published behaviour of mamba-ssm 2.2.4 (order of projections,
gate before norm, eps 1e-5). Written from the equations; no code was taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from samba_gui.models.kernels import Recurrence
from samba_gui.models.ssd import ssd

NORM_EPS = 1e-5


class RMSNormWeight(nn.Module):
    """Holds the ``norm.weight`` of the gated RMS normalisation."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))


@dataclass(frozen=True)
class Mamba2Weights:
    """Weights of ``groups`` independent Mamba-2 blocks, stacked along a leading axis.

    ``in_proj`` (groups, 2·inner + 2·state + heads, model) · ``conv`` (groups, inner + 2·state, width) ·
    ``conv_bias`` (groups, inner + 2·state) · ``dt_bias``, ``a_log``, ``d`` (groups, heads) ·
    ``norm`` (groups, inner) · ``out_proj`` (groups, model, inner).
    """

    in_proj: Tensor
    conv: Tensor
    conv_bias: Tensor
    dt_bias: Tensor
    a_log: Tensor
    d: Tensor
    norm: Tensor
    out_proj: Tensor


def mamba2(u: Tensor, weights: Mamba2Weights, state: int, solve: Recurrence = ssd) -> Tensor:
    """Run ``groups`` Mamba-2 blocks side by side, up to but without the output projection.

    Parameters
    ----------
    u : Tensor (batch, time, groups, model)
    weights : Mamba2Weights
    state : int
        Size of the recurrent state per head channel.
    solve : Recurrence
        What solves the recurrence.

    Returns
    -------
    Tensor (batch, time, groups, inner)
        Normalised, gated; multiply with ``out_proj``.
    """
    groups, heads = weights.a_log.shape
    inner = weights.norm.shape[1]
    if groups == 1:
        projected = F.linear(u, weights.in_proj[0])
    else:
        projected = torch.einsum("btgm,gom->btgo", u, weights.in_proj)
    z, xbc, dt = projected.split([inner, inner + 2 * state, heads], dim=-1)

    # causal depthwise convolution; the last tap multiplies the current sample
    taps = weights.conv.shape[-1]
    mixed = torch.addcmul(weights.conv_bias, xbc, weights.conv[..., -1])
    for lag in range(1, taps):
        delayed = F.pad(xbc, (0, 0, 0, 0, lag, 0))[:, : xbc.shape[1]]
        mixed = torch.addcmul(mixed, delayed, weights.conv[..., -1 - lag])
    x, b, c = F.silu(mixed).split([inner, state, state], dim=-1)

    x = x.unflatten(-1, (heads, inner // heads))
    dt = F.softplus(dt + weights.dt_bias)
    y = solve(x, dt, -weights.a_log.float().exp(), b, c)
    y = torch.addcmul(y, x, weights.d.unsqueeze(-1)).flatten(-2) * F.silu(z)
    return y * torch.rsqrt(y.square().mean(-1, keepdim=True) + NORM_EPS) * weights.norm


class Mamba2(nn.Module):
    """One Mamba-2 block, (batch, time, d_model) → the same shape.

    Parameters
    ----------
    d_model, d_state, d_conv, expand, headdim : int
        As in mamba-ssm; inner width is ``expand * d_model``, which ``headdim`` must divide.
    """

    def __init__(
        self, d_model: int, d_state: int = 16, d_conv: int = 2, expand: int = 8, headdim: int = 64
    ) -> None:
        super().__init__()
        inner = expand * d_model
        heads, rest = divmod(inner, headdim)
        if rest:
            raise ValueError(f"headdim {headdim} does not divide the inner width {inner}")
        channels = inner + 2 * d_state
        self.d_state = d_state
        self.in_proj = nn.Linear(d_model, inner + channels + heads, bias=False)
        self.conv1d = nn.Conv1d(channels, channels, d_conv, groups=channels)
        dt = torch.exp(torch.rand(heads) * math.log(0.1 / 0.001) + math.log(0.001)).clamp(min=1e-4)
        self.dt_bias = nn.Parameter(dt + torch.log(-torch.expm1(-dt)))  # inverse softplus
        self.A_log = nn.Parameter(torch.empty(heads).uniform_(1, 16).log())
        self.D = nn.Parameter(torch.ones(heads))
        self.norm = RMSNormWeight(inner)
        self.out_proj = nn.Linear(inner, d_model, bias=False)

    def forward(self, u: Tensor) -> Tensor:
        """Apply the block; u is (batch, time, d_model)."""
        weights = stacked([self])
        return F.linear(mamba2(u.unsqueeze(2), weights, self.d_state).squeeze(2), self.out_proj.weight)


def stacked(blocks: Sequence[Mamba2]) -> Mamba2Weights:
    """Stack the weights of equal blocks so that they run as one; gradients flow back to each."""

    def stack(tensors: list[Tensor]) -> Tensor:
        return tensors[0].unsqueeze(0) if len(tensors) == 1 else torch.stack(tensors)

    return Mamba2Weights(
        in_proj=stack([block.in_proj.weight for block in blocks]),
        conv=stack([block.conv1d.weight.squeeze(1) for block in blocks]),
        conv_bias=stack([block.conv1d.bias for block in blocks]),  # type: ignore[misc]
        dt_bias=stack([block.dt_bias for block in blocks]),
        a_log=stack([block.A_log for block in blocks]),
        d=stack([block.D for block in blocks]),
        norm=stack([block.norm.weight for block in blocks]),
        out_proj=stack([block.out_proj.weight for block in blocks]),
    )
