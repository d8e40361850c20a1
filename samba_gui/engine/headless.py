"""One recording from file to results, without a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob, Done, JobEvent
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recipe import DEFAULT_SEED, make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.results import AnalysisSummary
from samba_gui.engine.analysis import analyse
from samba_gui.io.montages import match, propose
from samba_gui.io.probe import probe

RESULTS_SUFFIX = ".samba.h5"


@dataclass(frozen=True)
class Order:
    """What is wanted of every recording of a batch.

    Parameters
    ----------
    bundle_dir : Path
    bundle_key : str
        As ``read_bundle`` gave it: the bundle may not change during the batch.
    montage : Montage or None
        None: what fits each recording best.
    device : {"auto", "cpu", "cuda"}
    seed : int
    """

    bundle_dir: Path
    bundle_key: str
    montage: Montage | None = None
    device: str = "auto"
    seed: int = DEFAULT_SEED


def results_path(recording: Path, out_dir: Path) -> Path:
    """Where a recording's results go: ``<stem>.samba.h5``."""
    return out_dir / (recording.stem + RESULTS_SUFFIX)


def analyse_recording(
    recording: Path, results: Path, order: Order, emit: Callable[[JobEvent], None] = lambda event: None
) -> AnalysisSummary:
    """Probe a recording in a process of its own, then analyse it in this one.

    Parameters
    ----------
    recording, results : Path
        An unfinished analysis beside ``results`` is continued.
    order : Order
    emit : callable
        Given every event of the analysis.

    Returns
    -------
    AnalysisSummary
        Its facts also name what the montage left out.

    Raises
    ------
    SambaError
        The recording cannot be read or analysed, or the results cannot be written.
    """
    info = probe(recording)
    found = best_match(info) if order.montage is None else match(info, order.montage)
    return analyse_match(info, found, results, order, emit)


def best_match(info: RecordingInfo) -> MontageMatch:
    """The montage that fits a recording best.

    Raises
    ------
    RecipeError
        None does.
    """
    proposals = propose(info)
    if not proposals:
        raise RecipeError(
            "No montage names this recording's channels, and the file has no positions.",
            "Give one with positions: --montage FILE.",
        )
    return proposals[0]


def analyse_match(
    info: RecordingInfo,
    found: MontageMatch,
    results: Path,
    order: Order,
    emit: Callable[[JobEvent], None] = lambda event: None,
) -> AnalysisSummary:
    """Analyse a probed recording with chosen channels; as :func:`analyse_recording`."""
    recipe = make_recipe(info, found, order.bundle_key, seed=order.seed)
    job = AnalyseJob(info, recipe, str(order.bundle_dir), str(results), order.device)
    summaries: list[AnalysisSummary] = []

    def keep_summary(event: JobEvent) -> None:
        if isinstance(event, Done) and event.summary is not None:
            summaries.append(event.summary)
        emit(event)

    analyse(job, keep_summary, lambda: False)
    (summary,) = summaries
    more = {"coverage_in_words": found.in_words(), "unmatched": list(found.unmatched)}
    return replace(summary, facts=summary.facts | more)
