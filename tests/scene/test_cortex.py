"""The template cortex lies where it belongs, and the scalp over it lets it be seen."""

from __future__ import annotations

import sys
from pathlib import Path

import mne
import numpy as np
import pytest
from saie_weights import bundle, history, ten_twenty
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersCore import vtkImplicitPolyDataDistance

from samba_gui.core.errors import ExportError
from samba_gui.io.template_cortex import cortex_available, read_template_cortex
from samba_gui.scene.colours import colours_of
from samba_gui.scene.cortex import Cortex, load_cortex
from samba_gui.scene.head_field import Quantity
from samba_gui.scene.head_geometry import prepare_head
from samba_gui.scene.head_scene import HeadScene
from samba_gui.scene.head_surface import load_head_surface, mri_to_head, project_to_scalp
from samba_gui.scene.look import Look
from samba_gui.scene.meshes import mesh_of
from samba_gui.scene.saie_field import epoch_field


@pytest.fixture
def cortex() -> Cortex:
    """From nilearn, where it is installed."""
    pytest.importorskip("nilearn")
    return load_cortex()


def depth_mm(points_m: np.ndarray, mesh: vtkPolyData) -> np.ndarray:
    """How far points (n, 3) lie inside a closed surface; negative outside."""
    distance = vtkImplicitPolyDataDistance()
    distance.SetInput(mesh)
    return np.array([-1000 * distance.EvaluateFunction(point) for point in points_m])


def test_it_lies_inside_scalp_and_skull(cortex: Cortex) -> None:
    points_m, scalp = cortex.surface.vertices_m, load_head_surface()
    assert points_m.shape == (20484, 3)
    under_scalp = depth_mm(points_m, mesh_of(scalp.vertices_m, scalp.triangles))
    assert 10 < under_scalp.min() < 15
    folder = Path(mne.__file__).parent / "data" / "fsaverage"
    skull = mne.read_bem_surfaces(folder / "fsaverage-inner_skull-bem.fif", verbose="ERROR")[0]
    upper_m = points_m[points_m[:, 2] > 0.05]  # below, the skull is open
    assert 2 < depth_mm(upper_m, mesh_of(mri_to_head(skull["rr"]), skull["tris"])).min() < 6

    montage = ten_twenty()
    landed_m = project_to_scalp(scalp, montage.positions_m).points_m
    apart_mm = 1000 * np.linalg.norm(landed_m[:, None] - points_m[None], axis=2).min(axis=1)
    assert 5 < apart_mm[montage.labels.index("Cz")] < 25
    assert apart_mm.min() > 10
    assert apart_mm.max() < 30


def test_left_is_left_and_front_is_front(cortex: Cortex) -> None:
    left, right = np.split(cortex.surface.vertices_m, 2)
    assert left[:, 0].mean() < -0.02
    assert right[:, 0].mean() > 0.02
    towards = np.einsum("ij,ij->i", cortex.surface.normals, cortex.surface.vertices_m - [0, 0.015, 0.06])
    assert np.mean(towards > 0) > 0.7  # normals point outward
    assert np.allclose(np.linalg.norm(cortex.surface.normals, axis=1), 1, atol=1e-4)


@pytest.mark.usefixtures("opengl")
def test_the_scalp_lets_it_be_seen_and_the_discs_keep_their_colours(cortex: Cortex) -> None:
    shown = epoch_field(bundle(), history().trained, ten_twenty(), Quantity.RELATIVE, epoch=1)
    scene = HeadScene(prepare_head(ten_twenty()), (500, 400))
    plain = scene.draw(shown, (500, 400), Look())
    scene.set_cortex(cortex)
    over = scene.draw(shown, (500, 400), Look())
    pixels, _ = scene.pixel_positions()
    scene.set_geometry(prepare_head(ten_twenty()))  # another montage keeps the cortex
    again = scene.draw(shown, (500, 400), Look())
    scene.set_cortex(None)
    without = scene.draw(shown, (500, 400), Look())
    scene.close()
    assert (plain != over).any(axis=2).mean() > 0.1
    assert np.array_equal(again, over)
    assert np.array_equal(without, plain)
    colours = colours_of(shown.values, shown.limits, shown.colour_map)
    for row in (shown.labels.index(name) for name in ("F7", "F3", "Fz", "C3")):
        x, y = pixels[row].astype(int)
        assert np.array_equal(over[y, x], colours[row])


def test_without_nilearn_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nilearn", None)
    assert not cortex_available()
    with pytest.raises(ExportError, match=r"needs nilearn.*pip install 'samba-gui\[cortex\]'"):
        read_template_cortex()
