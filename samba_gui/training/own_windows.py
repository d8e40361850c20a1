"""The labelled windows of one recording, seen as heads see them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import HeadConfig
from samba_gui.core.montage import Montage
from samba_gui.core.recipe import Recipe
from samba_gui.engine.inference import Analyser
from samba_gui.engine.labelling import LabelledWindows
from samba_gui.engine.workbench import Prepared
from samba_gui.training.classical import log_band_power
from samba_gui.training.corpus import CorpusRecording, Entry
from samba_gui.training.design import new_network
from samba_gui.training.learning import Told

USUAL_ELECTRODES = 8
SIGNALS_FILE = "windows.npy"


class CutWindows(CorpusRecording):
    """Windows one after the other, referenced already, on the scale of the analysis.

    Parameters
    ----------
    samples_uv : ndarray (channels, windows · n) float32
    montage : Montage
    n : int
        Samples of a window.
    scale_uv : ndarray (channels,)
    """

    def __init__(self, samples_uv: np.ndarray, montage: Montage, n: int, scale_uv: np.ndarray) -> None:
        nobody = Entry(Path("recording"), "", "", "")  # nothing that identifies the file
        super().__init__(nobody, samples_uv, montage, (), n, average=False)
        self._scale_uv = scale_uv

    def scales_uv(self, channels: np.ndarray) -> np.ndarray:
        """Those of the analysis."""
        return self._scale_uv[channels]


@dataclass(frozen=True, eq=False)
class Seen:
    """Views of the same windows.

    Parameters
    ----------
    network, untrained, bands : ndarray (windows, features)
        The network's features, those of one that was never trained, and log band power.
    signals : CutWindows
        What they were made from.
    starts : ndarray (windows,) int
        Where each window begins in it.
    """

    network: np.ndarray
    untrained: np.ndarray
    bands: np.ndarray
    signals: CutWindows
    starts: np.ndarray


def look(
    prepared: Prepared, recipe: Recipe, labelled: LabelledWindows, folder: Path, told: Told
) -> tuple[Seen, np.ndarray]:
    """See every window that has a usable signal; which those are, (windows,) bool.

    Parameters
    ----------
    prepared : Prepared
    recipe : Recipe
    labelled : LabelledWindows
    folder : Path
        The signals lie here in a file: there may be more than fits into memory.
    told : callable
        Hears of shares up to 1.
    """
    config = prepared.config
    control = new_network(replace(config, heads=()), seed=0).to(prepared.device.kind).eval()
    untrained = Analyser(control, recipe, prepared.plan, prepared.scale_uv)
    contract = HeadConfig("", "", labelled.classes, False, "", {}, config.window_s, least_electrodes(recipe))
    analyser, scale_uv = prepared.analyser, np.asarray(prepared.scale_uv)[:, None]

    def see(samples_uv: np.ndarray) -> tuple[np.ndarray, ...]:
        one = samples_uv[None]
        return (
            analyser.features(one)[0],
            untrained.features(one)[0],
            log_band_power(samples_uv / scale_uv, config.preprocessing.rate_hz),
            analyser.abstentions(contract, one)[0],
        )

    n, count = config.window_samples, len(labelled.windows)
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(recipe.labels), n * count)
    signals = np.lib.format.open_memmap(folder / SIGNALS_FILE, "w+", np.float32, shape)
    found: list[tuple[np.ndarray, ...]] = []
    size = 4 * prepared.device.threads
    with ThreadPoolExecutor(prepared.device.threads, thread_name_prefix="network") as pool:
        for first in range(0, count, size):
            windows = labelled.windows[first : first + size]
            samples = [prepared.preprocessor.block(w.segment, w.start, w.n) for w in windows]
            signals[:, n * first : n * (first + len(windows))] = np.concatenate(samples, axis=1)
            found += pool.map(see, samples)
            told("Looking at the windows", len(found) / count)
    network, control_features, bands, why = (np.stack(column) for column in zip(*found, strict=True))
    usable = why == 0
    cut = CutWindows(signals, recipe.montage(), n, scale_uv[:, 0])
    starts = n * np.flatnonzero(usable)
    return Seen(network[usable], control_features[usable], bands[usable], cut, starts), usable


def least_electrodes(recipe: Recipe) -> int:
    """Below so many electrodes the head abstains."""
    return min(USUAL_ELECTRODES, len(recipe.labels))
