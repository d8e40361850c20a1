"""The head in 3-D, read back from its pixels, and nothing of it left behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from saie_weights import bipolar, bundle, history, ten_twenty
from vtkmodules.vtkCommonCore import vtkObjectBase

from samba_gui.core.saie import default_parameters
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.colours import THEMES, colours_of, lookup_table
from samba_gui.scene.head_field import HeadField, Quantity
from samba_gui.scene.head_geometry import HeadGeometry, prepare_head
from samba_gui.scene.head_scene import HeadScene
from samba_gui.scene.interpolation import spline_operator
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import epoch_field, paper_field, relative_field, weights_of

pytestmark = pytest.mark.usefixtures("opengl")


@pytest.fixture(scope="module")
def geometry() -> HeadGeometry:
    """19 electrodes on the scalp."""
    return prepare_head(ten_twenty())


@pytest.fixture
def shown() -> HeadField:
    """The last epoch."""
    return epoch_field(bundle(), history().trained, ten_twenty(), Quantity.RELATIVE, epoch=100)


def test_vertex_colours_equal_an_independent_interpolation(geometry: HeadGeometry, shown: HeadField) -> None:
    scene = HeadScene(geometry, (200, 160))
    scene.set_field(shown)
    colours = scene.vertex_colours()
    scene.close()
    electrodes_m, vertices_m = geometry.electrodes.points_m, geometry.surface.vertices_m
    rows = np.arange(0, len(vertices_m), 101)
    distance_m = np.linalg.norm(vertices_m[rows, None] - electrodes_m, axis=2).min(axis=1)
    values = spline_operator(electrodes_m, vertices_m[rows]) @ shown.values
    values = np.clip(values, shown.values.min(), shown.values.max())
    full = lookup_table("diverging")[np.rint((np.clip(values, -1, 1) + 1) / 2 * 255).astype(int)]
    near, far = distance_m < 0.028, distance_m > 0.046
    assert near.sum() > 50
    assert far.sum() > 50
    assert np.abs(colours[rows][near].astype(int) - full[near]).max() <= 4  # one step of the table
    assert (colours[rows][far] == THEMES["light"].skin).all()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_discs_carry_exactly_the_colour_bar_s_colours(
    geometry: HeadGeometry, shown: HeadField, theme: str
) -> None:
    scene = HeadScene(geometry, (600, 500))
    scene.camera = CAMERAS["top"]
    picture = scene.draw(shown, (600, 500), Look(theme))
    pixels, _ = scene.pixel_positions()
    scene.close()
    index = np.rint((np.clip(shown.values, -1, 1) + 1) / 2 * 255).astype(int)
    for row in (shown.labels.index(name) for name in ("F3", "Fz", "F4", "C3", "Cz", "C4", "Pz")):
        x, y = pixels[row].astype(int)
        assert np.array_equal(picture[y, x], lookup_table("diverging")[index[row]])


@pytest.mark.parametrize("size", [(400, 430), (600, 500)])
@pytest.mark.parametrize("smooth", [False, True])
def test_what_is_written_and_picked_lies_where_it_is_drawn(
    geometry: HeadGeometry, shown: HeadField, size: tuple[int, int], smooth: bool
) -> None:
    scene = HeadScene(geometry, size)
    picture = scene.draw(shown, size, Look(), smooth)
    pixels, _ = scene.pixel_positions()
    scene.close()
    colours = colours_of(shown.values, shown.limits, shown.colour_map).astype(int)
    for row in (shown.labels.index(name) for name in ("F7", "F3", "Fz", "T7", "C3")):
        x, y = pixels[row].astype(int)
        assert np.abs(picture[y, x] - colours[row]).max() <= 2, shown.labels[row]


def test_a_cross_stands_at_the_target(geometry: HeadGeometry) -> None:
    scene = HeadScene(geometry, (600, 500))
    shown = epoch_field(bundle(), history().trained, ten_twenty(), Quantity.TARGET, epoch=1, target="C3")
    with_cross = scene.draw(shown, (600, 500), Look())
    without = scene.draw(replace(shown, target_m=None), (600, 500), Look())
    pixels, _ = scene.pixel_positions()
    scene.close()
    rows, columns = np.nonzero((with_cross != without).any(axis=2))
    x, y = pixels[shown.labels.index("C3")]
    assert (columns.min() + columns.max()) / 2 == pytest.approx(x, abs=2)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(y, abs=2)
    assert np.array_equal(with_cross[int(y), int(x)], without[int(y), int(x)])  # the disc stays free


def test_a_random_network_looks_flat_by_default(geometry: HeadGeometry) -> None:
    weights = weights_of(bundle("default"), default_parameters(np.random.default_rng(5)), ten_twenty())
    scene = HeadScene(geometry, (400, 320))
    scene.camera = CAMERAS["top"]

    def warmth(described: Callable[..., HeadField]) -> float:
        picture = scene.draw(described(weights, ten_twenty()), (400, 320), Look())
        head = picture[60:260, 80:240].astype(float)
        return float(np.ptp(np.percentile(head[..., 0] - head[..., 2], [2, 98])))

    flat, full = warmth(relative_field), warmth(paper_field)
    scene.close()
    assert flat < 40
    assert full > 120


def test_every_camera_shows_the_head_where_it_should(geometry: HeadGeometry, shown: HeadField) -> None:
    scene = HeadScene(geometry, (300, 260))
    seen = {}
    for name, camera in CAMERAS.items():
        scene.camera = camera
        scene.draw(shown, (300, 260), Look())
        pixels, visible = scene.pixel_positions()
        labels = np.array(shown.labels)
        seen[name] = {label: tuple(at) for label, at in zip(labels[visible], pixels[visible], strict=True)}
        assert all(0 <= x < 300 and 0 <= y < 260 for x, y in seen[name].values())
    scene.close()
    for name, near, away in (("left", "T7", "T8"), ("right", "T8", "T7"), ("front", "Fp1", "O1")):
        assert near in seen[name]
        assert away not in seen[name]
    assert seen["front"]["Fp1"][0] > seen["front"]["Fp2"][0]  # facing us, left is right
    assert seen["back"]["O1"][0] < seen["back"]["O2"][0]
    assert seen["top"]["Fz"][1] < seen["top"]["Pz"][1]  # the nose is up
    assert seen["top"]["C3"][0] < seen["top"]["C4"][0]


def test_picking(geometry: HeadGeometry, shown: HeadField) -> None:
    scene = HeadScene(geometry, (500, 400))
    scene.draw(shown, (500, 400), Look())
    pixels, visible = scene.pixel_positions()
    for row in np.flatnonzero(visible):
        assert scene.pick(*pixels[row]) == shown.labels[row]
    hidden = int(np.flatnonzero(~visible)[0])
    assert scene.pick(*pixels[hidden]) != shown.labels[hidden]
    assert scene.pick(2, 2) is None
    scene.close()


def test_rings_marks_surface_and_names_change_the_picture(geometry: HeadGeometry, shown: HeadField) -> None:
    scene = HeadScene(geometry, (400, 320))
    plain = scene.draw(shown, (400, 320), Look())
    pictures = {
        "surface": scene.draw(shown, (400, 320), Look(surface=False)),
        "names": scene.draw(shown, (400, 320), Look(names=True)),
        "selected": scene.draw(shown, (400, 320), Look(selected="F3")),
        "again": scene.draw(shown, (400, 320), Look()),
        "smooth": scene.draw(shown, (400, 320), Look(), smooth=True),
    }
    scene.close()
    assert np.array_equal(pictures.pop("again"), plain)
    for name, picture in pictures.items():
        assert picture.shape == plain.shape
        assert not np.array_equal(picture, plain), name


def test_bipolar_channels_are_bands_between_their_electrodes() -> None:
    montage = bipolar()
    geometry = prepare_head(montage)
    assert montage.endpoints_m is not None
    shown = epoch_field(bundle(), history().trained, montage, Quantity.RELATIVE, epoch=1)
    band = geometry.values.vertices_m[geometry.values.owners == montage.labels.index("F3-C3")]
    ends = montage.endpoints_m[montage.labels.index("F3-C3")]
    for end in ends:
        assert np.linalg.norm(band - end, axis=1).min() < 0.012
    scene = HeadScene(geometry, (300, 240))
    scene.draw(shown, (300, 240), Look())
    scene.set_geometry(prepare_head(ten_twenty()))
    other = epoch_field(bundle(), history().trained, ten_twenty(), Quantity.RELATIVE, epoch=1)
    assert scene.draw(other, (300, 240), Look()).shape == (240, 300, 3)
    scene.close()


def test_missing_values_are_grey(geometry: HeadGeometry, shown: HeadField) -> None:
    values = shown.values.copy()
    values[shown.labels.index("Cz")] = np.nan
    holes = HeadField("t", shown.labels, values, (-1, 1), (), "b", "r", shown.tips)
    scene = HeadScene(geometry, (500, 400))
    scene.camera = CAMERAS["top"]
    picture = scene.draw(holes, (500, 400), Look())
    x, y = scene.pixel_positions()[0][shown.labels.index("Cz")].astype(int)
    scene.close()
    assert tuple(picture[y, x]) == (150, 150, 150)


def test_nothing_outlives_a_scene(geometry: HeadGeometry, shown: HeadField) -> None:
    def vtk_objects() -> int:
        gc.collect()
        return sum(isinstance(thing, vtkObjectBase) for thing in gc.get_objects())

    before = vtk_objects()
    for _ in range(3):
        scene = HeadScene(geometry, (120, 100))
        scene.draw(shown, (120, 100), Look())
        assert vtk_objects() > before
        alive = weakref.ref(scene)
        scene.close()
        scene.close()
        del scene
        assert alive() is None
        assert vtk_objects() == before


def test_the_scene_needs_no_pyplot_and_no_qt() -> None:
    code = (
        "import sys; import samba_gui.scene.head_scene, samba_gui.scene.gif; "
        "sys.exit(any(name in sys.modules for name in ('matplotlib', 'PySide6', 'pyvista', 'torch', 'vtk')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
