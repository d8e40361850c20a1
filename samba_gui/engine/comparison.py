"""One recording under several montages: the same windows analysed, quality and classes side by side.

Torch is imported only where something is analysed, so that the window can name and compare montages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from samba_gui.core.electrode_names import name_key
from samba_gui.core.errors import MontageError, RecipeError
from samba_gui.core.jobs import JobEvent
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.results import AnalysisSummary
from samba_gui.io.montages import SHIPPED, best_match, match, montage_by_id
from samba_gui.io.results import StoredResults, read_results

if TYPE_CHECKING:
    from samba_gui.engine.headless import Order

AUTO = "auto"
CUT = "cut:"
MOST_VARIANTS = 4
FIGURES = ("nrmse", "skill", "correlation")
_RESAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Variant:
    """A way to see the recording.

    Parameters
    ----------
    name : str
        For people: the montage's name, the file's, or the electrodes.
    match : MontageMatch
        Which channels are used, and where they lie.
    cap : int
        Electrodes of the cap that it stands for, recorded or not; 0 where it stands for none.
    """

    name: str
    match: MontageMatch
    cap: int = 0

    @property
    def slug(self) -> str:
        """The name as part of a file name."""
        return re.sub(r"[^A-Za-z0-9]+", "-", Path(self.name).name).strip("-")[:60] or "montage"


def variant_of(info: RecordingInfo, text: str) -> Variant:
    """Understand what a user calls a montage.

    Parameters
    ----------
    info : RecordingInfo
    text : str
        ``auto`` (what fits the recording best), a shipped montage's id or name, a file, or ``cut:`` and
        either of these or electrode names (``cut:emotiv_14``, ``cut:Fp1,Fp2,C3,C4``): the recording's own
        best montage, reduced to those electrodes.

    Raises
    ------
    MontageError
        No such montage, or none of its electrodes was recorded.
    """
    if text == AUTO:
        whole = best_match(info)
        return Variant(whole.montage.name, whole)
    if not text.startswith(CUT):
        return Variant(_shown(text), match(info, montage_by_id(text)))
    what, whole = text.removeprefix(CUT), best_match(info)
    listed = "," in what
    names = _names(what) if listed else list(montage_by_id(what).labels)
    wanted = {name_key(name) for name in names}
    kept = [i for i, label in enumerate(whole.montage.labels) if name_key(label) in wanted]
    if not kept:
        raise MontageError(
            "The recording has none of the electrodes of {text}.",
            "Name electrodes as samba-gui run does.",
            text=text,
        )
    return Variant(f"cut to {_shown(what)}", _reduced(whole, kept), 0 if listed else len(names))


def _shown(text: str) -> str:
    """A montage by its name, a file without its folder: those do not belong into pictures and tables."""
    if Path(text).is_file():
        return Path(text).name
    return montage_by_id(text).name if text in SHIPPED else text


def without(variant: Variant, names: Sequence[str]) -> Variant:
    """A variant from which electrodes are removed; what is left shares all the weight.

    Raises
    ------
    MontageError
        The variant has no such electrode.
    """
    labels = variant.match.montage.labels
    keys = [name_key(label) for label in labels]
    missing = [name for name in names if name_key(name) not in keys]
    if missing:
        raise MontageError(
            "{name} has no electrode {missing}.",
            "It has {labels} …",
            name=variant.name,
            missing=missing[0],
            labels=", ".join(labels[:12]),
        )
    dropped = {name_key(name) for name in names}
    kept = [i for i, key in enumerate(keys) if key not in dropped]
    if not kept:
        raise MontageError(
            "{name} without {names} has no electrode left.",
            "Drop fewer.",
            name=variant.name,
            names=", ".join(names),
        )
    return Variant(f"{variant.name} without {', '.join(names)}", _reduced(variant.match, kept))


def variants_of(
    info: RecordingInfo,
    montages: Sequence[str],
    drops: Sequence[str],
    bads: frozenset[str] = frozenset(),
    given: Mapping[str, Montage] | None = None,
) -> list[Variant]:
    """The montages asked for, and the first of them without each list of dropped electrodes.

    Parameters
    ----------
    info : RecordingInfo
    montages : sequence of str
        As :func:`variant_of` reads them; ``auto`` if there are none.
    drops : sequence of str
        Electrode names with commas.
    bads : frozenset of str
        Channels that no variant uses, but for those that are given.
    given : mapping of str to Montage, optional
        Montages that go by a name of their own, with exactly the electrodes to be used.

    Raises
    ------
    RecipeError
        Fewer than two or more than four to compare, or one of them twice.
    MontageError
        One of them is none.
    """
    given = given or {}
    found = [
        Variant(text, match(info, given[text]))
        if text in given
        else spared(info, variant_of(info, text), bads)
        for text in (montages or [AUTO])
    ]
    found += [without(found[0], _names(text)) for text in drops]
    if not 2 <= len(found) <= MOST_VARIANTS:
        raise RecipeError(
            "{n} montages to compare; there must be 2 to {most}.",
            "Give --montage (and --drop) so often.",
            n=len(found),
            most=MOST_VARIANTS,
        )
    if len({variant.slug for variant in found}) < len(found):
        raise RecipeError("The same montage is given twice.", "Give each once.")
    return found


def spared(info: RecordingInfo, variant: Variant, bads: frozenset[str]) -> Variant:
    """A variant without the bad channels."""
    indices = variant.match.channel_indices
    kept = [i for i, channel in enumerate(indices) if info.channels[channel].label not in bads]
    if not kept:
        raise MontageError("All electrodes of {name} are marked bad.", "Mark fewer bad.", name=variant.name)
    return variant if len(kept) == len(indices) else replace(variant, match=_reduced(variant.match, kept))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _reduced(whole: MontageMatch, kept: list[int]) -> MontageMatch:
    """Fewer electrodes; those left out are not counted as lacking a position."""
    return replace(
        whole,
        montage=whole.montage.take(kept),
        channel_indices=tuple(whole.channel_indices[i] for i in kept),
    )


@dataclass(frozen=True, eq=False)
class Outcome:
    """A variant, and what its analysis gave."""

    variant: Variant
    summary: AnalysisSummary
    results: StoredResults


def run_variants(
    info: RecordingInfo,
    variants: Sequence[Variant],
    out_dir: Path,
    order: Order,
    emit: Callable[[JobEvent], None] = lambda event: None,
) -> list[Outcome]:
    """Analyse one recording under each variant; results files are kept in ``out_dir``.

    Raises
    ------
    SambaError
        One of them cannot be analysed.
    """
    from samba_gui.engine.headless import RESULTS_SUFFIX, analyse_match

    outcomes = []
    for variant in variants:
        path = out_dir / f"{Path(info.path).stem}.{variant.slug}{RESULTS_SUFFIX}"
        summary = analyse_match(info, variant.match, path, order, emit)
        outcomes.append(Outcome(variant, summary, read_results(path)))
    return outcomes


@dataclass(frozen=True)
class Figure:
    """A median over windows and electrodes, and where 95 % of medians over resampled windows lie."""

    median: float
    low: float
    high: float


def quality_figures(results: StoredResults, labels: Sequence[str] | None = None) -> dict[str, Figure]:
    """Median quality.

    Parameters
    ----------
    results : StoredResults
    labels : sequence of str, optional
        Channels of the recording that count; all if not given.

    Returns
    -------
    mapping of "nrmse", "skill", "correlation" to Figure
        NaN where there is no figure at all.
    """
    recipe = results.start.recipe
    rows = [i for i, label in enumerate(recipe.labels) if labels is None or label in labels]
    sums = results.batch.sums.over(1, 3)  # (windows, channels)
    return {name: median_over_windows(getattr(sums, name)()[:, rows]) for name in FIGURES}


def skill_gained(one: StoredResults, other: StoredResults, labels: Sequence[str]) -> Figure:
    """Skill with the other analysis less that with the one, window by window on the same channels.

    Parameters
    ----------
    one, other : StoredResults
        Of the same windows.
    labels : sequence of str
        Channels that both have.

    Returns
    -------
    Figure
        Of each window's median over channels; above 0: the other reconstructs better.
    """
    skills = []
    for results in (one, other):
        rows = [results.start.recipe.labels.index(label) for label in labels]
        skills.append(results.batch.sums.over(1, 3).skill()[:, rows])
    gained = [np.nanmedian(row) for row in skills[1] - skills[0] if np.isfinite(row).any()]
    return median_over_windows(np.array(gained).reshape(-1, 1))


def median_over_windows(values: np.ndarray) -> Figure:
    """Median of values (windows, channels), and its interval when windows are drawn again with return."""
    if not np.isfinite(values).any():
        return Figure(np.nan, np.nan, np.nan)
    low, high = resampled(values, lambda drawn: float(np.nanmedian(drawn)))
    return Figure(float(np.nanmedian(values)), low, high)


def resampled(values: np.ndarray, statistic: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """95 % interval of a statistic over windows drawn with return (percentile bootstrap, fixed seed)."""
    rng = np.random.default_rng(0)
    with np.errstate(all="ignore"):
        drawn = [
            statistic(values[rng.integers(0, len(values), len(values))])
            for _ in range(_RESAMPLES if values.size < 20_000 else _RESAMPLES // 5)
        ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


@dataclass(frozen=True)
class Agreement:
    """How two analyses agree on a head's classes.

    Parameters
    ----------
    windows : int
        In which neither abstains; only these count.
    same_class, same_class_low, same_class_high : float
        Share of them with the same likeliest class, and its 95 % interval when windows are drawn again with
        return; NaN if there are none.
    difference, difference_low, difference_high : float
        Mean total variation distance of the probabilities, 0 (equal) … 1, and its interval.
    """

    windows: int
    same_class: float = np.nan
    same_class_low: float = np.nan
    same_class_high: float = np.nan
    difference: float = np.nan
    difference_low: float = np.nan
    difference_high: float = np.nan


def agreement(one: StoredResults, other: StoredResults) -> dict[str, Agreement]:
    """Compare the class probabilities of the same windows.

    Raises
    ------
    RecipeError
        The windows are not the same.
    """
    if one.start.plan != other.start.plan:
        raise RecipeError("The two analyses have different windows.", "Use the same recording and bundle.")
    found = {}
    for head in one.start.heads:
        p, q = one.batch.probabilities[head], other.batch.probabilities[head]
        both = np.isfinite(p).all(axis=1) & np.isfinite(q).all(axis=1)
        if not both.any():
            found[head] = Agreement(0)
            continue
        p, q = p[both].astype(np.float64), q[both].astype(np.float64)
        same = (p.argmax(axis=1) == q.argmax(axis=1)).astype(np.float64)
        found[head] = Agreement(int(both.sum()), *_mean(same), *_mean(total_variation(p, q)))
    return found


def _mean(values: np.ndarray) -> tuple[float, float, float]:
    """Mean over windows and its interval."""
    return float(values.mean()), *resampled(values, lambda drawn: float(drawn.mean()))


def total_variation(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Half the sum of absolute differences of probabilities (windows, classes), per window."""
    return 0.5 * np.abs(p - q).sum(axis=1)
