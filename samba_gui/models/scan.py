"""The Mamba-2 mixer as one pass over time, compiled for the CPU by Numba.

Convolution, gate, recurrence and normalisation of a few samples happen in registers and the nearest caches,
where the chunked matrix form of :mod:`samba_gui.models.ssd` writes every intermediate to memory. It has no
gradients and serves inference only. Compiled once per machine; the result is kept on disk.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from samba_gui.models.vectors import (
    LANES,
    SERIES,
    advance,
    load,
    load_series,
    one_plus_exp_minus,
    spread,
    store,
    store_series,
)

TAPS = 2
"""Taps of the depthwise convolution."""

COMPONENTS = SERIES
"""Of the state, per channel."""

CHUNK = 16  # samples whose activations wait in the caches for the recurrence

_ZERO, _ONE = np.float32(0.0), np.float32(1.0)
_EPS = np.float32(1e-5)

_compiled = njit(nogil=True, cache=True, fastmath={"contract", "nsz"}, error_model="numpy")


def fits(headdim: int, components: int, taps: int) -> bool:
    """Whether :func:`scan` can run a mixer of these sizes."""
    return headdim % LANES == 0 and components == COMPONENTS and taps == TAPS


@_compiled
def _convolved(now, before, kernel, bias, j):
    """Both taps of channels ``j`` to ``j + 15``."""
    last = len(bias) + j
    return load(bias, j) + load(kernel, j) * load(before, j) + load(kernel, last) * load(now, j)


@_compiled
def _activate(row, before, kernel, bias, x, gate, bc):
    """One sample of one mixer, up to the recurrence; ``row`` and what follows are rows as in :func:`scan`."""
    inner = len(x)
    now = row[inner:]
    for j in range(0, len(bc), LANES):
        v = _convolved(now, before, kernel, bias, inner + j)
        store(bc, j, v / one_plus_exp_minus(v))
    for j in range(0, inner, LANES):
        v, z = _convolved(now, before, kernel, bias, j), load(row, j)
        below_v, below_z = one_plus_exp_minus(v), one_plus_exp_minus(z)
        both = spread(_ONE) / (below_v * below_z)  # one division for two
        store(x, j, v * (below_z * both))
        store(gate, j, z * (below_v * both))


@_compiled
def _recur(x, bc, dt, decay, d, state, squares, out, first, stride):
    """A chunk through the recurrence, channel by channel: the state stays in registers.

    ``out`` holds gates, from ``first`` on and a ``stride`` from sample to sample; they are overwritten.
    """
    time, inner = x.shape
    flat_x, flat_bc = x.reshape(-1), bc.reshape(-1)
    headdim = inner // len(d)
    squares[:] = _ZERO
    for head in range(len(d)):
        direct = spread(d[head])
        for j in range(head * headdim, (head + 1) * headdim, LANES):
            memory = load_series(state, j * COMPONENTS)
            at = first + j
            for t in range(time):
                v = load(flat_x, t * inner + j)
                gain = spread(dt[t, head]) * v
                memory, y = advance(memory, spread(decay[t, head]), gain, flat_bc, t * 2 * COMPONENTS)
                y = (y + direct * v) * load(out, at)
                store(out, at, y)
                store(squares, t * LANES, load(squares, t * LANES) + y * y)
                at += stride
            store_series(state, j * COMPONENTS, memory)


@_compiled
def _normalise(squares, row):
    """Divide a sample by its root mean square."""
    total = _ZERO
    for square in squares:
        total += square
    scale = spread(_ONE / np.sqrt(total / np.float32(len(row)) + _EPS))
    for j in range(0, len(row), LANES):
        store(row, j, load(row, j) * scale)


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
    out : ndarray (stacks, sequences, time, groups, inner) float32, C-contiguous
        Written: gated and normalised, without the weight of the norm.
    """
    stacks, sequences, time, groups, _ = dt.shape
    inner, channels = out.shape[4], bias.shape[2]
    width = projected.shape[3] // groups
    x = np.empty((CHUNK, inner), np.float32)
    bc = np.empty((CHUNK, channels - inner), np.float32)
    squares = np.empty(CHUNK * LANES, np.float32)
    for stack in range(stacks):
        for sequence in range(sequences):
            rows, flat_out = projected[stack, sequence], out[stack, sequence].reshape(-1)
            for group in range(groups):
                left = group * width
                middle, right = left + inner, left + inner + channels
                taps, before = kernel[stack, group].reshape(-1), past[stack, sequence, group]
                for begin in range(0, time, CHUNK):
                    n = min(CHUNK, time - begin)
                    for t in range(n):
                        _activate(
                            rows[begin + t, left:right],
                            before if begin + t == 0 else rows[begin + t - 1, middle:right],
                            taps,
                            bias[stack, group],
                            x[t],
                            out[stack, sequence, begin + t, group],
                            bc[t],
                        )
                    _recur(
                        x[:n],
                        bc,
                        dt[stack, sequence, begin:, group],
                        decay[stack, sequence, begin:, group],
                        d[stack, group],
                        state[stack, sequence, group],
                        squares,
                        flat_out,
                        (begin * groups + group) * inner,
                        groups * inner,
                    )
                    for t in range(n):
                        _normalise(
                            squares[t * LANES : (t + 1) * LANES], out[stack, sequence, begin + t, group]
                        )
                before[:] = rows[time - 1, middle:right]
