"""The analysis of a whole recording and the reconstruction of a few windows, as steps.

An analysis is a generator of events: whoever runs it may pause, serve something else, or close it between
any two steps. It holds one batch in memory, whatever the recording's length.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.jobs import (
    AnalyseJob,
    Batch,
    Cancelled,
    Done,
    JobEvent,
    Progress,
    Reconstructed,
    ReconstructJob,
    Started,
)
from samba_gui.core.recording import ChannelKind
from samba_gui.core.results import TRAINED_HERE, AnalysisStart, AnalysisSummary, BatchResult
from samba_gui.engine.batches import batches, seen
from samba_gui.engine.workbench import JobStopped, Prepared, Workbench
from samba_gui.io.hashing import recording_sha256
from samba_gui.io.results import ResultsWriter
from samba_gui.models.heads import FEATURES

REPLAY_WINDOWS = 64


def analyse(job: AnalyseJob, emit: Callable[[JobEvent], None], cancelled: Callable[[], bool]) -> None:
    """Run an analysis in this process.

    Parameters
    ----------
    job : AnalyseJob
    emit : callable
        Given every event; the last is Done or Cancelled.
    cancelled : callable
        Asked between any two steps.

    Raises
    ------
    SambaError
        It cannot be done; no event follows.
    """
    with closing(Workbench(beside_window=False)) as bench:
        try:
            with closing(analysis_steps(job, bench, stopped=cancelled)) as steps:
                for event in steps:
                    emit(event)
                    if not isinstance(event, Done) and cancelled():
                        raise JobStopped
        except JobStopped:
            emit(Cancelled(0))


def analysis_steps(
    job: AnalyseJob, bench: Workbench, number: int = 0, stopped: Callable[[], bool] = lambda: False
) -> Generator[JobEvent]:
    """Yield Started, what an unfinished file holds already, each new batch with progress, and Done.

    What the reader looks at goes before its turn; only what comes in its turn is stored and counted.

    Raises
    ------
    SambaError
        The recording, bundle, device or results file cannot be used.
    JobStopped
        ``stopped`` has answered True while the recording was being prepared.
    """
    begun = time.perf_counter()
    prepared = bench.prepare(job, stopped)
    plan = prepared.plan
    start = AnalysisStart(
        job.recipe,
        plan,
        prepared.scale_uv,
        prepared.device.in_words(),
        {head.name: head.classes for head in prepared.config.heads},
        FEATURES,
    )
    writer = ResultsWriter(job.results_path, start, _provenance(job, prepared))
    tally = _Tally(start)
    try:
        yield Started(number, replace(start, resumed=writer.done))
        for first in range(0, writer.done, REPLAY_WINDOWS):
            result = writer.stored(first, min(first + REPLAY_WINDOWS, writer.done))
            tally.add(result)
            yield Batch(number, result)
        first, stop = seen(prepared, job.seen_s)
        if first > writer.done:
            for result in batches(prepared, first, stopped, stop):
                yield Batch(number, result)
        pace = _Pace(plan.durations_s(), writer.done)
        for result in batches(prepared, writer.done, stopped):
            writer.append(result)
            tally.add(result)
            yield Batch(number, result)
            yield pace.progress(number, writer.done)
        writer.finish()
    finally:
        writer.close()
    seconds = time.perf_counter() - begun
    yield Done(number, _summary(job, prepared, tally, seconds))


def reconstruction_steps(
    job: ReconstructJob, bench: Workbench, number: int = 0, stopped: Callable[[], bool] = lambda: False
) -> Generator[JobEvent]:
    """Yield each window's reconstruction, then Done.

    Raises
    ------
    SambaError
        The recording, bundle or device cannot be used.
    JobStopped
        As for an analysis.
    """
    prepared = bench.prepare(job, stopped)
    for index in job.windows:
        window = prepared.plan.windows[index]
        found = prepared.analyser.reconstruct(prepared.samples([window]), [window], job.pair)
        yield Reconstructed(number, tuple(found))
    yield Done(number)


class _Pace:
    """How fast the windows go by."""

    def __init__(self, durations_s: np.ndarray, done: int) -> None:
        self._until_s = np.concatenate([[0.0], np.cumsum(durations_s)])
        self._from = done
        self._begun = time.perf_counter()

    def progress(self, number: int, done: int) -> Progress:
        spent_s = max(time.perf_counter() - self._begun, 1e-6)
        factor = float(self._until_s[done] - self._until_s[self._from]) / spent_s
        left_s = float(self._until_s[-1] - self._until_s[done]) / factor
        return Progress(number, done, len(self._until_s) - 1, factor, left_s)


class _Tally:
    """What the summary needs of every batch: one number per window and channel."""

    def __init__(self, start: AnalysisStart) -> None:
        self._heads = start.heads
        self._quality: dict[str, list[np.ndarray]] = {"nrmse": [], "skill": [], "correlation": []}
        self._winners: dict[str, list[np.ndarray]] = {head: [] for head in start.heads}

    def add(self, result: BatchResult) -> None:
        sums = result.sums.over(1, 3)
        for name, values in self._quality.items():
            values.append(getattr(sums, name)())
        for head, values in self._winners.items():
            probabilities = result.probabilities[head]
            abstains = np.isnan(probabilities).any(axis=1)
            values.append(np.where(abstains, -1, np.argmax(np.nan_to_num(probabilities), axis=1)))

    def median_quality(self) -> dict[str, float | None]:
        """Medians over windows and channels; None where there is no figure at all."""
        medians: dict[str, float | None] = {}
        for name, values in self._quality.items():
            figures = np.concatenate(values).ravel()
            figures = figures[np.isfinite(figures)]
            medians[name] = float(np.median(figures)) if figures.size else None
        return medians

    def class_fractions(self) -> dict[str, dict[str, float]]:
        """Share of windows in which each class is the likeliest, and in which the head abstains."""
        fractions = {}
        for head, classes in self._heads.items():
            winners = np.concatenate(self._winners[head])
            shares = {name: float(np.mean(winners == i)) for i, name in enumerate(classes)}
            fractions[head] = shares | {"abstained": float(np.mean(winners == -1))}
        return fractions


def _summary(job: AnalyseJob, prepared: Prepared, tally: _Tally, seconds: float) -> AnalysisSummary:
    info, recipe = prepared.recording.info, job.recipe
    analysed_s = float(prepared.plan.durations_s().sum())
    eeg = len(info.indices(ChannelKind.EEG))
    facts = {
        "format": info.format,
        "duration_s": info.duration_s,
        "analysed_s": analysed_s,
        "channels": len(recipe.labels),
        "montage": recipe.montage_name,
        "coverage": len(recipe.labels) / eeg if eeg else 0.0,
        "median_quality": tally.median_quality(),
        "class_fractions": tally.class_fractions(),
        "bundle": prepared.config.name,
        "bundle_key": prepared.config.key,
        "device": prepared.device.in_words(),
        "seed": recipe.seed,
        "warnings": list(info.warnings),
    }
    windows = len(prepared.plan.windows)
    return AnalysisSummary(job.results_path, windows, seconds, analysed_s / seconds, peak_memory_mb(), facts)


def _provenance(job: AnalyseJob, prepared: Prepared) -> dict[str, str]:
    """What decides the results, and nothing else: no clock, no path, no name of file or patient."""
    packages = ("torch", "numba", "numpy", "scipy", "mne", "h5py")
    sha256 = recording_sha256(job.info.path)
    taught = prepared.config.taught_by(sha256)
    return {
        "program": f"samba-gui {__version__}",
        "notice": RESEARCH_USE_ONLY,
        "python": platform.python_version(),
        **{package: _version(package) for package in packages},
        "recording_sha256": sha256,
        "recording_format": job.info.format,
        "recording_simulated": "yes" if job.info.simulated else "no",
        "bundle": f"{prepared.config.name} {prepared.config.version}",
        "bundle_key": prepared.config.key,
        **({TRAINED_HERE: ", ".join(taught)} if taught else {}),
        "montage": job.recipe.montage_name,
        "montage_key": job.recipe.montage().key,
        "recipe_key": job.recipe.key,
        "seed": str(job.recipe.seed),
        "device": prepared.device.identity,
    }


_version = cache(version)  # a file of metadata is parsed for each


def peak_memory_mb() -> float:
    """Most memory this process has held so far."""
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    if sys.platform == "linux":  # getrusage counts what the process was forked from
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**10
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
