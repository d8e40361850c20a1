"""The corpora the default bundle is trained and judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.engine.masking import tsr_mask
from samba_gui.io.montages import montage_by_id
from samba_gui.training.batches import Batch
from samba_gui.training.corpus import CorpusRecording, load_corpus, read_entries

# folder of the corpus → montage and how often it is drawn
CORPORA = {"eegmmidb": ("10-10_64", 0.6), "eegmat": ("10-20_19", 0.4)}
# cut out of the 64 electrodes for held-out subjects only: never a named montage in training
UNSEEN_MONTAGE = "emotiv_14"


@dataclass(frozen=True)
class Corpus:
    """Recordings by corpus folder and split."""

    recordings: dict[tuple[str, str], list[CorpusRecording]]

    @classmethod
    def load(cls, table: str | Path, config: BundleConfig, cache: str | Path) -> Corpus:
        """Preprocess (once) everything the table lists."""
        entries = read_entries(table)
        return cls(
            {
                (folder, split): load_corpus(
                    [e for e in entries if e.split == split and e.path.parent.name == folder],
                    config,
                    montage,
                    cache,
                )
                for folder, (montage, _) in CORPORA.items()
                for split in ("train", "val", "test")
            }
        )

    def subjects(self) -> dict[str, dict[str, int]]:
        """How many people each corpus has in each split."""
        count: dict[str, dict[str, int]] = {folder: {} for folder in CORPORA}
        for (folder, split), group in self.recordings.items():
            count[folder][split] = len({recording.entry.subject for recording in group})
        return count

    def group(self, split: str) -> list[list[CorpusRecording]]:
        """Recordings of a split, one list per montage."""
        return [self.recordings[folder, split] for folder in CORPORA]

    def amplitude_range_uv(self) -> tuple[float, float]:
        """1st and 99th percentile of the channels' scales in training, µV, twice as far to both sides."""
        scales = [
            recording.scales_uv(np.arange(len(recording.montage)))
            for group in self.group("train")
            for recording in group
        ]
        low, high = np.quantile(np.concatenate(scales), [0.01, 0.99])
        return round(float(low / 2), 2), round(float(high * 2), 2)


def validation_sets(
    corpus: Corpus, split: str, config: BundleConfig, windows_per_recording: int
) -> dict[str, list[Batch]]:
    """Evenly spread windows of every recording of a split under fixed masks, by montage."""
    sets: dict[str, list[Batch]] = {}
    for folder, (montage, _) in CORPORA.items():
        for name in (montage, UNSEEN_MONTAGE):
            sets.setdefault(name, []).extend(
                _windows(recording, name, config.window_samples, windows_per_recording, seed)
                for seed, recording in enumerate(corpus.recordings[folder, split])
                if set(montage_by_id(name).labels) <= set(recording.montage.labels)
            )
    return sets


def _windows(recording: CorpusRecording, montage: str, n: int, count: int, seed: int) -> Batch:
    labels: Sequence[str] = recording.montage.labels
    channels = np.array([labels.index(name) for name in montage_by_id(montage).labels])
    last = recording.samples.shape[1] // n - 1
    starts = np.unique(np.linspace(0, last, min(count, last + 1)).round().astype(int)) * n
    rng = np.random.default_rng([seed, n])
    return Batch(
        np.stack([recording.window(int(start), n, channels) for start in starts]),
        np.stack([tsr_mask(n, rng) for _ in starts]),
        recording.montage.positions_m[channels],
    )
