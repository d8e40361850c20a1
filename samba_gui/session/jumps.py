"""Times worth going to: bad windows, changes of the likeliest class, annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from samba_gui.core.quality import QualitySums
from samba_gui.core.recording import Annotation
from samba_gui.session.results import ResultsStore
from samba_gui.session.selection import Selection

WORST_SHARE = 0.1
NEAR_S = 1e-6


def worst_windows(
    store: ResultsStore,
    figure: Callable[[QualitySums, np.ndarray], np.ndarray],
    low_is_bad: bool,
    share: float = WORST_SHARE,
) -> np.ndarray:
    """Onsets of the windows whose median over channels is among the worst.

    Parameters
    ----------
    store : ResultsStore
    figure : callable
        From sums (windows, channels) and the channels' scale in µV to a figure of the same shape.
    low_is_bad : bool
    share : float
        How many of the analysed windows count as worst; at least one.

    Returns
    -------
    ndarray of float, ascending
    """
    filled = np.flatnonzero(store.filled)
    if not filled.size:
        return np.empty(0)
    values = figure(store.sums[filled].over(1, 3), np.asarray(store.start.scale_uv))
    known = np.isfinite(values).any(axis=1)
    badness = np.nanmedian(values[known], axis=1) * (-1 if low_is_bad else 1)
    worst = np.argsort(-badness, kind="stable")[: max(round(share * badness.size), 1)]
    return np.sort(store.start.plan.onsets_s()[filled[known][worst]])


def class_changes(store: ResultsStore) -> np.ndarray:
    """Onsets of the windows in which any head's likeliest class differs from the one before, ascending.

    Windows in which a head abstains are passed over.
    """
    onsets_s = store.start.plan.onsets_s()
    found = []
    for probabilities in store.probabilities.values():
        spoken = np.flatnonzero(np.isfinite(probabilities).all(axis=1))
        winners = probabilities[spoken].argmax(axis=1)
        found.append(onsets_s[spoken[1:][winners[1:] != winners[:-1]]])
    return np.unique(np.concatenate(found)) if found else np.empty(0)


def annotation_onsets(annotations: Iterable[Annotation]) -> np.ndarray:
    """Onsets, each once, ascending."""
    return np.unique([annotation.onset_s for annotation in annotations])


def marked_windows(store: ResultsStore, selection: Selection) -> np.ndarray:
    """Onsets of the windows whose middle lies in a marked stretch, ascending."""
    plan = store.start.plan
    onsets_s = plan.onsets_s()
    return onsets_s[selection.is_marked(onsets_s + plan.durations_s() / 2)]


def step_from(times_s: np.ndarray, now_s: float, step: int) -> float | None:
    """The next time after now (step 1) or before it (step -1), round the end; None without any."""
    if not len(times_s):
        return None
    if step > 0:
        later = times_s[times_s > now_s + NEAR_S]
        return float(later[0] if later.size else times_s[0])
    earlier = times_s[times_s < now_s - NEAR_S]
    return float(earlier[-1] if earlier.size else times_s[-1])
