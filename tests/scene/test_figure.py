"""Figures for print: their size, their colours, vectors that stay vectors, provenance, the same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from saie_weights import EPOCHS, bipolar, bundle, history, ten_twenty

from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage
from samba_gui.io.montages import montage_by_id
from samba_gui.io.provenance import read_provenance
from samba_gui.scene.colours import colours_of
from samba_gui.scene.figure import write_figure
from samba_gui.scene.gif import Shot, saie_fields
from samba_gui.scene.head_field import HeadField, Quantity

PROVENANCE = {"program": "samba-gui test", "bundle_key": "0123", "limits": [-1.0, 1.0]}


def fields(montage: Montage, epochs: tuple[int, ...] = (EPOCHS[-1],)) -> list[HeadField]:
    return saie_fields(bundle(), history(), montage, Shot(), epochs)


@pytest.mark.parametrize(("width_mm", "dpi"), [(85.0, 300), (180.0, 300)])
def test_a_png_has_the_size_of_the_journal(tmp_path: Path, width_mm: float, dpi: int) -> None:
    path = tmp_path / "f.png"
    montage = ten_twenty()
    epochs = (EPOCHS[-1],) if width_mm < 100 else EPOCHS[:3]
    write_figure(path, fields(montage, epochs), montage, PROVENANCE, width_mm=width_mm, dpi=dpi, names=True)
    with Image.open(path) as picture:
        assert picture.width == pytest.approx(width_mm / 25.4 * dpi, abs=1)
        assert picture.info["dpi"][0] == pytest.approx(dpi, abs=0.1)
        assert picture.height < picture.width
    assert read_provenance(path) == PROVENANCE


def test_discs_have_the_colours_of_their_values(tmp_path: Path) -> None:
    path, montage = tmp_path / "f.svg", ten_twenty()
    (shown,) = fields(montage)
    write_figure(path, [shown], montage, PROVENANCE, dpi=100)
    text = path.read_text()
    fills = re.findall(r"fill: #([0-9a-f]{6}); stroke: #[0-9a-f]{6}; stroke-width: 0\.4", text)
    wanted = [
        "".join(f"{level:02x}" for level in c) for c in colours_of(shown.values, shown.limits, "diverging")
    ]
    assert sorted(fills) == sorted(wanted)


def test_vectors_stay_vectors(tmp_path: Path) -> None:
    montage = bipolar()
    write_figure(tmp_path / "f.svg", fields(montage), montage, PROVENANCE, dpi=100, names=True)
    text = (tmp_path / "f.svg").read_text()
    assert ">F7-T3</text>" in text  # letters, not outlines of letters
    assert text.count("<image") == 2  # the surface and the colour bar
    description = re.search(r"<dc:description>(.*?)</dc:description>", text, re.S)
    assert description is not None
    assert json.loads(description[1]) == PROVENANCE
    write_figure(tmp_path / "f.pdf", fields(montage), montage, PROVENANCE, dpi=100)
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")
    assert b"bundle_key" in (tmp_path / "f.pdf").read_bytes()


def test_of_many_electrodes_only_names_that_have_room(tmp_path: Path) -> None:
    montage = montage_by_id("biosemi_128")
    write_figure(tmp_path / "f.svg", fields(montage), montage, PROVENANCE, dpi=100, names=True)
    text = (tmp_path / "f.svg").read_text()
    places = re.findall(r'x="([\d.]+)" y="([\d.]+)"[^>]*>([A-D]\d+)</text>', text)
    assert 20 < len(places) < 128
    middles = np.array([(float(x), float(y)) for x, y, _ in places])
    apart = np.abs(middles[:, None] - middles)
    np.fill_diagonal(apart[..., 0], np.inf)
    # in points: letters are 5 high, the shortest name is 6 wide
    assert ((apart[..., 0] > 5) | (apart[..., 1] > 4.5)).all()


def test_the_target_is_marked(tmp_path: Path) -> None:
    montage, shot = ten_twenty(), Shot(quantity=Quantity.TARGET, target="Cz")
    (shown,) = saie_fields(bundle(), history(), montage, shot, [EPOCHS[-1]])
    for name, field in (("with", shown), ("without", replace(shown, target_m=None))):
        write_figure(tmp_path / f"{name}.svg", [field], montage, PROVENANCE, dpi=100)
    marked, plain = ((tmp_path / f"{name}.svg").read_text().count("<path") for name in ("with", "without"))
    assert marked == plain + 2 * 4  # each stroke with a light edge


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_figure_has_the_same_bytes(tmp_path: Path, kind: str) -> None:
    montage = ten_twenty()
    for name in ("a", "b"):
        write_figure(tmp_path / f"{name}.{kind}", fields(montage), montage, PROVENANCE, dpi=100)
    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()


def test_nothing_lies_outside_the_head(tmp_path: Path) -> None:
    montage = ten_twenty()
    write_figure(tmp_path / "f.png", fields(montage), montage, PROVENANCE, dpi=150)
    with Image.open(tmp_path / "f.png") as picture:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
    corner = pixels[40:80, :20]  # left of the head, below its title
    assert (corner == 255).all()


@pytest.mark.parametrize(
    ("name", "width_mm", "dpi", "says"),
    [("f.jpg", 85.0, 300, "figures end in"), ("f.png", 5.0, 300, "5 mm"), ("f.png", 85.0, 9000, "9000 dpi"),
     ("absent/f.png", 85.0, 100, "could not be written")],
)  # fmt: skip
def test_what_cannot_be_drawn(tmp_path: Path, name: str, width_mm: float, dpi: int, says: str) -> None:
    montage = ten_twenty()
    with pytest.raises(ExportError, match=says):
        write_figure(tmp_path / name, fields(montage), montage, PROVENANCE, width_mm=width_mm, dpi=dpi)
    assert list(tmp_path.iterdir()) == []
