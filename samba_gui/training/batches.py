"""Training batches over many montages: whole caps, subsets of them, and random drop-outs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from samba_gui.engine.masking import Masking, tsr_mask
from samba_gui.training.corpus import CorpusRecording

MIN_SUBSET = 4


@dataclass(frozen=True)
class Batch:
    """``x`` (batch, channels, times) float32, ``visible`` (batch, times), ``positions_m`` (channels, 3)."""

    x: np.ndarray
    visible: np.ndarray
    positions_m: np.ndarray


class BatchSource:
    """Draws batches; batch ``k`` depends on the seed and ``k`` alone, so training can be resumed.

    Parameters
    ----------
    groups : sequence of sequences of CorpusRecording
        Recordings that share a montage stand in one group; each batch is drawn from one group.
    shares : sequence of float
        How often each group is drawn.
    cuts : sequence of sequences of str
        Named montages that are cut out of a group where it holds them.
    batch : int
    window : int
        Samples.
    seed : int
    masking : Masking
    """

    def __init__(
        self,
        groups: Sequence[Sequence[CorpusRecording]],
        shares: Sequence[float],
        cuts: Sequence[Sequence[str]],
        batch: int,
        window: int,
        seed: int,
        masking: Masking = tsr_mask,
    ) -> None:
        self._groups = groups
        self._masking = masking
        self._shares = np.array(shares) / np.sum(shares)
        self._batch, self._window, self._seed = batch, window, seed
        self._lengths = [np.array([r.samples.shape[1] - window for r in group], float) for group in groups]
        self._cuts = [
            [np.array([labels.index(name) for name in cut]) for cut in cuts if set(cut) < set(labels)]
            for labels in (group[0].montage.labels for group in groups)
        ]

    def batch(self, k: int) -> Batch:
        """Batch number ``k``."""
        rng = np.random.default_rng([self._seed, k])
        g = int(rng.choice(len(self._groups), p=self._shares))
        group, lengths = self._groups[g], self._lengths[g]
        channels = self._subset(rng, g)
        chosen = rng.choice(len(group), self._batch, p=lengths / lengths.sum())
        x = np.stack(
            [group[r].window(int(rng.integers(lengths[r] + 1)), self._window, channels) for r in chosen]
        )
        # the polarity of a referenced signal and the absolute scale are conventions, not physiology
        x *= (rng.choice([-1.0, 1.0], self._batch) * rng.uniform(0.7, 1.4, self._batch))[:, None, None]
        visible = np.stack([self._masking(self._window, rng) for _ in chosen])
        return Batch(x.astype(np.float32), visible, group[0].montage.positions_m[channels])

    def _subset(self, rng: np.random.Generator, g: int) -> np.ndarray:
        """All electrodes, a named montage, or a random subset."""
        n = len(self._groups[g][0].montage)
        way = rng.random()
        if way < 0.35:
            return np.arange(n)
        if way < 0.55 and self._cuts[g]:
            return self._cuts[g][int(rng.integers(len(self._cuts[g])))]
        size = int(rng.integers(MIN_SUBSET, n))
        return np.sort(rng.choice(n, size, replace=False))
