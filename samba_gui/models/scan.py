"""The Mamba-2 mixer as one pass over time, compiled for the CPU by Numba.

Convolution, gate, recurrence and normalisation of a sample happen in registers and the first-level cache,
where the chunked matrix form of :mod:`samba_gui.models.ssd` writes every intermediate to memory. It has no
gradients and serves inference only. Compiled once per machine; the result is kept on disk.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from samba_gui.models.vectors import LANES, exp, load, spread, spread_at, store

TAPS = 2
"""Taps of the depthwise convolution."""

_ZERO, _ONE, _MINUS = np.float32(0.0), np.float32(1.0), np.float32(-1.0)
_EPS = np.float32(1e-5)

_compiled = njit(nogil=True, cache=True, fastmath={"contract", "nsz", "reassoc"}, error_model="numpy")


def fits(headdim: int, components: int, taps: int) -> bool:
    """Whether :func:`scan` can run a mixer of these sizes."""
    return headdim % LANES == 0 and 2 * components % LANES == 0 and taps == TAPS


@_compiled
def _one_plus_exp_minus(x):
    """``1 + exp(-x)``: what ``x`` is divided by in SiLU."""
    return spread(_ONE) + exp(spread(_MINUS) * x)


@_compiled
def _convolved(now, before, kernel, bias, j):
    """Both taps of channels ``j`` to ``j + 15``."""
    last = len(bias) + j
    return load(bias, j) + load(kernel, j) * load(before, j) + load(kernel, last) * load(now, j)


@_compiled
def _mix(row, before, kernel, bias, decay, step, direct, state, bc, active, out):
    """One sample of one mixer; arguments are rows of those of :func:`scan`, or scratch memory."""
    inner, heads, components = len(out), len(decay), len(bc) // 2
    headdim = inner // heads
    now = row[inner:]
    for j in range(0, 2 * components, LANES):
        v = _convolved(now, before, kernel, bias, inner + j)
        store(bc, j, v / _one_plus_exp_minus(v))
    for j in range(0, inner, LANES):
        x, z = _convolved(now, before, kernel, bias, j), load(row, j)
        below_x, below_z = _one_plus_exp_minus(x), _one_plus_exp_minus(z)
        both = spread(_ONE) / (below_x * below_z)  # one division for two
        store(active, j, x * (below_z * both))
        store(out, j, z * (below_x * both))
    squares = spread(_ZERO)
    for head in range(heads):
        keep, dt, d = spread(decay[head]), spread(step[head]), spread(direct[head])
        for j in range(head * headdim, (head + 1) * headdim, LANES):
            x, gate = load(active, j), load(out, j)
            gain, even, odd = dt * x, d * x, spread(_ZERO)  # two sums: neither waits for the other
            at = j * components
            for n in range(0, components, 2):
                s = keep * load(state, at) + gain * spread_at(bc, n)
                store(state, at, s)
                even = even + s * spread_at(bc, components + n)
                s = keep * load(state, at + LANES) + gain * spread_at(bc, n + 1)
                store(state, at + LANES, s)
                odd = odd + s * spread_at(bc, components + n + 1)
                at += 2 * LANES
            y = (even + odd) * gate
            squares = squares + y * y
            store(out, j, y)
    store(bc, 0, squares)
    total = _ZERO
    for lane in range(LANES):
        total += bc[lane]
    scale = spread(_ONE / np.sqrt(total / np.float32(inner) + _EPS))
    for j in range(0, inner, LANES):
        store(out, j, load(out, j) * scale)


@_compiled
def scan(projected, dt, decay, kernel, bias, d, state, past, out):
    """Run Mamba-2 mixers over a stretch of time, going on from where the last stretch ended.

    Sizes must be such that :func:`fits` says so.

    Parameters
    ----------
    projected : ndarray (stacks, sequences, time, groups * width) float32, C-contiguous
        Rows ``[z | x | b | c | dt]`` per group.
    dt, decay : ndarray (stacks, sequences, time, groups, heads) float32
        Step sizes and ``exp(dt a)``.
    kernel : ndarray (stacks, groups, taps, inner + 2 components) float32, C-contiguous
        The tap of the sample before comes first.
    bias : ndarray (stacks, groups, inner + 2 components) float32
    d : ndarray (stacks, groups, heads) float32
    state : ndarray (stacks, sequences, groups, inner * components) float32, C-contiguous
        Carried over: zero before the first stretch. Sixteen channels after sixteen, component by component.
    past : ndarray (stacks, sequences, groups, inner + 2 components) float32
        The last row of ``[x | b | c]``, carried over likewise.
    out : ndarray (stacks, sequences, time, groups, inner) float32
        Written: gated and normalised, without the weight of the norm.
    """
    stacks, sequences, time, groups, _ = dt.shape
    inner, channels = out.shape[4], bias.shape[2]
    width = projected.shape[3] // groups
    bc = np.empty(channels - inner, np.float32)
    active = np.empty(inner, np.float32)
    for stack in range(stacks):
        for sequence in range(sequences):
            for group in range(groups):
                left = group * width
                middle, right = left + inner, left + inner + channels
                rows, memory = projected[stack, sequence], state[stack, sequence, group]
                before = past[stack, sequence, group]
                for t in range(time):
                    place = (stack, sequence, t, group)
                    _mix(
                        rows[t, left:right],
                        before if t == 0 else rows[t - 1, middle:right],
                        kernel[stack, group].reshape(-1),
                        bias[stack, group],
                        decay[place],
                        dt[place],
                        d[stack, group],
                        memory,
                        bc,
                        active,
                        out[place],
                    )
                before[:] = rows[time - 1, middle:right]
