"""The network one operation after the other, as it is written down: the baseline of the benchmark.

Plain PyTorch, 16 separate Mamba-2 blocks, chunks of 64, nothing folded or kept, no loop over samples.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from samba_gui.models.diffmamba import DiffMamba
from samba_gui.models.mamba2 import NORM_EPS, Mamba2
from samba_gui.models.samba import SAMBA, ResidualMamba
from samba_gui.models.ssd import ssd

CHUNK = 64


def mamba2(block: Mamba2, u: Tensor) -> Tensor:
    """One block, (batch, time, model)."""
    inner, state = block.out_proj.in_features, block.d_state
    heads = len(block.A_log)
    z, xbc, dt = block.in_proj(u).split([inner, inner + 2 * state, heads], dim=-1)
    taps = block.conv1d.kernel_size[0]
    xbc = F.silu(block.conv1d(F.pad(xbc.mT, (taps - 1, 0))).mT)
    x, b, c = xbc.split([inner, state, state], dim=-1)
    x = x.unflatten(-1, (heads, -1))
    dt = F.softplus(dt + block.dt_bias)
    y = ssd(
        x.unsqueeze(2), dt.unsqueeze(2), -block.A_log.exp()[None], b.unsqueeze(2), c.unsqueeze(2), CHUNK
    ).squeeze(2)
    y = (y + x * block.D.unsqueeze(-1)).flatten(2) * F.silu(z)
    y = y * torch.rsqrt(y.square().mean(-1, keepdim=True) + NORM_EPS) * block.norm.weight
    return block.out_proj(y)


def diff_mamba(block: DiffMamba, x: Tensor) -> Tensor:
    """The differential Mamba, block after block."""
    heads = x.chunk(len(block.team1), dim=-1)
    lams = block.lam.chunk(len(block.team1))
    parts = []
    for u, lam, one, two, norm in zip(heads, lams, block.team1, block.team2, block.head_norms, strict=True):
        difference = mamba2(one, u) - lam * mamba2(two, u)  # type: ignore[arg-type]
        parts.append(norm(difference.mT).mT)
    return x + block.out_proj(torch.cat(parts, -1))


def residual(block: ResidualMamba, x: Tensor) -> Tensor:
    """x (batch, channels, time)."""
    return x + mamba2(block.mamba, x.mT).mT


def resize(x: Tensor, like: Tensor) -> Tensor:
    """Linear interpolation to another length."""
    return F.interpolate(x, size=like.shape[-1], mode="linear", align_corners=False)


def forward(net: SAMBA, x: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
    """The reconstruction, (batch, outputs, time)."""
    embedding = net.input_embedding
    x = net.saie.weights(targets, inputs) @ x
    x = torch.cat([embedding.branch1(x), embedding.branch3(x), embedding.branch7(x)], 1)
    x = embedding.fuse(x)
    x1 = residual(net.encoder1[1], net.encoder1[0](x.mT).mT)  # type: ignore[arg-type]
    x2 = net.encoder2(F.max_pool1d(x1, 2))
    x3 = net.encoder3(F.max_pool1d(x2, 2))
    bottom = net.bottleneck[0](F.max_pool1d(x3, 2).mT)
    bottom = net.bottleneck[2](diff_mamba(net.bottleneck[1].block, bottom)).mT  # type: ignore[arg-type]
    d3 = residual(net.decodeMamba3, net.decoder3(torch.cat([x3, resize(bottom, x3)], 1)))
    d2 = residual(net.decodeMamba2, net.decoder2(torch.cat([x2, resize(d3, x2)], 1)))
    y = net.onput_embedding(net.decoder1(torch.cat([x1, resize(d2, x1)], 1)))
    return y if net.output_saie is None else net.output_saie.weights(inputs, targets) @ y
