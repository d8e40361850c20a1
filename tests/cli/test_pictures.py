"""``samba-gui gif`` and ``samba-gui screenshot`` in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image


def samba_gui(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samba_gui", *map(str, arguments)], capture_output=True, text=True
    )


def test_gif_has_a_frame_per_epoch(lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.gif"
    found = samba_gui("gif", "--out", out, "--bundle", lively_bundle, "--montage", "10-20_19")
    assert (found.returncode, found.stderr) == (0, "")
    with Image.open(out) as picture:
        assert picture.n_frames == 3


def test_gif_that_cannot_be_written(lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "absent" / "weights.gif"
    found = samba_gui("gif", "--out", out, "--bundle", lively_bundle)
    assert found.returncode == 1
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"{out}: ")


def test_screenshot_shows_the_window(short_edf: Path, lively_bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "window.png"
    found = samba_gui("screenshot", short_edf, "--out", out, "--bundle", lively_bundle, "--at", "5")
    assert (found.returncode, found.stderr) == (0, "")
    with Image.open(out) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 500  # traces, head, timelines; an empty window has a few dozen


def test_screenshot_of_a_bad_file(lively_bundle: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.edf"
    bad.write_bytes(b"0" * 300)
    found = samba_gui("screenshot", bad, "--out", tmp_path / "window.png", "--bundle", lively_bundle)
    assert found.returncode == 1
    (line,) = found.stderr.splitlines()
    assert line.startswith(f"{bad}: ")
    assert not (tmp_path / "window.png").exists()
