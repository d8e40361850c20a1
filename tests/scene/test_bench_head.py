"""The head's benchmark: figures for everything it promises, and MNE's frame is really drawn."""

from __future__ import annotations

import numpy as np
import pytest
from saie_weights import bundle, history

from samba_gui.io.montages import montage_by_id
from samba_gui.scene import bench_head as module
from samba_gui.scene.head_field import Quantity
from samba_gui.scene.saie_field import epoch_field


def test_figures_are_there(monkeypatch: pytest.MonkeyPatch, opengl: None) -> None:
    monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(module, "REPEATS", 2)
    monkeypatch.setattr(module, "FRAMES", 2)
    said: list[str] = []
    found = module.bench_head(bundle(), history(), said.append)
    measured = {name: value for name, value in found.items() if name != "load_average"}
    assert all(value > 0 for value in measured.values())
    assert found["gif_speedup"] == pytest.approx(found["mne_frames_s"] / found["gif_s"])
    assert len(said) == 6


def test_the_rival_draws_the_same_values() -> None:
    config, trained = bundle(), history().trained
    montage = montage_by_id("10-10_64")
    shown = epoch_field(config, trained, montage, Quantity.PAPER, epoch=1)
    frame = module.mne_frame(montage, shown)
    assert frame.shape == (1080, 1296, 3)
    pixels = frame.astype(int)
    assert np.mean((pixels[..., 0] - pixels[..., 2]) > 60) > 0.01  # red
    assert np.mean((pixels[..., 2] - pixels[..., 0]) > 60) > 0.01  # and blue
