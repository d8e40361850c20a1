"""The Mamba-2 mixer as one pass over time, compiled for the CPU by Numba.

Convolution, gate, recurrence and normalisation of a sample touch nothing but the first-level cache,
where the chunked matrix form of :mod:`samba_gui.models.ssd` writes every intermediate to memory. It has no
gradients and serves inference only. Compiled once per machine; the result is kept on disk.

The exponential is the usual one: range reduction by powers of two and a polynomial (Cephes, ``expf``), within
2 units in the last place; written out because the compiler vectorises it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_f = np.float32
_LOG2E, _LN2_HIGH, _LN2_LOW = _f(1.44269504), _f(0.693359375), _f(-2.12194440e-4)
_P0, _P1, _P2 = _f(1.9875691500e-4), _f(1.3981999507e-3), _f(8.3334519073e-3)
_P3, _P4, _P5 = _f(4.1665795894e-2), _f(1.6666665459e-1), _f(5.0000001201e-1)
_LIMIT, _HALF, _ONE = _f(87.0), _f(0.5), _f(1.0)
_EPS = _f(1e-5)

_compiled = njit(nogil=True, cache=True, fastmath={"contract", "nsz", "reassoc"}, error_model="numpy")


@_compiled
def _silu(x, bits, powers, out):
    """``x / (1 + exp(-x))``; ``powers`` is ``bits`` seen as float32, and ``out`` is not ``x``."""
    for i in range(len(out)):
        v = min(max(-x[i], -_LIMIT), _LIMIT)
        k = np.floor(v * _LOG2E + _HALF)
        r = v - k * _LN2_HIGH - k * _LN2_LOW
        p = ((((_P0 * r + _P1) * r + _P2) * r + _P3) * r + _P4) * r + _P5
        out[i] = p * r * r + r + _ONE
        bits[i] = (np.int32(k) + np.int32(127)) << np.int32(23)
    for i in range(len(out)):
        out[i] = x[i] / (_ONE + out[i] * powers[i])


@_compiled
def _add_tap(x, weight, mixed):
    """Add one tap of a depthwise convolution."""
    for i in range(len(mixed)):
        mixed[i] += x[i] * weight[i]


@_compiled
def _advance(state, n, decay, gain, y, b, c):
    """Component ``n`` of every channel's state: decay it, add the input, read it out."""
    for j in range(len(y)):
        s = decay[j] * state[n, j] + gain[j] * b
        state[n, j] = s
        y[j] += s * c


@_compiled
def _normalise(y, gate, out):
    """RMS normalisation of the gated sample (its weight belongs to the output projection)."""
    total = _f(0.0)
    for j in range(len(y)):
        v = y[j] * gate[j]
        y[j] = v
        total += v * v
    scale = _ONE / np.sqrt(total / _f(len(y)) + _EPS)
    for j in range(len(y)):
        out[j] = y[j] * scale


@_compiled
def scan(projected, dt, decay, kernel, bias, d, state, past, out):
    """Run Mamba-2 mixers over a stretch of time, going on from where the last stretch ended.

    Parameters
    ----------
    projected : ndarray (stacks, sequences, time, groups * width) float32, C-contiguous
        Rows ``[z | x | b | c | dt]`` per group.
    dt, decay : ndarray (stacks, sequences, time, groups, heads) float32
        Step sizes and ``exp(dt a)``.
    kernel : ndarray (stacks, groups, taps, inner + 2 components) float32
    bias : ndarray (stacks, groups, inner + 2 components) float32
    d : ndarray (stacks, groups, heads) float32
    state : ndarray (stacks, sequences, groups, components, inner) float32
        Carried over: zero before the first stretch.
    past : ndarray (stacks, sequences, groups, taps - 1, inner + 2 components) float32
        The last rows of ``[x | b | c]``, carried over likewise.
    out : ndarray (stacks, sequences, time, groups, inner) float32
        Written: gated and normalised, without the weight of the norm.
    """
    stacks, sequences, time, groups, heads = dt.shape
    components, inner = state.shape[3:]
    taps, channels = kernel.shape[2:]
    headdim = inner // heads
    width = projected.shape[3] // groups
    mixed, active = np.empty(channels, np.float32), np.empty(channels, np.float32)
    bits = np.empty(channels, np.int32)
    powers = bits.view(np.float32)
    gate, y = np.empty(inner, np.float32), np.empty(inner, np.float32)
    fade, gain = np.empty(inner, np.float32), np.empty(inner, np.float32)
    # the same memory by head: indices that count from zero are what the compiler vectorises
    by_head = (heads, headdim)
    x_heads, y_heads = active[:inner].reshape(by_head), y.reshape(by_head)
    fade_heads, gain_heads = fade.reshape(by_head), gain.reshape(by_head)
    for stack in range(stacks):
        for sequence in range(sequences):
            for group in range(groups):
                left = group * width
                middle, right = left + inner, left + inner + channels
                memory, before = state[stack, sequence, group], past[stack, sequence, group]
                for t in range(time):
                    mixed[:] = bias[stack, group]
                    for lag in range(taps):
                        tap = kernel[stack, group, taps - 1 - lag]
                        if lag <= t:
                            _add_tap(projected[stack, sequence, t - lag, middle:right], tap, mixed)
                        else:
                            _add_tap(before[taps - 1 + t - lag], tap, mixed)
                    _silu(mixed, bits, powers, active)
                    _silu(projected[stack, sequence, t, left:middle], bits, powers, gate)
                    for head in range(heads):
                        step = dt[stack, sequence, t, group, head]
                        keep = decay[stack, sequence, t, group, head]
                        direct = d[stack, group, head]
                        for j in range(headdim):
                            fade_heads[head, j] = keep
                            gain_heads[head, j] = step * x_heads[head, j]
                            y_heads[head, j] = direct * x_heads[head, j]
                    for n in range(components):
                        _advance(memory, n, fade, gain, y, active[inner + n], active[inner + components + n])
                    _normalise(y, gate, out[stack, sequence, t, group])
                for k in range(taps - 1):
                    t = time - (taps - 1) + k
                    before[k] = projected[stack, sequence, t, middle:right] if t >= 0 else before[k + time]
