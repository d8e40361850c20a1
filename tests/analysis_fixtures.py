"""A network that does something and recordings to run it on, for tests of the engine and the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.jobs import AnalyseJob, ReconstructJob
from samba_gui.core.recipe import Recipe, make_recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.io.bundles import read_bundle, read_saie_history, write_bundle
from samba_gui.io.montages import match, montage_by_id
from samba_gui.io.recordings import open_recording
from samba_gui.models.bundles import load_network
from samba_gui.training.untrained import write_untrained_bundle

sys.path.append(str(Path(__file__).parents[1] / "packaging"))
from edf_writer import Signal, write_edf_plus


@dataclass(frozen=True)
class Setting:
    """A recording, a bundle and a recipe that belong together."""

    info: RecordingInfo
    config: BundleConfig
    bundle_dir: Path
    recipe: Recipe

    def analyse_job(self, results: Path) -> AnalyseJob:
        return AnalyseJob(self.info, self.recipe, str(self.bundle_dir), str(results), "cpu")

    def reconstruct_job(self, windows: tuple[int, ...], pair: int = 0) -> ReconstructJob:
        return ReconstructJob(self.info, self.recipe, str(self.bundle_dir), windows, pair, "cpu")


def write_eeg(path: Path, seconds: int, rate_hz: int = 160, seed: int = 0) -> Path:
    """Write pink noise with a shared alpha rhythm at the 19 electrodes of the 10-20 system."""
    rng = np.random.default_rng(seed)
    times = np.arange(seconds * rate_hz) / rate_hz
    alpha_uv = 15 * np.sin(2 * np.pi * 10 * times)
    signals = []
    for label in montage_by_id("10-20_19").labels:
        spectrum = np.fft.rfft(rng.standard_normal(times.size))
        spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
        noise = np.fft.irfft(spectrum, times.size)
        samples_uv = rng.uniform(0.3, 1) * alpha_uv + 20 * noise / noise.std()
        signals.append(Signal(f"EEG {label}", samples_uv, 500.0))
    write_edf_plus(path, signals, rate_hz, [], "X X samba-gui_test")
    return path


@pytest.fixture(scope="session")
def lively_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained bundle whose decoder's last layer is not zero: it reconstructs more than lines."""
    folder = tmp_path_factory.mktemp("bundle") / "lively"
    config = write_untrained_bundle(folder, seed=1)
    network = load_network(config, folder)
    generator = torch.Generator().manual_seed(2)
    torch.nn.init.normal_(network.net.onput_embedding.weight, std=0.1, generator=generator)
    write_bundle(folder, config, network.model_bytes(), read_saie_history(folder), "# lively\n")
    return folder


def write_quick_bundle(folder: Path) -> Path:
    """An untrained bundle of windows of 1 s: little work for a training."""
    config = write_untrained_bundle(folder / "usual")
    network = load_network(config, folder / "usual")
    quick = replace(config, window_s=1.0)
    history = read_saie_history(folder / "usual")
    write_bundle(folder / "quick", quick, network.model_bytes(), history, "# quick\n")
    return folder / "quick"


@pytest.fixture(scope="session")
def short_edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """22 s at 160 Hz: five windows of 4 s and one of 2 s."""
    return write_eeg(tmp_path_factory.mktemp("recordings") / "short.edf", 22)


@pytest.fixture(scope="session")
def long_edf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough that an analysis can be caught at work: 240 s."""
    return write_eeg(tmp_path_factory.mktemp("recordings") / "long.edf", 240, seed=1)


def setting_of(path: Path, bundle_dir: Path, seed: int = 3) -> Setting:
    """Plan an analysis with the 10-20 montage."""
    config = read_bundle(bundle_dir)
    with open_recording(path) as recording:
        info = recording.info
    recipe = make_recipe(info, match(info, montage_by_id("10-20_19")), config.key, seed=seed)
    return Setting(info, config, bundle_dir, recipe)


@pytest.fixture(scope="session")
def short_setting(short_edf: Path, lively_bundle: Path) -> Setting:
    return setting_of(short_edf, lively_bundle)


@pytest.fixture(scope="session")
def long_setting(long_edf: Path, lively_bundle: Path) -> Setting:
    return setting_of(long_edf, lively_bundle)
