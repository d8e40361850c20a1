"""Files with a few bytes changed are read or refused; nothing else happens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from edf_files import EdfFile

from samba_gui.core.errors import RecordingError
from samba_gui.io.recordings import open_recording


def reads_or_refuses(path: Path) -> bool:
    """Whether the file was read; if not, it was refused in one line."""
    try:
        with open_recording(path) as recording:
            n = min(2000, recording.info.n_samples)
            assert recording.read(0, n).shape == (len(recording.info.channels), n)
            return True
    except RecordingError as refusal:
        told = str(refusal)
    assert "\n" not in told
    assert str(path.parent) not in told
    return False


@pytest.mark.parametrize("kind", ["EDF", "EDF+D", "BDF"])
def test_changed_headers(tmp_path: Path, kind: str) -> None:
    file = EdfFile(bdf=kind == "BDF", kind=kind if kind == "EDF+D" else "")
    if kind == "EDF+D":
        file = file.but(onsets=[f"+{2 * t}" for t in range(8)])
    whole = np.frombuffer(file.to_bytes(), np.uint8)
    header = 256 * (len(file.labels) + 1 + (kind == "EDF+D"))
    rng = np.random.default_rng(0)
    read = 0
    for i in range(300):
        raw = whole.copy()
        where = rng.integers(0, header + 200, 1 + i % 4)
        raw[where] = rng.choice(np.frombuffer(b" 0159-+.eEnaN\x00\xff\x14x", np.uint8), where.size)
        path = tmp_path / "changed.edf"
        path.write_bytes(raw[: rng.integers(0, raw.size) if i % 10 == 0 else raw.size].tobytes())
        read += reads_or_refuses(path)
    assert 20 < read < 300


@pytest.mark.parametrize(
    "name", ["formats/fif/data_resting_EO_200Hz_raw.fif", "formats/brainvision/test.vhdr"]
)
def test_changed_bytes_of_other_formats(shared_dir: Path, tmp_path: Path, name: str) -> None:
    source = shared_dir / "recordings" / name
    whole = np.frombuffer(source.read_bytes(), np.uint8)
    for beside in source.parent.glob("test.*"):
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    rng = np.random.default_rng(0)
    for i in range(40):
        raw = whole.copy()
        where = rng.integers(0, min(4000, raw.size), 1 + i % 4)
        raw[where] = rng.integers(0, 256, where.size)
        path = tmp_path / source.name
        path.write_bytes(raw[: rng.integers(1, raw.size) if i % 5 == 0 else raw.size].tobytes())
        reads_or_refuses(path)
