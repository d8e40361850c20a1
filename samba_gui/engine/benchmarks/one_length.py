"""One length of the curve: ``python -m samba_gui.engine.benchmarks.one_length BUNDLE TIME`` prints JSON."""

from __future__ import annotations

import json
import sys
import time
from statistics import median

import torch

from samba_gui.engine.analysis import peak_memory_mb
from samba_gui.engine.benchmarks.energy import joules
from samba_gui.engine.benchmarks.model import ELECTRODES, network_and_places
from samba_gui.io.bundles import read_bundle
from samba_gui.models.folded import FoldedSamba

SAMPLES = 200_000  # about this many samples are measured at every length


@torch.inference_mode()
def main(bundle_dir: str, length: int) -> dict[str, float | int | None]:
    """Measure one length at batch 1."""
    net, inputs, targets = network_and_places(read_bundle(bundle_dir), bundle_dir)
    folded = FoldedSamba(net, inputs, targets)
    folded(torch.zeros(1, ELECTRODES, 64))
    before_mb = peak_memory_mb()
    x = torch.randn(1, ELECTRODES, length)
    seconds = []
    energy = joules()
    for _ in range(max(1, SAMPLES // length)):
        begun = time.perf_counter()
        folded(x)
        seconds.append(time.perf_counter() - begun)
    spent = joules()
    return {
        "time": length,
        "us_per_sample": median(seconds) / length * 1e6,
        "peak_memory_mb": peak_memory_mb(),
        "peak_memory_before_mb": before_mb,
        "joules_per_million_samples": None
        if energy is None or spent is None
        else (spent - energy) / len(seconds) / length * 1e6,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
