"""Which kernel solves the recurrence on a GPU: ours in plain PyTorch, or mamba-ssm's where it is better.

mamba-ssm is an optional package (``pip install samba-gui[cuda]``, Linux). Its kernel is compared with
:func:`samba_gui.models.ssd.ssd` on the machine at hand before it is used, and is used only if its numbers are
right and it is faster there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import median

import torch
from torch import Tensor

from samba_gui.models.ssd import ssd

Recurrence = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]
"""As :func:`samba_gui.models.ssd.ssd`."""

TOLERANCE = 5e-3
"""Largest relative difference: mamba-ssm's kernel multiplies in TF32."""

MAMBA_CHUNK = 64
_ROUNDS = 5
_BATCH, _TIME, _GROUPS, _HEADS, _HEADDIM, _STATE = 16, 512, 1, 8, 64, 16  # the network's first mixer


@dataclass(frozen=True)
class Kernel:
    """A way to solve the recurrence, and its name for provenance."""

    name: str
    solve: Recurrence


PLAIN = Kernel("chunked", ssd)


@cache
def kernel_for(device: torch.device) -> Kernel:
    """The kernel for a device; what was found out is remembered."""
    candidate = _mamba_ssm() if device.type == "cuda" else None
    return PLAIN if candidate is None else the_better(candidate, device)


def the_better(candidate: Kernel, device: torch.device) -> Kernel:
    """The candidate if it gives the numbers of :data:`PLAIN` in less time, else :data:`PLAIN`.

    Parameters
    ----------
    candidate : Kernel
        May fail in any way: a package built for another driver does.
    device : torch.device
    """
    problem = _problem(device)
    try:
        expected, found = PLAIN.solve(*problem), candidate.solve(*problem)
        right = found.shape == expected.shape and bool(
            (found - expected).abs().max() <= TOLERANCE * expected.abs().max()
        )
        if right and _seconds(candidate, problem) < _seconds(PLAIN, problem):
            return candidate
    except Exception:  # whatever it is, the program goes on without the package
        return PLAIN
    return PLAIN


def _problem(device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """x, dt, a, b, c of the size that an analysis has."""
    random = torch.Generator().manual_seed(0)

    def draw(*shape: int) -> Tensor:
        return torch.randn(_BATCH, _TIME, _GROUPS, *shape, generator=random).to(device)

    a = -torch.linspace(1, 16, _GROUPS * _HEADS, device=device).view(_GROUPS, _HEADS)
    return draw(_HEADS, _HEADDIM), 0.1 * draw(_HEADS).abs(), a, draw(_STATE), draw(_STATE)


def _seconds(kernel: Kernel, problem: tuple[Tensor, Tensor, Tensor, Tensor, Tensor]) -> float:
    spent = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        kernel.solve(*problem).sum().item()  # the number is asked for, so the GPU has finished
        spent.append(time.perf_counter() - begun)
    return median(spent)


def _mamba_ssm() -> Kernel | None:
    try:
        from mamba_ssm.ops.triton.ssd_combined import mamba_chunk_scan_combined
    except Exception:  # absent, or built for another version of CUDA or torch
        return None

    def solve(x: Tensor, dt: Tensor, a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        # the package counts the heads of all groups together
        merged = (x.flatten(2, 3).contiguous(), dt.flatten(2).contiguous(), a.flatten().contiguous())
        y = mamba_chunk_scan_combined(*merged, b.contiguous(), c.contiguous(), MAMBA_CHUNK)
        return y.unflatten(2, x.shape[2:4])

    return Kernel("mamba-ssm", solve)
