"""SAMBA prepared for one montage: the same numbers with less work, for inference only.

Folded exactly (up to float32 rounding): SAIE, the three convolutions, their fusion and the first linear layer
are one 7-tap convolution; the last two convolutions and the way back to the electrodes are one 3-tap
convolution; the 16 small Mamba-2 are one grouped one whose difference is part of its output projection; norm
weights belong to output projections. On a CPU the mixer is the compiled scan, elsewhere the chunked form.
Signals lie as (batch, time, channels), so that nothing is transposed.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from samba_gui.models.diffmamba import HEADS, NORM_EPS, DiffMamba
from samba_gui.models.kernels import kernel_for
from samba_gui.models.mamba2 import Mamba2, mamba2, stacked
from samba_gui.models.samba import SAMBA, WIDTH, ResidualMamba, SambaOutput
from samba_gui.models.scan import fits, scan

IN_FLIGHT = 2**19  # numbers between the two products of a mixer: two megabytes, which stay in the cache
MIN_STRETCH = 16


class FoldedMixer:
    """Stacks of equal Mamba-2 blocks; the blocks of a stack read the same input and are added up.

    Parameters
    ----------
    stacks : sequence of sequences of Mamba2
    signs : Tensor (blocks per stack, stacks, model) or None
        What each block's output is multiplied with before they are added.
    """

    def __init__(self, stacks: Sequence[Sequence[Mamba2]], signs: Tensor | None = None) -> None:
        self._groups = len(stacks[0])
        self._state = stacks[0][0].d_state
        self._inner = len(stacks[0][0].norm.weight)
        block = stacks[0][0]
        self._compiled = fits(self._inner // len(block.D), self._state, block.conv1d.weight.shape[-1])
        weights = stacked([block for blocks in stacks for block in blocks])  # stack by stack

        def per_stack(tensor: Tensor) -> Tensor:
            return tensor.unflatten(0, (len(stacks), self._groups))

        self._weights = replace(weights, norm=torch.ones_like(weights.norm))
        self._in_proj = per_stack(weights.in_proj).flatten(1, 2).mT.contiguous()
        self._conv = per_stack(weights.conv).mT.contiguous()
        self._conv_bias = per_stack(weights.conv_bias).contiguous()
        self._dt_bias = per_stack(weights.dt_bias)[:, None, None]
        self._a = -per_stack(weights.a_log).exp()[:, None, None]
        self._d = per_stack(weights.d).contiguous()
        out_proj = per_stack(weights.out_proj * weights.norm.unsqueeze(1))  # stacks, groups, model, inner
        if signs is not None:
            out_proj = out_proj * signs.transpose(0, 1).unsqueeze(-1)
        self._out_proj = out_proj.mT.flatten(1, 2).contiguous()  # stacks, groups · inner, model

    def __call__(self, u: Tensor) -> Tensor:
        """u (stacks, sequences, time, model) → the same shape."""
        if u.device.type != "cpu" or not self._compiled:
            return self._project(self._chunked(u))
        # stretch by stretch: memory does not grow with what lies between the products
        state = u.new_zeros(*u.shape[:2], self._groups, self._inner * self._state)
        past = u.new_zeros(*u.shape[:2], self._groups, self._conv.shape[3])
        a_sample = u.shape[0] * u.shape[1] * self._in_proj.shape[2]
        parts = -(-u.shape[2] // max(MIN_STRETCH, IN_FLIGHT // a_sample))
        stretch = -(-u.shape[2] // parts)  # equally long
        done = [self._project(self._scan(part, state, past)) for part in u.split(stretch, dim=2)]
        return done[0] if len(done) == 1 else torch.cat(done, dim=2)

    def _scan(self, u: Tensor, state: Tensor, past: Tensor) -> Tensor:
        projected = torch.bmm(u.flatten(1, 2), self._in_proj).unflatten(1, u.shape[1:3])
        raw = projected.unflatten(-1, (self._groups, -1))[..., -self._a.shape[-1] :]
        dt = F.softplus(raw + self._dt_bias)
        decay = (dt * self._a).exp()
        out = projected.new_empty(*dt.shape[:4], self._inner)
        arrays = (projected, dt, decay, self._conv, self._conv_bias, self._d, state, past, out)
        scan(*(tensor.numpy() for tensor in arrays))
        return out

    def _chunked(self, u: Tensor) -> Tensor:
        stacks = len(u)
        blocks = u.repeat_interleave(self._groups, 0).movedim(0, 2)
        mixed = mamba2(
            blocks, self._weights, self._state, kernel_for(u.device).solve
        )  # sequences, time, stacks · groups, inner
        return mixed.unflatten(2, (stacks, self._groups)).movedim(2, 0)

    def _project(self, mixed: Tensor) -> Tensor:
        return torch.bmm(mixed.flatten(3).flatten(1, 2), self._out_proj).unflatten(1, mixed.shape[1:3])


@torch.no_grad()
def fetch_recurrence(net: SAMBA) -> None:
    """Load the compiled recurrence before windows wait for it: that takes longer than they do."""
    FoldedMixer([[net.decodeMamba2.mamba]])(torch.zeros(1, 1, 1, WIDTH))


class FoldedSamba:
    """The network for one montage.

    Parameters
    ----------
    net : SAMBA
        In evaluation mode; later changes of its weights are not seen.
    inputs, targets : Tensor (n, 3)
        Positions in the network's coordinates.
    """

    @torch.no_grad()
    def __init__(self, net: SAMBA, inputs: Tensor, targets: Tensor) -> None:
        self.saie_weights = net.saie.weights(targets, inputs)
        kernel, bias = net.input_embedding.kernel()
        weight, shift = _affine(net.encoder1[0])
        kernel = torch.einsum("po,ock,ci->pik", weight, kernel, self.saie_weights)
        self._front = Conv(kernel, shift + weight @ bias)
        self._encoder1 = Residual(net.encoder1[1])  # type: ignore[arg-type]
        self._encoder2 = Conv(*_affine(net.encoder2))
        self._encoder3 = Conv(*_affine(net.encoder3))
        self._before, self._after = _affine(net.bottleneck[0]), _affine(net.bottleneck[2])
        self._differential = Differential(net.bottleneck[1].block)  # type: ignore[arg-type]
        self._decoder3 = Conv(*_affine(net.decoder3))
        self._mamba3 = Residual(net.decodeMamba3)
        self._decoder2 = Conv(*_affine(net.decoder2))
        self._mamba2 = Residual(net.decodeMamba2)
        kernel, bias = _affine(net.decoder1)
        weight, shift = _affine(net.onput_embedding)
        weight = weight.squeeze(-1)
        if net.output_saie is not None:
            back = net.output_saie.weights(inputs, targets)
            weight, shift = back @ weight, back @ shift
        self._tail = Conv(torch.einsum("oc,cik->oik", weight, kernel), shift + weight @ bias)

    def __call__(self, x: Tensor) -> SambaOutput:
        """Reconstruct; x (batch, inputs, time).

        On several CPU threads each takes a share of the batch by itself: that is faster than many threads on
        every operation.
        """
        threads = min(torch.get_num_threads(), len(x))
        if x.device.type != "cpu" or threads == 1:
            y, d3 = self._forward(x)
        else:
            with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
                parts = list(pool.map(self._forward, x.chunk(threads)))
            y, d3 = (torch.cat(tensors) for tensors in zip(*parts, strict=True))
        return SambaOutput(y, self.saie_weights, d3)

    @torch.no_grad()
    def answer_and_read(self, masked: Tensor, whole: Tensor) -> tuple[Tensor, Tensor]:
        """Reconstruct some signals and read the features of others, in one go.

        Parameters
        ----------
        masked, whole : Tensor (batch, inputs, time)
            Of equal length.

        Returns
        -------
        reconstruction : Tensor (batch, outputs, time)
            Of ``masked``.
        decoder3 : Tensor (batch, 128, time // 2)
            Of ``whole``.
        """
        x1, x2, d3 = self._features(torch.cat([masked, whole]))
        rows = len(masked)
        return self._decoded(x1[:rows], x2[:rows], d3[:rows]), d3[rows:].mT

    @torch.no_grad()
    def decoder3(self, x: Tensor) -> Tensor:
        """What heads read of signals (batch, inputs, time): (batch, 128, time // 2)."""
        return self._features(x)[2].mT

    @torch.no_grad()
    def _forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x1, x2, d3 = self._features(x)
        return self._decoded(x1, x2, d3), d3.mT

    def _features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x1 = self._encoder1(self._front(x.mT))
        x2 = self._encoder2(_pool(x1))
        x3 = self._encoder3(_pool(x2))
        bottom = F.linear(self._differential(F.linear(_pool(x3), *self._before)), *self._after)
        d3 = self._mamba3(self._decoder3(torch.cat([x3, _resize(bottom, x3.shape[1])], -1)))
        return x1, x2, _resize(d3, x2.shape[1])

    def _decoded(self, x1: Tensor, x2: Tensor, d3: Tensor) -> Tensor:
        d2 = self._mamba2(self._decoder2(torch.cat([x2, d3], -1)))
        return self._tail(torch.cat([x1, _resize(d2, x1.shape[1])], -1)).mT


def _affine(layer: nn.Module) -> tuple[Tensor, Tensor]:
    """Weight and bias of a linear layer or convolution."""
    assert isinstance(layer, nn.Linear | nn.Conv1d)
    assert layer.bias is not None
    return layer.weight, layer.bias


class Differential:
    """The differential Mamba over (batch, time, channels), both teams in one grouped mixer."""

    def __init__(self, block: DiffMamba) -> None:
        lam = block.lam.view(HEADS, -1)
        self._mixer = FoldedMixer(
            [*zip(block.team1, block.team2, strict=True)],  # type: ignore[list-item]
            torch.stack([torch.ones_like(lam), -lam]),
        )
        self._gain, self._shift = (
            torch.stack([getattr(norm, name) for norm in block.head_norms]) for name in ("weight", "bias")
        )
        self._out_proj = _affine(block.out_proj)

    def __call__(self, x: Tensor) -> Tensor:
        difference = self._mixer(x.unflatten(-1, (HEADS, -1)).movedim(2, 0)).movedim(0, 2)
        centred = difference - difference.mean((1, 3), keepdim=True)
        spread = centred.square().mean((1, 3), keepdim=True)
        normed = centred * torch.rsqrt(spread + NORM_EPS) * self._gain + self._shift
        return F.linear(normed.flatten(2), *self._out_proj).add_(x)


class Conv:
    """Zero-padded convolution over (batch, time, channels), without transposing."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self._weight = weight.unsqueeze(2).contiguous(memory_format=torch.channels_last)
        self._bias = bias

    def __call__(self, x: Tensor) -> Tensor:
        padding = (0, self._weight.shape[-1] // 2)
        return F.conv2d(x.mT.unsqueeze(2), self._weight, self._bias, padding=padding).squeeze(2).mT


class Residual:
    """``x + Mamba2(x)`` over (batch, time, channels)."""

    def __init__(self, block: ResidualMamba) -> None:
        self._mixer = FoldedMixer([[block.mamba]])

    def __call__(self, x: Tensor) -> Tensor:
        return self._mixer(x.unsqueeze(0)).squeeze(0).add_(x)


def _pool(x: Tensor) -> Tensor:
    even = x.shape[1] // 2 * 2
    return torch.maximum(x[:, 0:even:2], x[:, 1:even:2])


def _resize(x: Tensor, n: int) -> Tensor:
    """Linear interpolation over time with half-sample centres, ends held."""
    if n != 2 * x.shape[1]:
        return F.interpolate(x.mT, size=n, mode="linear", align_corners=False).mT
    before = torch.cat([x[:, :1], x[:, :-1]], 1)
    after = torch.cat([x[:, 1:], x[:, -1:]], 1)
    return torch.stack([torch.lerp(before, x, 0.75), torch.lerp(after, x, 0.75)], 2).flatten(1, 2)
