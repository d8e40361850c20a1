"""What each electrode contributes: the same windows once more without it.

An electrode that is left out is removed, not zeroed: the remaining ones share all the weight, and the average
reference is that of the remaining ones.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.errors import RecipeError
from samba_gui.core.jobs import AnalyseJob
from samba_gui.core.montage import MIN_ELECTRODES
from samba_gui.core.recipe import Recipe, make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.engine.comparison import Variant, resampled, total_variation, without
from samba_gui.engine.headless import Order
from samba_gui.engine.inference import WindowResults
from samba_gui.engine.workbench import Workbench
from samba_gui.io.hashing import recording_sha256

WINDOWS = 12


@dataclass(frozen=True)
class Change:
    """A mean over windows and its 95 % interval when windows are drawn again with return."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LeftOut:
    """What leaving one electrode out does.

    Parameters
    ----------
    electrode : str
    quality_lost : Change
        Correlation of original and reconstruction (median of the remaining electrodes) with it, less that
        without it; above 0: the others are reconstructed better with it.
    class_change : mapping of head to Change
        Total variation distance of the probabilities with and without it, 0 … 1; NaN where the head abstains.
    """

    electrode: str
    quality_lost: Change
    class_change: dict[str, Change]


@dataclass(frozen=True, eq=False)
class Ranking:
    """Electrodes of a variant, those that matter most first.

    Parameters
    ----------
    by : str
        A head's name, or ``"quality"`` where the bundle has no head that speaks.
    windows : int
        How many windows were analysed, spread evenly over the recording.
    rows : tuple of LeftOut
    """

    by: str
    windows: int
    rows: tuple[LeftOut, ...]


def rank_electrodes(
    info: RecordingInfo,
    variant: Variant,
    order: Order,
    *,
    windows: int = WINDOWS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Ranking:
    """Leave every electrode out in turn.

    Parameters
    ----------
    info : RecordingInfo
    variant : Variant
    order : Order
    windows : int
        Windows of full length to analyse each time.
    progress : callable
        Given electrodes done and in all.

    Raises
    ------
    RecipeError
        So few electrodes that none can be left out, or no window of full length.
    """
    labels = variant.match.montage.labels
    if len(labels) <= MIN_ELECTRODES:
        raise RecipeError(
            "{n} electrodes: none can be left out, the model needs {least}.",
            "Rank the electrodes of a larger montage.",
            n=len(labels),
            least=MIN_ELECTRODES,
        )
    with closing(Workbench(beside_window=False)) as bench:

        def run(variant: Variant) -> tuple[Recipe, WindowResults]:
            recipe = make_recipe(info, variant.match, order.bundle_key, seed=order.seed)
            prepared = bench.prepare(AnalyseJob(info, recipe, str(order.bundle_dir), "", order.device))
            full = [w for w in prepared.plan.windows if w.n == prepared.plan.window_samples]
            if not full:
                raise RecipeError("The recording has no window of full length.", "Use a longer recording.")
            spread = np.unique(np.linspace(0, len(full) - 1, min(windows, len(full))).round().astype(int))
            chosen = [full[i] for i in spread]
            return recipe, prepared.analyser.run(prepared.samples(chosen), chosen)

        recipe, whole = run(variant)
        rows = []
        for done, label in enumerate(labels):
            rows.append(_left_out(label, recipe, whole, *run(without(variant, [label]))))
            progress(done + 1, len(labels))
    heads = [head for head in whole.probabilities if np.isfinite(whole.probabilities[head]).any()]

    def weight(row: LeftOut) -> float:
        mean = row.class_change[heads[0]].mean if heads else row.quality_lost.mean
        return -np.inf if np.isnan(mean) else mean

    count = len(next(iter(_correlations(whole).T)))
    return Ranking(heads[0] if heads else "quality", count, tuple(sorted(rows, key=weight, reverse=True)))


def _correlations(results: WindowResults) -> np.ndarray:
    """Correlation per window and channel."""
    return results.sums.over(1, 3).correlation()


def _left_out(
    electrode: str, recipe: Recipe, whole: WindowResults, reduced_recipe: Recipe, reduced: WindowResults
) -> LeftOut:
    rows = [recipe.labels.index(label) for label in reduced_recipe.labels]
    with_it, without_it = _correlations(whole)[:, rows], _correlations(reduced)
    lost = np.nanmedian(with_it - without_it, axis=1)
    changes = {
        head: _change(total_variation(probabilities, reduced.probabilities[head]))
        for head, probabilities in whole.probabilities.items()
    }
    return LeftOut(electrode, _change(lost), changes)


def _change(per_window: np.ndarray) -> Change:
    known = per_window[np.isfinite(per_window)]
    if not known.size:
        return Change(np.nan, np.nan, np.nan)
    return Change(float(known.mean()), *resampled(known, lambda drawn: float(np.mean(drawn))))


def ranking_table(
    ranking: Ranking, info: RecordingInfo, variant: Variant, order: Order
) -> tuple[list[str], list[list[Any]], dict[str, Any]]:
    """Columns, rows and provenance of a ranking for a file."""
    heads = list(ranking.rows[0].class_change)
    columns = ["rank", "electrode", *_three("quality_lost")]
    columns += [column for head in heads for column in _three(f"{head}_change")]
    rows = [
        [
            number,
            row.electrode,
            *astuple(row.quality_lost),
            *(value for head in heads for value in astuple(row.class_change[head])),
        ]
        for number, row in enumerate(ranking.rows, start=1)
    ]
    provenance = {
        "program": f"samba-gui {__version__}",
        "notice": RESEARCH_USE_ONLY,
        "what": "each electrode left out in turn, the others share its weight",
        "bundle_key": order.bundle_key,
        "recording_sha256": recording_sha256(info.path),
        "montage": variant.name,
        "montage_key": variant.match.montage.key,
        "seed": order.seed,
        "windows": ranking.windows,
        "ranked_by": ranking.by,
        "interval": "95 %, windows drawn again with return",
    }
    return columns, rows, provenance


def _three(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"
