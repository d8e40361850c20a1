"""A head that turns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from saie_weights import EPOCHS, bundle, history, ten_twenty

from samba_gui.io.provenance import read_provenance
from samba_gui.scene.films import write_turning_head
from samba_gui.scene.gif import Shot


def test_a_turning_head(tmp_path: Path, opengl: None) -> None:
    out = tmp_path / "turn.gif"
    write_turning_head(out, bundle(), history(), ten_twenty(), Shot(size=(240, 220)), steps=4)
    with Image.open(out) as picture:
        assert picture.n_frames == 4
        frames = []
        for n in range(4):
            picture.seek(n)
            frames.append(np.asarray(picture.convert("RGB")).astype(int))
    assert all(np.abs(frames[n] - frames[n + 1]).mean() > 3 for n in range(3))
    provenance = read_provenance(out)
    assert (provenance["view"], provenance["epochs"]) == ("3d", [EPOCHS[-1]])
