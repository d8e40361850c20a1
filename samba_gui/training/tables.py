"""Any corpus table: which recordings it lists, by split and by montage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import BundleConfig, PinnedMontage
from samba_gui.core.errors import RecordingError
from samba_gui.engine.masking import Masking, tsr_mask
from samba_gui.io.montages import montage_by_id
from samba_gui.training.batches import Batch
from samba_gui.training.corpus import CorpusRecording, load_corpus, pinned, read_entries

SPLITS = ("train", "val", "test")
SMALLER = ("10-20_19", "emotiv_14")  # montages cut out of larger caps


@dataclass(frozen=True)
class TableCorpus:
    """Preprocessed recordings of every split."""

    name: str
    recordings: dict[str, list[CorpusRecording]]

    def groups(self, split: str) -> list[list[CorpusRecording]]:
        """Recordings of a split, one list per montage."""
        groups: dict[str, list[CorpusRecording]] = {}
        for recording in self.recordings[split]:
            groups.setdefault(recording.montage.key, []).append(recording)
        return list(groups.values())

    def subjects(self, split: str) -> int:
        """How many people are in a split."""
        return len({recording.entry.subject for recording in self.recordings[split]})

    def caps(self, split: str) -> list[tuple[str, ...]]:
        """Electrodes of every montage of a split."""
        return list(dict.fromkeys(group[0].montage.labels for group in self.groups(split)))

    def cuts(self, split: str) -> list[tuple[str, ...]]:
        """The same, and the smaller montages that they hold."""
        caps = self.caps(split)
        smaller = [montage_by_id(name).labels for name in SMALLER]
        return caps + [cut for cut in smaller if cut not in caps and any(set(cut) < set(cap) for cap in caps)]

    def montages(self, split: str) -> tuple[PinnedMontage, ...]:
        """Montages of a split, pinned by hash."""
        return pinned(group[0].montage for group in self.groups(split))

    def in_words(self) -> str:
        """What was trained on, one phrase."""
        train = self.recordings["train"]
        return f"{len(train)} recordings of {self.subjects('train')} subjects ({self.name})"

    def amplitude_range_uv(self) -> tuple[float, float]:
        """1st and 99th percentile of the channels' scales in training, with a factor of 2 to both sides."""
        scales = [r.scales_uv(np.arange(len(r.montage))) for r in self.recordings["train"]]
        low, high = np.quantile(np.concatenate(scales), [0.01, 0.99])
        return round(float(low / 2), 2), round(float(high * 2), 2)


def load_table(
    table: str | Path,
    config: BundleConfig,
    cache: str | Path,
    say: Callable[[str], None],
    needed: Sequence[str] = SPLITS,
) -> TableCorpus:
    """Preprocess (once) everything that a corpus table lists.

    Parameters
    ----------
    table : path
        CSV with ``file,subject,split,label`` and perhaps ``montage``.
    config : BundleConfig
        Its preprocessing and window.
    cache : path
    say : callable
        Told of what is left out.
    needed : sequence of str
        Splits that may not be empty.

    Raises
    ------
    RecordingError
        The table is unreadable, a split is unknown or empty, or a subject is in two of them.
    """
    entries = read_entries(table)
    name = Path(table).name
    splits: dict[str, str] = {}
    for entry in entries:
        if entry.split not in SPLITS:
            raise RecordingError(
                "{name}: {file} is in the split {split}.",
                "Splits are {splits}.",
                name=name,
                file=entry.path.name,
                split=entry.split or "without a name",
                splits=", ".join(SPLITS),
            )
        if splits.setdefault(entry.subject, entry.split) != entry.split:
            raise RecordingError(
                "{name}: subject {subject} is in {one} and in {other}.",
                "Figures of people the network has seen say nothing; give every subject one split.",
                name=name,
                subject=entry.subject,
                one=splits[entry.subject],
                other=entry.split,
            )
    recordings: dict[str, list[CorpusRecording]] = {split: [] for split in SPLITS}
    for entry in entries:
        (recording,) = load_corpus([entry], config, None, cache)
        if recording.samples.shape[1] < config.window_samples:
            say(f"{entry.path.name} is shorter than a window and left out")
            continue
        recordings[entry.split].append(recording)
    for split in needed:
        if not recordings[split]:
            raise RecordingError(
                "{name} has no recordings for {split}.",
                "It needs the splits {needed}.",
                name=name,
                split=split,
                needed=", ".join(needed),
            )
    return TableCorpus(name, recordings)


def fixed_batches(
    groups: Sequence[Sequence[CorpusRecording]], n: int, per_recording: int, masking: Masking = tsr_mask
) -> dict[str, list[Batch]]:
    """Evenly spread windows of every recording under masks that never change, by montage.

    Parameters
    ----------
    groups : sequence of sequences of CorpusRecording
    n : int
        Samples of a window.
    per_recording : int
        At most so many windows.
    masking : Masking
    """
    sets: dict[str, list[Batch]] = {}
    for group in groups:
        channels = np.arange(len(group[0].montage))
        batches = sets.setdefault(group[0].montage.name, [])
        for seed, recording in enumerate(group):
            rng = np.random.default_rng([seed, n])
            last = recording.samples.shape[1] // n - 1
            at = np.unique(np.linspace(0, last, min(per_recording, last + 1)).round().astype(int)) * n
            x = np.stack([recording.window(int(start), n, channels) for start in at])
            visible = np.stack([masking(n, rng) for _ in at])
            batches.append(Batch(x, visible, recording.montage.positions_m))
    return sets
