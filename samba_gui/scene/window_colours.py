"""What the windows of an analysis are coloured by: a number on a scale, or the name of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.core.recording import Annotation
from samba_gui.core.windows import WindowPlan
from samba_gui.core.words import Text
from samba_gui.scene.colours import UNKNOWN_RGB, colours_of

SHAPES = ("disc", "square", "triangle", "diamond", "plus")
"""Groups differ by shape, too: nobody must tell them by colour alone."""

NAMED = len(SHAPES)


@dataclass(frozen=True, eq=False)
class Scale:
    """A number for each window.

    Parameters
    ----------
    title, unit : str
    values : ndarray (windows,) float
        NaN where there is none; grey.
    limits : tuple of 2 floats
        Of the colours; numbers beyond take the end's colour.
    colour_map : {"sequential", "diverging"}
    """

    title: str
    unit: str
    values: np.ndarray
    limits: tuple[float, float]
    colour_map: str

    @property
    def range(self) -> tuple[float, float] | None:
        """The least and the largest number there is."""
        known = self.values[np.isfinite(self.values)]
        return (float(known.min()), float(known.max())) if known.size else None

    def colours(self) -> np.ndarray:
        """Of each window, uint8 (windows, 3)."""
        return colours_of(self.values, self.limits, self.colour_map)

    def shapes(self) -> np.ndarray:
        """Of each window: the same."""
        return np.zeros(len(self.values), int)


@dataclass(frozen=True, eq=False)
class Groups:
    """A name for each window.

    Parameters
    ----------
    title : str
    names : tuple of str
        At most five.
    codes : ndarray (windows,) int
        Places in ``names``; -1 where no name applies, grey.
    no_name : str
        What is said of those: ``"abstained"``.
    own_colours : tuple of str
        ``#rrggbb`` of each name.
    """

    title: str
    names: tuple[str, ...]
    codes: np.ndarray
    no_name: str
    own_colours: tuple[str, ...]

    def counts(self) -> tuple[int, ...]:
        """Windows of each name, and of none at the end."""
        counted = np.bincount(self.codes + 1, minlength=len(self.names) + 1).tolist()
        return (*counted[1:], counted[0])

    def colours(self) -> np.ndarray:
        """Of each window, uint8 (windows, 3)."""
        table = np.array([UNKNOWN_RGB, *(list(bytes.fromhex(c[1:])) for c in self.own_colours)], np.uint8)
        return table[self.codes + 1]

    def shapes(self) -> np.ndarray:
        """Places in :data:`SHAPES`; those without a name are discs."""
        return np.maximum(self.codes, 0)


Colouring = Scale | Groups


def by_time(plan: WindowPlan) -> Scale:
    """Onsets in minutes, or in seconds in a short recording."""
    onsets_s = plan.onsets_s()
    end_s = float(onsets_s[-1] + plan.durations_s()[-1])
    per, unit = (60.0, "min") if end_s >= 300 else (1.0, "s")
    return Scale(Text("Time"), unit, onsets_s / per, (0.0, end_s / per), "sequential")


def by_class(
    title: str, classes: tuple[str, ...], probabilities: np.ndarray, colours: tuple[str, ...]
) -> Groups:
    """The likeliest class of a head; grey where it abstains.

    Parameters
    ----------
    title : str
        Of the head.
    classes : tuple of str
        Of more than five the fifth and later ones share a group.
    probabilities : ndarray (windows, classes)
        NaN where it abstains.
    colours : tuple of str
        A theme's, for names.
    """
    speaks = np.isfinite(probabilities).all(axis=1)
    winners = np.where(speaks, np.nan_to_num(probabilities).argmax(axis=1), -1)
    names = classes if len(classes) <= NAMED else (*classes[: NAMED - 1], Text("another class"))
    return Groups(title, names, np.minimum(winners, NAMED - 1), Text("abstained"), colours[: len(names)])


def by_annotation(
    plan: WindowPlan,
    annotations: Sequence[Annotation],
    places: Mapping[str, int],
    colours: tuple[str, ...],
) -> Groups:
    """The description that covers most of each window; a moment counts where nothing longer does.

    The most frequent descriptions have names, the others share one.

    Parameters
    ----------
    plan : WindowPlan
    annotations : sequence of Annotation
    places : mapping of description to int
        Of its colour, see :func:`samba_gui.core.recording.description_places`.
    colours : tuple of str
        A theme's, for names.
    """
    best = _covering(plan, annotations)
    descriptions = np.array([note.description for note in annotations] or [""])
    found, counts = np.unique(descriptions[best[best >= 0]], return_counts=True)
    by_count = found[np.argsort(-counts, kind="stable")].tolist()
    own = by_count if len(by_count) <= NAMED else by_count[: NAMED - 1]
    names, taken = tuple(own), [places[name] for name in own]
    if len(own) < len(by_count):
        names = (*names, Text("other annotations"))
        taken.append(next(place for place in range(len(colours)) if place not in taken))
    place = {name: min(i, NAMED - 1) for i, name in enumerate(by_count)}
    codes = np.array([place[str(descriptions[i])] if i >= 0 else -1 for i in best.tolist()], int)
    return Groups(
        Text("Annotation"), names, codes, Text("no annotation"), tuple(colours[place] for place in taken)
    )


def _covering(plan: WindowPlan, annotations: Sequence[Annotation]) -> np.ndarray:
    """For each window the annotation that covers most of it, or -1."""
    onsets_s, stops_s = plan.onsets_s(), plan.onsets_s() + plan.durations_s()
    starts_s = np.array([note.onset_s for note in annotations])
    ends_s = starts_s + np.array([note.duration_s for note in annotations])
    first = np.searchsorted(stops_s, starts_s, side="right")
    last = np.maximum(np.searchsorted(onsets_s, ends_s, side="left"), np.minimum(first + 1, len(onsets_s)))
    # a moment lies in one window, or in a gap
    counts = np.maximum(last - first, 0)
    note = np.repeat(np.arange(len(annotations)), counts)
    window = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    shared_s = np.minimum(ends_s[note], stops_s[window]) - np.maximum(starts_s[note], onsets_s[window])
    inside = shared_s >= 0
    note, window, shared_s = note[inside], window[inside], shared_s[inside]
    best = np.full(len(onsets_s), -1)
    order = np.argsort(shared_s, kind="stable")
    best[window[order]] = note[order]  # the longest is written last
    return best
