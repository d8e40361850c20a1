"""State-space duality: the linear recurrence of Mamba-2, computed chunk by chunk with matrix products.

Source: Dao and Gu 2024, "Transformers are SSMs" (arXiv 2405.21060), section 6.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

CHUNK = 32  # for a state of 16 the cost is flat between 16 and 64 on CPUs


def ssd(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor, chunk: int = CHUNK) -> Tensor:
    """Solve ``S_t = exp(dt_t a) S_{t-1} + dt_t x_t ⊗ b_t`` and return ``y_t = S_t c_t``.

    Parameters
    ----------
    x : Tensor (batch, time, groups, heads, headdim)
        Heads are counted within their group.
    dt : Tensor (batch, time, groups, heads)
        Positive step sizes.
    a : Tensor (groups, heads)
        Negative decay rates.
    b, c : Tensor (batch, time, groups, state)
        Shared by the heads of a group.
    chunk : int
        Any value gives the same result up to rounding.

    Returns
    -------
    Tensor (batch, time, groups, heads, headdim)

    Notes
    -----
    Exponents are differences of a cumulative sum and never positive, so nothing overflows. A ragged
    last chunk is padded with ``dt = 0``, which leaves the state unchanged.
    """
    time = x.shape[1]
    chunk = min(chunk, time)
    short = -time % chunk
    if short:
        x, dt = F.pad(x, (0, 0) * 3 + (0, short)), F.pad(dt, (0, 0) * 2 + (0, short))
        b, c = F.pad(b, (0, 0) * 2 + (0, short)), F.pad(c, (0, 0) * 2 + (0, short))
    chunks = (time + short) // chunk

    def split(
        tensor: Tensor,
    ) -> Tensor:  # (batch, time, groups, ...) → (batch, chunks, groups, ..., chunk, last)
        tensor = tensor.unflatten(1, (chunks, chunk))
        return tensor.movedim(2, -2)

    decay = (
        (dt * a).unflatten(1, (chunks, chunk)).movedim(2, -1).cumsum(-1)
    )  # (batch, chunks, groups, heads, chunk)
    xdt = split(x * dt.unsqueeze(-1))  # (batch, chunks, groups, heads, chunk, width)
    b, c = split(b), split(c)  # (batch, chunks, groups, chunk, state)

    # within a chunk: a masked attention
    causal = torch.ones(chunk, chunk, dtype=torch.bool, device=x.device).tril()
    span = (decay.unsqueeze(-1) - decay.unsqueeze(-2)).masked_fill(~causal, float("-inf")).exp()
    y = (span * (c @ b.mT).unsqueeze(3)) @ xdt

    if chunks > 1:  # between chunks: the state at every chunk's beginning
        to_end = (decay[..., -1:] - decay).exp().unsqueeze(-1)
        gained = b.unsqueeze(3).mT @ (xdt * to_end)  # (batch, chunks, groups, heads, state, width)
        kept = decay[..., -1, None, None].exp()
        state = gained[:, 0]
        states = [torch.zeros_like(state), state]
        for k in range(1, chunks - 1):
            state = torch.addcmul(gained[:, k], kept[:, k], state)
            states.append(state)
        y = y + (c.unsqueeze(3) @ torch.stack(states, 1)) * decay.unsqueeze(-1).exp()

    return y.movedim(-2, 2).flatten(1, 2)[:, :time]
