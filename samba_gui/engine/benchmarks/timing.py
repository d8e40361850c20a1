"""Timing that holds on a noisy machine: candidates in turn, medians, ratios pair by pair."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np


def in_turn(candidates: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, np.ndarray]:
    """Seconds of every round, float64 (rounds,) per candidate; one round before is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for name, call in candidates.items():
        call()
        del name
    for _ in range(rounds):
        for name, call in candidates.items():
            begun = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - begun)
    return {name: np.array(values) for name, values in seconds.items()}


def median_ratio(slow: np.ndarray, fast: np.ndarray) -> float:
    """How many times faster, the median over rounds."""
    return float(np.median(slow / fast))
