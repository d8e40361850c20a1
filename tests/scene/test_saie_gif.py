"""Animations and pictures of heads as files, read back with Pillow."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from saie_weights import EPOCHS, bipolar, bundle, history, ten_twenty

from samba_gui.core.errors import ExportError
from samba_gui.io.provenance import read_provenance
from samba_gui.scene import opengl
from samba_gui.scene.gif import Shot, write_saie_gif
from samba_gui.scene.head_field import Quantity
from samba_gui.training.untrained import write_untrained_bundle

SMALL = (320, 270)


@pytest.mark.parametrize("quantity", [Quantity.RELATIVE, Quantity.PAPER, Quantity.TARGET])
def test_2d_frames_timing_and_provenance(tmp_path: Path, quantity: Quantity) -> None:
    out = tmp_path / "weights.gif"
    shot = Shot(quantity=quantity, size=SMALL)
    write_saie_gif(out, bundle(), history(), ten_twenty(), shot, frame_ms=700)
    with Image.open(out) as picture:
        assert picture.n_frames == len(EPOCHS)
        assert picture.size == SMALL
        assert picture.info["loop"] == 0
        durations = []
        for frame in range(picture.n_frames):
            picture.seek(frame)
            durations.append(picture.info["duration"])
        assert durations == [700] * len(EPOCHS)
    facts = read_provenance(out)
    assert facts["bundle_key"] == bundle().key
    assert facts["montage_key"] == ten_twenty().key
    assert facts["epochs"] == list(EPOCHS)
    assert facts["quantity"] == quantity
    assert facts["notice"] == "Research use only, not a medical device"
    assert str(tmp_path) not in str(facts)


def test_3d_frames_move_only_where_weights_are(opengl: None, tmp_path: Path) -> None:
    out = tmp_path / "weights.gif"
    shot = Shot("3d", size=SMALL, theme="dark")
    write_saie_gif(out, bundle(), history(), bipolar(), shot, epochs=[0, 100])
    with Image.open(out) as picture:
        frames = []
        for frame in range(picture.n_frames):
            picture.seek(frame)
            frames.append(np.asarray(picture.convert("RGB")).astype(int))
    assert len(frames) == 2
    changed = (np.abs(frames[0] - frames[1]).max(axis=2) > 12).mean(axis=1)
    assert changed[20:200].max() > 0.1  # the head
    assert (np.abs(frames[0] - frames[1])[-3:] == 0).all()  # below the caption
    assert read_provenance(out)["camera"] == "three-quarter"


def test_an_epoch_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no weights of epoch 7") as raised:
        write_saie_gif(tmp_path / "a.gif", bundle(), history(), ten_twenty(), epochs=[7])
    assert "0, 5, 20, 100" in raised.value.hint
    assert not list(tmp_path.iterdir())


def test_without_opengl_3d_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBA_GUI_NO_OPENGL", "1")
    opengl.opengl_works.cache_clear()
    try:
        with pytest.raises(ExportError, match="no OpenGL"):
            write_saie_gif(tmp_path / "a.gif", bundle(), history(), ten_twenty(), Shot("3d", size=SMALL))
    finally:
        opengl.opengl_works.cache_clear()


def test_a_bundle_folder_to_a_3d_gif_without_a_display(opengl: None, tmp_path: Path) -> None:
    write_untrained_bundle(tmp_path / "bundle")
    asked = [
        "gif",
        "--bundle",
        tmp_path / "bundle",
        "--view",
        "3d",
        "--epochs",
        "1",
        "--out",
        tmp_path / "3d.gif",
    ]
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    done = subprocess.run(
        [sys.executable, "-m", "samba_gui", *asked], env=bare, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "3d.gif") as picture:
        assert picture.size == (1296, 1080)
    assert read_provenance(tmp_path / "3d.gif")["view"] == "3d"
