"""Requests to the worker process and its answers; each job ends in exactly one of done, failed, cancelled."""

from __future__ import annotations

from dataclasses import dataclass, field

from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.results import AnalysisStart, AnalysisSummary, BatchResult, Reconstruction
from samba_gui.core.words import Text


@dataclass(frozen=True)
class AnalyseJob:
    """Run a recipe over a whole recording and append the results to ``results_path``.

    Parameters
    ----------
    info : RecordingInfo
        The probed recording.
    recipe : Recipe
    bundle_dir, results_path : str
    device : {"auto", "cpu", "cuda"}
    seen_s : tuple of 2 floats, optional
        What a reader looks at: the windows there are told first, and computed again in their turn. It is no
        part of what the job is.
    """

    info: RecordingInfo
    recipe: Recipe
    bundle_dir: str
    results_path: str
    device: str = "auto"
    seen_s: tuple[float, float] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ReconstructJob:
    """Reconstruct some windows for the traces; goes before a running analysis between two batches."""

    info: RecordingInfo
    recipe: Recipe
    bundle_dir: str
    windows: tuple[int, ...]
    pair: int = 0
    device: str = "auto"


Job = AnalyseJob | ReconstructJob


@dataclass(frozen=True)
class Started:
    """The analysis is planned and about to run."""

    job: int
    start: AnalysisStart


@dataclass(frozen=True)
class Batch:
    """Some windows are analysed (and stored)."""

    job: int
    result: BatchResult


@dataclass(frozen=True)
class Reconstructed:
    """Some windows are reconstructed."""

    job: int
    windows: tuple[Reconstruction, ...]


@dataclass(frozen=True)
class Progress:
    """How far an analysis is: windows done, recording seconds per second, seconds left."""

    job: int
    done: int
    total: int
    realtime_factor: float
    left_s: float


@dataclass(frozen=True)
class Restarted:
    """The worker died and was started again; the job continues from the last stored batch."""

    job: int
    message: Text


@dataclass(frozen=True)
class Done:
    """Ended well; ``summary`` for analyses."""

    job: int
    summary: AnalysisSummary | None = None


@dataclass(frozen=True)
class Failed:
    """Ended with an error: for the user, what to do, and for the log."""

    job: int
    message: Text
    hint: Text
    traceback: str


@dataclass(frozen=True)
class Cancelled:
    """Ended because it was cancelled."""

    job: int


JobEvent = Started | Batch | Reconstructed | Progress | Restarted | Done | Failed | Cancelled
