"""SAMBA step by step in float64 numpy: slow, obvious, and independent of the program's network."""

from __future__ import annotations

import numpy as np

Tensors = dict[str, np.ndarray]


def linear(x: np.ndarray, t: Tensors, name: str) -> np.ndarray:
    return x @ t[f"{name}.weight"].T + t.get(f"{name}.bias", 0.0)


def conv(x: np.ndarray, t: Tensors, name: str) -> np.ndarray:
    """x (time, channels), zero-padded to the same length."""
    kernel, bias = t[f"{name}.weight"], t[f"{name}.bias"]
    taps = kernel.shape[2]
    padded = np.pad(x, ((taps // 2, taps // 2), (0, 0)))
    out = np.zeros((len(x), kernel.shape[0])) + bias
    for k in range(taps):
        out += padded[k : k + len(x)] @ kernel[:, :, k].T
    return out


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def mamba2(u: np.ndarray, t: Tensors, name: str, headdim: int, state: int = 16) -> np.ndarray:
    """One Mamba-2 as a recurrence over time; u (time, model)."""
    heads = len(t[f"{name}.A_log"])
    inner = heads * headdim
    projected = linear(u, t, f"{name}.in_proj")
    z, xbc, dt = np.split(projected, [inner, 2 * inner + 2 * state], axis=1)
    kernel, bias = t[f"{name}.conv1d.weight"][:, 0], t[f"{name}.conv1d.bias"]
    dt = np.log1p(np.exp(dt + t[f"{name}.dt_bias"]))
    a = -np.exp(t[f"{name}.A_log"])
    memory = np.zeros((heads, headdim, state))
    previous = np.zeros(xbc.shape[1])
    rows = []
    for now in range(len(u)):
        mixed = kernel[:, 0] * previous + kernel[:, 1] * xbc[now] + bias
        previous = xbc[now]
        mixed = mixed * sigmoid(mixed)
        x, b, c = np.split(mixed, [inner, inner + state])
        x = x.reshape(heads, headdim)
        decay = np.exp(dt[now] * a)[:, None, None]
        memory = decay * memory + (dt[now][:, None] * x)[:, :, None] * b
        y = (memory @ c + t[f"{name}.D"][:, None] * x).ravel()
        y = y * z[now] * sigmoid(z[now])
        y = y / np.sqrt(np.mean(y**2) + 1e-5) * t[f"{name}.norm.weight"]
        rows.append(y @ t[f"{name}.out_proj.weight"].T)
    return np.array(rows)


def diff_mamba(x: np.ndarray, t: Tensors) -> np.ndarray:
    name = "bottleneck.1.block"
    lam = t[f"{name}.lam"].reshape(8, 16)
    parts = []
    for head in range(8):
        u = x[:, 16 * head : 16 * head + 16]
        first = mamba2(u, t, f"{name}.team1.{head}", 16)
        second = mamba2(u, t, f"{name}.team2.{head}", 16)
        difference = first - lam[head] * second
        difference = (difference - difference.mean()) / np.sqrt(difference.var() + 1e-5)
        norm = f"{name}.head_norms.{head}"
        parts.append(difference * t[f"{norm}.weight"] + t[f"{norm}.bias"])
    return x + linear(np.concatenate(parts, axis=1), t, f"{name}.out_proj")


def resize(x: np.ndarray, n: int) -> np.ndarray:
    """Linear interpolation with half-sample centres, ends held."""
    at = np.clip((np.arange(n) + 0.5) * len(x) / n - 0.5, 0, len(x) - 1)
    return np.stack([np.interp(at, np.arange(len(x)), column) for column in x.T], axis=1)


def pool(x: np.ndarray) -> np.ndarray:
    n = len(x) // 2
    return np.maximum(x[0 : 2 * n : 2], x[1 : 2 * n : 2])


def saie(t: Tensors, to: np.ndarray, origin: np.ndarray, name: str = "saie") -> np.ndarray:
    logits = np.empty((len(to), len(origin)))
    for o, p in enumerate(to):
        for i, q in enumerate(origin):
            hidden = np.maximum(t[f"{name}.net.0.weight"] @ (p - q) + t[f"{name}.net.0.bias"], 0)
            logits[o, i] = (t[f"{name}.net.2.weight"] @ hidden + t[f"{name}.net.2.bias"])[0]
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def samba(
    x: np.ndarray, tensors: Tensors, inputs: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x (channels, time) → reconstruction (out, time), weights, decoder features (128, time // 2)."""
    t = {name: array.astype(np.float64) for name, array in tensors.items()}
    weights = saie(t, targets, inputs)
    x = (weights @ x).T
    branches = [conv(x, t, f"input_embedding.branch{k}") for k in (1, 3, 7)]
    x = conv(np.concatenate(branches, axis=1), t, "input_embedding.fuse")
    x = linear(x, t, "encoder1.0")
    x1 = x + mamba2(x, t, "encoder1.1.mamba", 64)
    x2 = conv(pool(x1), t, "encoder2")
    x3 = conv(pool(x2), t, "encoder3")
    bottom = linear(pool(x3), t, "bottleneck.0")
    bottom = linear(diff_mamba(bottom, t), t, "bottleneck.2")
    d3 = conv(np.concatenate([x3, resize(bottom, len(x3))], axis=1), t, "decoder3")
    d3 = resize(d3 + mamba2(d3, t, "decodeMamba3.mamba", 64), len(x2))
    d2 = conv(np.concatenate([x2, d3], axis=1), t, "decoder2")
    d2 = resize(d2 + mamba2(d2, t, "decodeMamba2.mamba", 64), len(x1))
    out = conv(conv(np.concatenate([x1, d2], axis=1), t, "decoder1"), t, "onput_embedding")
    if "output_saie.net.0.weight" in t:
        out = out @ saie(t, inputs, targets, "output_saie").T
    return out.T, weights, d3.T
