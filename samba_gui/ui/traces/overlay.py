"""The model's original and reconstruction, brought to the rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.core.results import Reconstruction
from samba_gui.engine.derivations import combine
from samba_gui.engine.pages import Page, thin, thin_times


@dataclass(frozen=True, eq=False)
class Overlay:
    """What is laid over a page.

    Parameters
    ----------
    rows : ndarray (covered,) int
        Rows of the page that the model uses.
    times_s : ndarray (n,)
    original, predicted : ndarray (covered, n)
        µV in the model's band and reference; NaN between windows, and ``predicted`` also outside the
        masked spans.
    residual : ndarray (covered, n)
        Original minus predicted, in the masked spans.
    covered : tuple of (start_s, stop_s)
        Windows that are there.
    masked : tuple of (start_s, stop_s)
        Spans masked in the pass that is shown.
    """

    rows: np.ndarray
    times_s: np.ndarray
    original: np.ndarray
    predicted: np.ndarray
    residual: np.ndarray
    covered: tuple[tuple[float, float], ...]
    masked: tuple[tuple[float, float], ...]


def lay_over(
    page: Page,
    reconstructions: Sequence[Reconstruction],
    model_labels: Sequence[str],
    mask_pass: int,
    bads: frozenset[str] = frozenset(),
    max_points: int = 2500,
) -> Overlay | None:
    """Bring reconstructions to the rows of a page.

    A row of several channels shows their weighted sum; in a difference the model's reference cancels.

    Parameters
    ----------
    page : Page
    reconstructions : sequence of Reconstruction
        Of windows on the page; others are left out.
    model_labels : sequence of str
        Labels (in the file) of the reconstructions' channels.
    mask_pass : int
        0 or 1: which pass of the mask pair is shown.
    bads : frozenset of str
        Labels whose rows get nothing laid over.
    max_points : int
        More than about 1.5 times as many are thinned.

    Returns
    -------
    Overlay or None
        None where no window or no row is covered.
    """
    at = {label: i for i, label in enumerate(model_labels) if label not in bads}
    rows = [i for i, row in enumerate(page.rows) if all(label in at for label in row.channels)]
    stop_s = page.start_s + page.duration_s
    visible = [
        window
        for window in sorted(reconstructions, key=lambda window: window.onset_s)
        if window.onset_s < stop_s and _end_s(window) > page.start_s
    ]
    if not rows or not visible:
        return None
    terms = [
        tuple((at[label], weight) for label, weight in zip(row.channels, row.weights, strict=True))
        for row in (page.rows[i] for i in rows)
    ]
    n = sum(int(min(page.duration_s, _end_s(window) - window.onset_s) * window.rate_hz) for window in visible)
    step = max(n // max(max_points // 2, 1), 1)
    step = step if step > 2 else 1
    times: list[np.ndarray] = []
    originals: list[np.ndarray] = []
    predictions: list[np.ndarray] = []
    residuals: list[np.ndarray] = []
    masked: list[tuple[float, float]] = []
    for window in visible:
        here = _on_page(window, page.start_s, stop_s)
        hidden = window.masked_first if mask_pass == 0 else ~window.masked_first
        onsets_s = window.onset_s + np.arange(hidden.size) / window.rate_hz
        masked += _spans(hidden, window.onset_s, window.rate_hz)
        times += [thin_times(onsets_s[here], step), np.array([np.nan])]
        predicted = np.where(hidden, window.predicted, np.nan)
        for found, values in (
            (originals, window.original),
            (predictions, predicted),
            (residuals, window.original - predicted),
        ):
            found += [thin(combine(values[:, here], terms), step), np.full((len(rows), 1), np.nan)]
    return Overlay(
        np.array(rows),
        np.concatenate(times),
        np.concatenate(originals, axis=1),
        np.concatenate(predictions, axis=1),
        np.concatenate(residuals, axis=1),
        tuple((window.onset_s, _end_s(window)) for window in visible),
        tuple(masked),
    )


def _end_s(window: Reconstruction) -> float:
    return window.onset_s + window.masked_first.size / window.rate_hz


def _on_page(window: Reconstruction, start_s: float, stop_s: float) -> slice:
    """Samples on the page, one more on either side so that lines reach its edges."""
    first = int(np.floor((start_s - window.onset_s) * window.rate_hz))
    last = int(np.ceil((stop_s - window.onset_s) * window.rate_hz)) + 1
    return slice(max(first, 0), min(last, window.masked_first.size))


def _spans(hidden: np.ndarray, onset_s: float, rate_hz: float) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], hidden, [False]]).astype(np.int8)))
    return [(onset_s + a / rate_hz, onset_s + b / rate_hz) for a, b in edges.reshape(-1, 2).tolist()]
