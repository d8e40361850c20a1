"""Recordings with a subject-wise split, preprocessed once and read lazily."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import BundleConfig, PinnedMontage, Preprocessing
from samba_gui.core.errors import RecordingError
from samba_gui.core.montage import Montage, MontageMatch
from samba_gui.core.recipe import make_recipe
from samba_gui.core.recording import Annotation, RecordingInfo
from samba_gui.engine.preprocess import FLAT_UV, Preprocessor
from samba_gui.engine.windows import plan_windows
from samba_gui.io.montages import match, montage_by_id, propose, shipped_montages
from samba_gui.io.recordings import open_recording

SCALE_WINDOWS = 64  # windows looked at for a recording's scale


@dataclass(frozen=True)
class Entry:
    """One row of the corpus table: ``file,subject,split,label`` and perhaps ``montage``."""

    path: Path
    subject: str
    split: str
    label: str
    montage: str = ""


def read_entries(table: str | Path) -> list[Entry]:
    """Read a corpus table: CSV with ``file,subject,split,label`` and perhaps ``montage`` (id, name or file).

    Files are relative to the table.

    Raises
    ------
    RecordingError
        The table is missing or lacks a column.
    """
    table = Path(table)
    try:
        with table.open(newline="", encoding="utf-8") as file:
            return [
                Entry(
                    table.parent / row["file"],
                    row["subject"],
                    row["split"],
                    row["label"],
                    row.get("montage") or "",
                )
                for row in csv.DictReader(file)
            ]
    except (OSError, KeyError) as error:
        raise RecordingError(
            "{name} is no corpus table: {why}.",
            "It needs the columns file, subject, split, label.",
            name=table.name,
            why=error,
        ) from None


class CorpusRecording:
    """One preprocessed recording, filtered but neither re-referenced nor scaled.

    Parameters
    ----------
    entry : Entry
    samples : ndarray (channels, times) float32
        µV at the network's rate; a memory map.
    montage : Montage
        Of its channels.
    annotations : sequence of Annotation
    window : int
        Samples of a full window.
    average : bool
        Whether its windows are referenced to the average of the channels in use.
    """

    def __init__(
        self,
        entry: Entry,
        samples: np.ndarray,
        montage: Montage,
        annotations: Sequence[Annotation],
        window: int,
        average: bool = True,
    ) -> None:
        self.entry = entry
        self.samples = samples
        self.montage = montage
        self.annotations = annotations
        self._window = window
        self._average = average

    @cached_property
    def _covariances(self) -> np.ndarray:
        """Covariance of channels in the windows the scale is taken from, (windows, channels, channels)."""
        count = max(1, self.samples.shape[1] // self._window)
        chosen = np.unique(np.linspace(0, count - 1, min(count, SCALE_WINDOWS)).round().astype(int))
        pieces = (self.samples[:, k * self._window : (k + 1) * self._window] for k in chosen)
        return np.stack([np.cov(piece.astype(np.float64), ddof=0) for piece in pieces])

    def scales_uv(self, channels: np.ndarray) -> np.ndarray:
        """What the engine would divide a subset by, after referencing: float64 (channels,).

        The same windows as the engine looks at in recordings of up to 64 windows, others in longer ones.
        """
        c = self._covariances[:, channels[:, None], channels]
        variance = np.diagonal(c, axis1=1, axis2=2)
        if self._average:
            shared = c.mean(axis=2)
            variance = variance - 2 * shared + shared.mean(axis=1, keepdims=True)
        scale = np.median(np.sqrt(np.maximum(variance, 0)), axis=0)
        return np.where(scale > FLAT_UV, scale, 1.0)

    def window(self, start: int, n: int, channels: np.ndarray) -> np.ndarray:
        """Referenced and scaled samples of some channels, float32 (channels, n)."""
        x = np.asarray(self.samples[channels, start : start + n])
        if self._average:
            x = x - x.mean(axis=0)
        return (x / self.scales_uv(channels)[:, None]).astype(np.float32)


def load_corpus(
    entries: Sequence[Entry], config: BundleConfig, montage_id: str | None, cache: str | Path
) -> list[CorpusRecording]:
    """Preprocess recordings once into a cache folder and map them into memory.

    Parameters
    ----------
    entries : sequence of Entry
    config : BundleConfig
        Its preprocessing, without reference and scale, which depend on the electrodes in use.
    montage_id : str or None
        None: the one that the table names, or else what fits each recording best.
    cache : path
    """
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    return [_load(entry, config, montage_id or entry.montage, cache) for entry in entries]


def pinned(montages: Iterable[Montage]) -> tuple[PinnedMontage, ...]:
    """Pin the coordinates of a training: a montage that ships as a whole, any other as it was read."""
    shipped = {montage.name: montage.key for montage in shipped_montages()}
    return tuple(
        dict.fromkeys(
            PinnedMontage(montage.name, shipped.get(montage.name, montage.key)) for montage in montages
        )
    )


def _load(entry: Entry, config: BundleConfig, montage_id: str, cache: Path) -> CorpusRecording:
    spec = config.preprocessing
    unreferenced = Preprocessing(spec.rate_hz, spec.highpass_hz, spec.lowpass_hz, reference="as recorded")
    with open_recording(entry.path) as recording:
        found = _match(recording.info, montage_id)
        recipe = make_recipe(recording.info, found, bundle_key="")
        name = hashlib.sha256(f"{entry.path}|{unreferenced}|{recipe.key}".encode()).hexdigest()[:24]
        file = cache / f"{name}.npy"
        if not file.exists():
            preprocessor = Preprocessor(recording, recipe, unreferenced)
            plan = plan_windows(recording.info, config)
            blocks = [preprocessor.window(w, plan.window_samples) for w in plan.windows]
            unfinished = file.with_suffix(".part.npy")
            np.save(unfinished, np.concatenate(blocks, axis=1))
            unfinished.replace(file)
        return CorpusRecording(
            entry,
            np.load(file, mmap_mode="r"),
            recipe.montage(),
            recording.info.annotations,
            config.window_samples,
            spec.reference == "average" and not recipe.bipolar,
        )


def _match(info: RecordingInfo, montage_id: str) -> MontageMatch:
    if montage_id:
        return match(info, montage_by_id(montage_id))
    for found in propose(info):
        return found
    raise RecordingError(
        "No montage names the channels of {name}.",
        "Name one in the column montage.",
        name=Path(info.path).name,
    )
