"""One recording from file to results, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob, Done, JobEvent
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recipe import DEFAULT_PAIRS, DEFAULT_SEED, Recipe, make_recipe
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.core.results import RESULTS_SUFFIX, AnalysisSummary
from samba_gui.engine.analysis import analyse
from samba_gui.io.montages import best_match, match
from samba_gui.io.probe import probe


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
    seed, pairs : int
    bads : frozenset of str
        Labels of channels that are left out.
    recipe : Recipe or None
        Says all of the above but the bundle's folder and the device, and goes before it.
    """

    bundle_dir: Path
    bundle_key: str
    montage: Montage | None = None
    device: str = "auto"
    seed: int = DEFAULT_SEED
    pairs: int = DEFAULT_PAIRS
    bads: frozenset[str] = frozenset()
    recipe: Recipe | None = None


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
    if order.recipe is not None:
        found = _match_of(info, order.recipe)
    else:
        found = best_match(info) if order.montage is None else match(info, order.montage)
    return analyse_match(info, found, results, order, emit)


def recipe_of(info: RecordingInfo, order: Order) -> Recipe:
    """How a probed recording is read.

    Raises
    ------
    SambaError
        The recording has not the channels, or no montage fits.
    """
    if order.recipe is not None:
        refuse_unknown(order.recipe.labels, info)
        return order.recipe
    refuse_unknown(order.bads, info)
    found = best_match(info) if order.montage is None else match(info, order.montage)
    return make_recipe(info, found, order.bundle_key, bads=order.bads, seed=order.seed, pairs=order.pairs)


def _match_of(info: RecordingInfo, recipe: Recipe) -> MontageMatch:
    """The channels that a recipe reads."""
    refuse_unknown(recipe.labels, info)
    indices = tuple(info.labels.index(label) for label in recipe.labels)
    others = set(info.indices(ChannelKind.EEG)) - set(indices)
    return MontageMatch(recipe.montage(), indices, tuple(info.labels[i] for i in sorted(others)))


def refuse_unknown(labels: Iterable[str], info: RecordingInfo) -> None:
    """Refuse labels that no channel has.

    Raises
    ------
    RecipeError
    """
    unknown = sorted(set(labels) - set(info.labels))
    if unknown:
        raise RecipeError(
            "The recording has no channel {names}{more}.",
            "Give channels by the names that the file has for them.",
            names=", ".join(unknown[:4]),
            more=" …" if len(unknown) > 4 else "",
        )


def analyse_match(
    info: RecordingInfo,
    found: MontageMatch,
    results: Path,
    order: Order,
    emit: Callable[[JobEvent], None] = lambda event: None,
) -> AnalysisSummary:
    """Analyse a probed recording with chosen channels; as :func:`analyse_recording`."""
    refuse_unknown(order.bads, info)
    recipe = order.recipe or make_recipe(
        info, found, order.bundle_key, bads=order.bads, seed=order.seed, pairs=order.pairs
    )
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
