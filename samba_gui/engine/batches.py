"""Windows through the network, in order, a bounded number at a time.

On a CPU two windows are computed by one thread, and as many pairs at once as there are threads: that is
faster than many threads on one window, and the numbers do not depend on how many cores there are (torch
splits sums by threads). On CUDA windows go in larger batches. Batches begin at multiples of their size, so
that an analysis that is continued forms the same ones.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice

import numpy as np
import torch

from samba_gui.core.quality import QualitySums
from samba_gui.core.results import BatchResult
from samba_gui.core.windows import Window
from samba_gui.engine.inference import WindowResults
from samba_gui.engine.workbench import JobStopped, Prepared

CPU_BATCH = 2
CUDA_BATCH = 16
STOP_CHECK_S = 0.02
BATCH_S = 0.1
MOST_SEEN = 64
"""Windows that are computed out of their turn, for the screen."""


def batches(
    prepared: Prepared, first: int, stopped: Callable[[], bool] = lambda: False, stop: int | None = None
) -> Generator[BatchResult]:
    """Analyse the windows from ``first`` on, in order.

    Parameters
    ----------
    prepared : Prepared
    first : int
    stopped : callable
        Asked often while windows are computed.
    stop : int, optional
        Where to end, if not at the last window.

    Raises
    ------
    JobStopped
        ``stopped`` has answered True.
    """
    windows = prepared.plan.windows[:stop]
    if prepared.device.kind == "cuda":
        return _on_cuda(prepared, windows, first)
    return _on_cores(prepared, windows, first, stopped)


def seen(prepared: Prepared, seen_s: tuple[float, float] | None) -> tuple[int, int]:
    """The windows first … stop that a stretch of time shows, widened to whole batches: they then have the
    very numbers that they will have in their turn. None (0, 0) where there is no such stretch."""
    if seen_s is None:
        return 0, 0
    plan, size = prepared.plan, CUDA_BATCH if prepared.device.kind == "cuda" else CPU_BATCH
    shown = np.flatnonzero((plan.onsets_s() < seen_s[1]) & (plan.onsets_s() + plan.durations_s() > seen_s[0]))
    if not shown.size:
        return 0, 0
    first, stop = int(shown[0]), int(shown[:MOST_SEEN][-1]) + 1
    return first - first % size, min(stop + -stop % size, len(plan.windows))


def _on_cores(
    prepared: Prepared, windows: tuple[Window, ...], first: int, stopped: Callable[[], bool]
) -> Generator[BatchResult]:
    threads = prepared.device.threads
    ahead: deque[Future[WindowResults]] = deque()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="network")
    waiting = _groups(windows, first, CPU_BATCH)
    found: list[WindowResults] = []
    due = 0.0  # the first windows at once, for the screen; then some at a time, since each batch goes to disk
    try:
        while True:
            for group in islice(waiting, threads + 1 - len(ahead)):
                # read here: the disk is no faster for being asked by many
                ahead.append(pool.submit(prepared.analyser.run, prepared.samples(group), group))
            if not ahead:
                break
            found.append(_next_finished(ahead, stopped))
            if time.monotonic() > due:
                yield (batch := _joined(found, first))
                first, found, due = first + batch.count, [], time.monotonic() + BATCH_S
        if found:
            yield _joined(found, first)
    finally:
        # windows that are being computed end by themselves; nobody waits for them
        pool.shutdown(wait=False, cancel_futures=True)


def _next_finished(ahead: deque[Future[WindowResults]], stopped: Callable[[], bool]) -> WindowResults:
    """Wait for the first windows."""
    while not ahead[0].done():
        wait([ahead[0]], STOP_CHECK_S)
        if stopped():
            raise JobStopped
    return ahead.popleft().result()


def _joined(found: list[WindowResults], first: int) -> BatchResult:
    if len(found) == 1:
        (one,) = found
        return BatchResult(first, len(one.sums.n), one.sums, one.probabilities, one.abstained, one.features)
    sums = QualitySums(
        *(np.concatenate([getattr(one.sums, name) for one in found]) for name in QualitySums.FIELDS)
    )
    heads = found[0].probabilities
    return BatchResult(
        first,
        len(sums.n),
        sums,
        {head: np.concatenate([one.probabilities[head] for one in found]) for head in heads},
        {head: np.concatenate([one.abstained[head] for one in found]) for head in heads},
        np.concatenate([one.features for one in found]),
    )


def _on_cuda(prepared: Prepared, windows: tuple[Window, ...], first: int) -> Generator[BatchResult]:
    size = CUDA_BATCH
    while first < len(windows):
        batch = _equally_long(windows[first : first - first % size + size])
        try:
            found = prepared.analyser.run(prepared.samples(batch), batch)
        except torch.cuda.OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
            torch.cuda.empty_cache()
            continue
        yield _joined([found], first)
        first += len(batch)


def _groups(windows: tuple[Window, ...], first: int, size: int) -> Generator[list[Window]]:
    """Windows of equal length from ``first`` on; no group crosses a multiple of ``size``."""
    while first < len(windows):
        group = _equally_long(windows[first : first - first % size + size])
        yield group
        first += len(group)


def _equally_long(windows: tuple[Window, ...]) -> list[Window]:
    """The leading windows that are as long as the first."""
    return [w for i, w in enumerate(windows) if all(other.n == windows[0].n for other in windows[: i + 1])]
