"""Films: the ending decides, MP4 only where imageio-ffmpeg is installed."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from samba_gui.core.errors import ExportError
from samba_gui.io.video import write_film, write_mp4

FRAMES = [np.full((61, 81, 3), level, np.uint8) for level in (20, 120, 220)]


def test_the_ending_decides(tmp_path: Path) -> None:
    write_film(tmp_path / "a.gif", FRAMES, 100, {"what": "test"})
    with Image.open(tmp_path / "a.gif") as picture:
        assert picture.n_frames == 3
    with pytest.raises(ExportError, match=r"films end in \.gif or \.mp4"):
        write_film(tmp_path / "a.avi", FRAMES, 100, {})


def test_mp4_without_the_package_is_said(tmp_path: Path) -> None:
    if importlib.util.find_spec("imageio_ffmpeg") is not None:
        pytest.skip("imageio-ffmpeg is installed")
    with pytest.raises(ExportError, match=r"need the package imageio-ffmpeg.*samba-gui\[video\]"):
        write_film(tmp_path / "a.mp4", FRAMES, 100, {})
    assert list(tmp_path.iterdir()) == []


def test_mp4_reads_back(tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    write_mp4(tmp_path / "a.mp4", FRAMES, 100, {"what": "test"})
    told = subprocess.run([ffmpeg, "-i", tmp_path / "a.mp4"], capture_output=True, text=True).stderr
    assert '{"what": "test"}' in told
    assert "80x60" in told
    raw = subprocess.run(
        [ffmpeg, "-v", "error", "-i", tmp_path / "a.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
        capture_output=True,
    ).stdout
    found = np.frombuffer(raw, np.uint8).reshape(3, 60, 80, 3)
    assert np.abs(found.mean(axis=(1, 2, 3)) - [20, 120, 220]).max() < 6
