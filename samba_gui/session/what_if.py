"""What the model would say without some electrodes, beside what it says with all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samba_gui.session.document import Document
from samba_gui.session.results import ResultsStore


@dataclass(frozen=True)
class Effect:
    """A figure with all electrodes and without some."""

    name: str
    whole: float
    reduced: float


@dataclass(frozen=True)
class ClassEffect:
    """What leaving electrodes out does to a head's classes.

    Parameters
    ----------
    head : str
    windows : int
        Analysed both ways, with neither abstaining.
    same : float
        Share of them with the same likeliest class; NaN without any.
    here : Effect or None
        Probability, in one window, of the class that is likeliest with all electrodes.
    """

    head: str
    windows: int
    same: float
    here: Effect | None


@dataclass(frozen=True)
class Effects:
    """Whole and reduced analysis compared in the windows that both have.

    Parameters
    ----------
    windows, of : int
        Compared, and planned.
    correlation : Effect
        Of original and reconstruction: median over windows and the electrodes that remain.
    classes : tuple of ClassEffect
    """

    windows: int
    of: int
    correlation: Effect
    classes: tuple[ClassEffect, ...]


class WhatIf:
    """Keeps the analysis with all electrodes while some are left out.

    Attributes
    ----------
    whole : ResultsStore or None
    """

    def __init__(self) -> None:
        self.whole: ResultsStore | None = None
        self._before: tuple[object, ...] = ()
        self._was_on = False

    def follow(self, document: Document, store: ResultsStore | None) -> None:
        """The document has changed; ``store`` is what was analysed until now."""
        same = self._before == (document.info, document.bads, document.match)
        if not document.left_out or not same:
            self.whole = None
        elif not self._was_on:
            self.whole = store
        self._before = (document.info, document.bads, document.match)
        self._was_on = bool(document.left_out)

    def effects(self, reduced: ResultsStore | None, window: int | None) -> Effects | None:
        """Compare; ``window`` is the one at the cursor. None where there is nothing to compare with yet."""
        whole = self.whole
        if whole is None or reduced is None or whole.start.plan != reduced.start.plan:
            return None
        both = np.flatnonzero(whole.filled & reduced.filled)
        if not len(both):
            return None
        labels = whole.start.recipe.labels
        rows = [labels.index(label) for label in reduced.start.recipe.labels]
        with_all = whole.sums[both].over(1, 3).correlation()[:, rows]
        without = reduced.sums[both].over(1, 3).correlation()
        return Effects(
            len(both),
            len(whole.filled),
            Effect("correlation", _median(with_all), _median(without)),
            tuple(_class_effect(head, whole, reduced, window) for head in whole.start.heads),
        )


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _class_effect(head: str, whole: ResultsStore, reduced: ResultsStore, window: int | None) -> ClassEffect:
    p, q = whole.probabilities[head], reduced.probabilities[head]
    both = np.isfinite(p + q).all(axis=1)
    same = float(np.mean(p[both].argmax(axis=1) == q[both].argmax(axis=1))) if both.any() else float("nan")
    here = None
    if window is not None and both[window]:
        likeliest = int(p[window].argmax())
        name = whole.start.heads[head][likeliest]
        here = Effect(name, float(p[window, likeliest]), float(q[window, likeliest]))
    return ClassEffect(head, int(both.sum()), same, here)
