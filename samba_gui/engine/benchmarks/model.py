"""``samba-gui bench model``: the network against its op-by-op form, and how it grows with length."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from samba_gui.core.bundle import BundleConfig
from samba_gui.engine.benchmarks import op_by_op
from samba_gui.engine.benchmarks.timing import in_turn, median_ratio
from samba_gui.models.bundles import load_network
from samba_gui.models.folded import FoldedSamba
from samba_gui.models.samba import SAMBA

LENGTHS = (640, 2560, 12_800)
BATCHES = (1, 8)
CURVE = (640, 6_400, 64_000, 1_000_000)
ELECTRODES = 19
ROUNDS = 9
SPEED_LINE = (
    "B = {batch}, T = {time}: {op_by_op_ms:.1f} ms op by op, {ms:.1f} ms here: {ratio:.2f} times faster"
)
CURVE_LINE = "T = {time}: {us_per_sample:.2f} µs a sample, peak memory {peak_memory_mb:.0f} MB"


def network_and_places(config: BundleConfig, bundle_dir: str) -> tuple[SAMBA, Tensor, Tensor]:
    """The bundle's network with 19 of its target electrodes as input."""
    net = load_network(config, bundle_dir).net
    places = config.to_network(config.target.positions_m)
    chosen = np.linspace(0, len(places) - 1, ELECTRODES).round().astype(int)
    return net, torch.tensor(places[chosen]).float(), torch.tensor(places).float()


def bench_model(config: BundleConfig, bundle_dir: str, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure; see :data:`LENGTHS`, :data:`BATCHES` and :data:`CURVE`.

    Returns
    -------
    dict
        ``speed``: per length and batch the milliseconds of both forms (medians), their ratio and the largest
        relative difference of their output. ``curve``: per length microseconds a sample, and the peak
        memory of a process that does nothing else.
    """
    net, inputs, targets = network_and_places(config, bundle_dir)
    folded = FoldedSamba(net, inputs, targets)
    speed = []
    for batch in BATCHES:
        for time in LENGTHS:
            speed.append(_compare(net, folded, inputs, targets, batch, time))
            say(SPEED_LINE.format(**speed[-1]))
    curve = []
    for time in CURVE:
        curve.append(_alone(bundle_dir, time))
        say(CURVE_LINE.format(**curve[-1]))
    flop = flop_per_sample(ELECTRODES, len(config.target))
    return {
        "threads": torch.get_num_threads(),
        "electrodes": ELECTRODES,
        "flop_per_sample_as_written": flop,
        "speed": speed,
        "curve": curve,
    }


@torch.inference_mode()
def _compare(
    net: SAMBA, folded: FoldedSamba, inputs: Tensor, targets: Tensor, batch: int, time: int
) -> dict[str, Any]:
    x = torch.randn(batch, ELECTRODES, time, generator=torch.Generator().manual_seed(0))
    baseline = partial(op_by_op.forward, net, x, inputs, targets)
    seconds = in_turn({"baseline": baseline, "folded": partial(folded, x)}, ROUNDS)
    expected, got = baseline(), folded(x).reconstruction
    return {
        "batch": batch,
        "time": time,
        "op_by_op_ms": float(np.median(seconds["baseline"])) * 1e3,
        "ms": float(np.median(seconds["folded"])) * 1e3,
        "ratio": median_ratio(seconds["baseline"], seconds["folded"]),
        "difference": float((got - expected).abs().max() / expected.abs().max()),
    }


def _alone(bundle_dir: str, time: int) -> dict[str, Any]:
    """One length in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-m", "samba_gui.engine.benchmarks.one_length", bundle_dir, str(time)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def flop_per_sample(inputs: int, targets: int) -> int:
    """Floating-point operations per time sample of the network as it is written, recurrences as such.

    One multiply-add counts two. Stages after a pooling count their share of a sample.
    """
    embedding = 2 * targets * inputs + 2 * 11 * targets * 64 + 2 * 192 * 64 + 2 * 64 * 64
    mamba64 = 2 * 64 * 1064 + 2 * 512 * 64 + 5 * 512 * 16 + 10_560
    mamba128 = 2 * 128 * 2096 + 2 * 1024 * 128 + 5 * 1024 * 16 + 20_800
    teams = 16 * (2 * 16 * 296 + 2 * 128 * 16 + 5 * 128 * 16 + 2_880)
    encoders = 2 * 3 * 64 * 64 // 2 + 2 * 3 * 64 * 128 // 4
    bottleneck = (2 * 2 * 128 * 128 + teams + 2 * 128 * 128 + 1_280) // 8
    decoder3 = (2 * 3 * 256 * 128 + mamba128) // 4
    decoder2 = (2 * 3 * 192 * 64 + mamba64) // 2
    output = 2 * 3 * 128 * 64 + 2 * 64 * targets + 2 * targets * inputs
    return embedding + mamba64 + encoders + bottleneck + decoder3 + decoder2 + output
