"""The recording that ships: simulated, says so, made again byte for byte, and plausible."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from samba_gui.core import places
from samba_gui.core.recording import ChannelKind
from samba_gui.io.montages import propose
from samba_gui.io.recordings import open_recording

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def test_what_it_is(example_recording: Path) -> None:
    with open_recording(example_recording) as recording:
        info = recording.info
    assert info.simulated
    assert info.duration_s == 120
    assert info.rate_hz == 256
    assert len(info.indices(ChannelKind.EEG)) == 19
    assert len(info.indices(ChannelKind.ECG)) == len(info.indices(ChannelKind.EOG)) == 1
    assert [(a.onset_s, a.duration_s, a.description) for a in info.annotations] == [
        (0, 30, "eyes open"),
        (30, 30, "eyes closed"),
        (60, 30, "eyes open"),
        (90, 30, "eyes closed"),
    ]
    assert not info.warnings
    assert propose(info)[0].montage.name == "10-20 (19)"
    assert propose(info)[0].coverage == 1
    assert example_recording.stat().st_size < 1.5e6


def test_it_looks_like_eeg(example_recording: Path) -> None:
    with open_recording(example_recording) as recording:
        info = recording.info
        data = dict(zip(info.channels, recording.read(0, info.n_samples), strict=True))
    eeg = {channel.name: values for channel, values in data.items() if channel.kind == ChannelKind.EEG}
    closed = (np.arange(info.n_samples) / 256 // 30 % 2).astype(bool)

    def band_sd(values: np.ndarray, low: float, high: float) -> float:
        frequencies, power = signal.welch(values, 256, nperseg=1024)
        inside = (frequencies >= low) & (frequencies <= high)
        return float(np.sqrt(np.trapezoid(power[inside], frequencies[inside])))

    for name in ("O1", "O2"):
        with_eyes_closed, with_eyes_open = (
            band_sd(eeg[name][closed], 8, 12),
            band_sd(eeg[name][~closed], 8, 12),
        )
        assert 15 < with_eyes_closed < 40
        assert with_eyes_closed > 3 * with_eyes_open
        assert with_eyes_closed > 3 * band_sd(eeg["Fp1"][closed], 8, 12)
    assert 5 < np.median([values[closed].std() for values in eeg.values()]) < 25
    assert eeg["Fp1"][~closed].max() > 100 > eeg["Fp1"][closed].max(), "blinks while the eyes are open"
    assert eeg["Fp1"][~closed].std() > 2 * eeg["O1"][~closed].std()
    for values in eeg.values():
        assert band_sd(values, 49, 51) > 1.5 * band_sd(values, 46, 48)
    (ecg,) = (values for channel, values in data.items() if channel.kind == ChannelKind.ECG)
    beats, _ = signal.find_peaks(ecg, height=600, distance=100)
    assert 55 < len(beats) / 2 < 75


def test_the_script_makes_it_again(
    example_recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = tmp_path / "again.edf"
    monkeypatch.setattr(places, "example_recording_path", lambda: again)
    monkeypatch.syspath_prepend(str(PACKAGING))
    runpy.run_path(str(PACKAGING / "make_example.py"), run_name="__main__")
    sys.modules.pop("edf_writer", None)
    ours, theirs = again.read_bytes(), example_recording.read_bytes()
    header = 256 * 23
    assert ours[:header] == theirs[:header]
    # Other processors may round a sample up that this one rounded down.
    difference = np.frombuffer(ours[header:], "<i2").astype(int) - np.frombuffer(theirs[header:], "<i2")
    assert np.abs(difference).max() <= 1
    assert np.mean(difference != 0) < 1e-3
