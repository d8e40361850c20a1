"""Filters that a file states of its amplifier: numbers out of free text, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.recording import AmplifierFilters
from samba_gui.io.amplifier_filters import filters_between, stated_filters
from samba_gui.io.recordings import open_recording

sys.path.append(str(Path(__file__).parents[2] / "packaging"))
from edf_writer import Signal, write_edf_plus


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HP:0.1Hz LP:75Hz N:60Hz", (0.1, 75.0, 60.0)),
        ("HP:0.500000Hz LP:45.000000Hz RF:50Hz", (0.5, 45.0, 50.0)),
        ("HP: DC; LP: 410 Hz", (None, 410.0, None)),
        ("HP:0Hz LP:0Hz N:0Hz", (None, None, None)),
        ("hp 0,3 hz; lp 3.4 kHz", (0.3, 3400.0, None)),
        ("Jane Doe, HP:1Hz", (1.0, None, None)),
        ("LP:1e400Hz HP:99999999Hz " + "9" * 60, (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_free_text(text: str, expected: tuple[float | None, ...]) -> None:
    assert stated_filters(text) == AmplifierFilters(*expected)


def test_what_readers_give_where_nothing_is_known() -> None:
    assert filters_between(0.0, 128.0, 256.0) == AmplifierFilters()
    assert filters_between(0.1, 70.0, 256.0) == AmplifierFilters(0.1, 70.0)


def test_they_come_with_the_channels(tmp_path: Path) -> None:
    wave = 20 * np.sin(np.arange(1000) / 3)
    signals = [
        Signal(f"EEG {name}", wave, 100.0, prefilter=text)
        for name, text in (("Fp1", "HP:0.1Hz LP:30Hz"), ("C3", "as usual, ask Jane Doe"))
    ]
    write_edf_plus(tmp_path / "a.edf", signals, 100, [], "X X samba-gui_test")
    with open_recording(tmp_path / "a.edf") as recording:
        found = [channel.filters for channel in recording.info.channels]
        assert "Jane" not in repr(recording.info)
    assert found == [AmplifierFilters(0.1, 30.0), AmplifierFilters()]


def test_of_a_public_recording(shared_dir: Path) -> None:
    path = shared_dir / "recordings" / "eegmat" / "Subject00_1.edf"
    if not path.exists():
        pytest.skip("no eegmat here")
    with open_recording(path) as recording:
        assert recording.info.channels[0].filters == AmplifierFilters(0.5, 45.0, 50.0)
