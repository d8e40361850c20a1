"""A linear head whose reading and penalty are chosen by leaving out people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from samba_gui.models.bundles import BundleNetwork
from samba_gui.models.heads import READINGS, LinearHead
from samba_gui.training.people import Person, Predict
from samba_gui.training.probe import (
    Examples,
    best_temperature,
    calibrate,
    extract,
    fit_linear,
    joined,
    logits,
)

FOLDS = 4  # groups of people that are left out to choose
CHOICES = tuple(product(READINGS, (1e-3, 1e-2, 1e-1)))  # readings, and inverse L2 penalties


class PersonProbe:
    """A linear head on one network's frozen features, a method as :mod:`training.people` knows it.

    Parameters
    ----------
    network : BundleNetwork
    cuts : sequence of sequences of str
        Electrodes: the whole cap, which heads are judged on, and smaller montages, which they are also
        trained on, since they meet any montage.
    classes : int
    """

    def __init__(self, network: BundleNetwork, cuts: Sequence[Sequence[str]], classes: int) -> None:
        self._network, self._cuts, self._classes = network, cuts, classes
        self._extracted: dict[Person, list[Examples]] = {}

    def __call__(self, people: Sequence[Person]) -> Predict:
        """Fit a head, and predict by its likelier class."""
        head = self.fit(people)
        return lambda person: logits(head, self.whole(person).features).argmax(axis=1)

    def whole(self, person: Person) -> Examples:
        """Features of a person's windows under the whole cap."""
        return self._examples(person)[0]

    def fit(self, people: Sequence[Person], others: Sequence[Person] = ()) -> LinearHead:
        """A head on some people, not yet calibrated; the rest is chosen among them and the others."""
        losses = [self._left_out_loss([*people, *others], *choice) for choice in CHOICES]
        return self._fitted(people, *CHOICES[int(np.argmin(losses))])

    def calibrated(self, people: Sequence[Person], held_out: Sequence[Person]) -> LinearHead:
        """A head on some people, its temperature fitted on held-out ones, the rest chosen with both."""
        head = self.fit(people, held_out)
        calibrate(head, joined([self.whole(person) for person in held_out]))
        return head

    def _left_out_loss(self, people: Sequence[Person], reading: str, strength: float) -> float:
        """Balanced log loss of people left out group by group, at the best temperature for all of them."""
        left_out, labels = [], []
        for fold in range(min(FOLDS, len(people))):
            own = people[fold::FOLDS]
            head = self._fitted([other for other in people if other not in own], reading, strength)
            left_out += [logits(head, self.whole(person).features) for person in own]
            labels += [person.labels for person in own]
        return best_temperature(np.concatenate(left_out), np.concatenate(labels))[1]

    def _fitted(self, people: Sequence[Person], reading: str, strength: float) -> LinearHead:
        train = joined([part for person in people for part in self._examples(person)])
        return fit_linear(train, strength, self._classes, reading)

    def _examples(self, person: Person) -> list[Examples]:
        if person not in self._extracted:
            self._extracted[person] = [extract(self._network, person.trials, [cut]) for cut in self._cuts]
        return self._extracted[person]
