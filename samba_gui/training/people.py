"""Labelled windows person by person: held-out means that nothing of a person was seen in training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from samba_gui.training.probe import BLOCK, DRAWS
from samba_gui.training.trials import Trials


@dataclass(frozen=True, eq=False)
class Person:
    """One person's labelled windows.

    Parameters
    ----------
    name : str
        As in the corpus table.
    trials : sequence of Trials
        One for each recording.
    n : int
        Samples of a window.
    rate_hz : float
    """

    name: str
    trials: Sequence[Trials]
    n: int
    rate_hz: float

    @cached_property
    def labels(self) -> np.ndarray:
        """Class indices (windows,)."""
        return np.concatenate([one.labels for one in self.trials])

    @cached_property
    def blocks(self) -> np.ndarray:
        """Which block of neighbouring windows of one recording each window belongs to (windows,)."""
        blocks: list[np.ndarray] = []
        for one in self.trials:
            first = blocks[-1][-1] + 1 if blocks else 0
            blocks.append(first + np.arange(len(one.starts)) // BLOCK)
        return np.concatenate(blocks)


Predict = Callable[[Person], np.ndarray]
"""Class indices (windows,) of a person's windows."""
Method = Callable[[Sequence[Person]], Predict]
"""Learns from some people how to predict others."""


def people_of(trials: Sequence[Trials], n: int, rate_hz: float) -> list[Person]:
    """Gather trials by person, in the order in which people first come."""
    own: dict[str, list[Trials]] = {}
    for one in trials:
        own.setdefault(one.recording.entry.subject, []).append(one)
    return [Person(name, found, n, rate_hz) for name, found in own.items()]


def leave_one_out(method: Method, people: Sequence[Person]) -> dict[Person, np.ndarray]:
    """Predict every person by what was learned from all others."""
    return {person: method([other for other in people if other is not person])(person) for person in people}


@dataclass(frozen=True)
class Judgement:
    """A mean over people (by name in ``people``) with its 95 % interval."""

    mean: float
    low: float
    high: float
    people: Mapping[str, float]


def judge(predicted: Mapping[Person, np.ndarray]) -> Judgement:
    """Balanced accuracy of the classes predicted of people's windows; see :func:`interval`."""
    return interval({person: classes == person.labels for person, classes in predicted.items()})


def interval(values: Mapping[Person, np.ndarray], seed: int = 0) -> Judgement:
    """Mean over people of something known of each of their windows, every class counting the same.

    The interval resamples people, and within each drawn person blocks of neighbouring windows (a two-stage
    cluster bootstrap, 2000 draws). With two or three people it is too narrow still: nothing can tell how far
    other people lie from these.

    Parameters
    ----------
    values : mapping of Person to ndarray (windows,)
    seed : int
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    sums = [_by_block(person, own) for person, own in values.items()]
    means = np.empty((DRAWS, len(sums)))
    for slot in range(len(sums)):
        drawn = rng.integers(len(sums), size=DRAWS)
        for who, (total, windows) in enumerate(sums):
            rows = drawn == who
            times = rng.multinomial(len(total), np.full(len(total), 1 / len(total)), size=rows.sum())
            means[rows, slot] = _balanced(times @ total, times @ windows)
    low, high = np.quantile(means.mean(axis=1), [0.025, 0.975])
    people = {
        person.name: float(_balanced(*(one.sum(axis=0, keepdims=True) for one in own))[0])
        for person, own in zip(values, sums, strict=True)
    }
    return Judgement(float(np.mean(list(people.values()))), float(low), float(high), people)


def _by_block(person: Person, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of values, and windows, (blocks, classes)."""
    shape = (int(person.blocks.max()) + 1, int(person.labels.max()) + 1)
    total, windows = np.zeros(shape), np.zeros(shape)
    np.add.at(windows, (person.blocks, person.labels), 1)
    np.add.at(total, (person.blocks, person.labels), values)
    return total, windows


def _balanced(total: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """Mean over the classes present of each one's mean, (draws, classes) → (draws,)."""
    means = np.divide(total, windows, out=np.full_like(total, np.nan), where=windows > 0)
    return np.nanmean(means, axis=1)
