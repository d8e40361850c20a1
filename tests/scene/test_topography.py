"""The head from above, read back from its pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from saie_weights import bipolar, bundle, history, ten_twenty

from samba_gui.core.saie import default_parameters
from samba_gui.io.montages import montage_by_id
from samba_gui.scene.colours import THEMES, colours_of, lookup_table
from samba_gui.scene.head_field import HeadField, Quantity
from samba_gui.scene.interpolation import spline_operator
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import epoch_field, paper_field, relative_field, weights_of
from samba_gui.scene.topography import PAPER_SIZE, Topography, _on_sphere, flatten


def test_projection_and_back() -> None:
    montage = ten_twenty()
    flat = flatten(montage.positions_m)
    assert np.allclose(flatten(_on_sphere(flat)), flat)
    fz, oz, t8 = (flat[montage.labels.index(name)] for name in ("Fz", "O1", "T8"))
    assert fz[1] > 0.3
    assert oz[1] < -0.6
    assert t8[0] > 0.8


def test_colours_are_the_table_s_and_grey_without_a_value() -> None:
    table = lookup_table("diverging")
    colours = colours_of(np.array([-5.0, -1.0, 1.0, np.nan]), (-1.0, 1.0), "diverging")
    assert np.array_equal(colours[:3], table[[0, 0, 255]])
    assert np.array_equal(colours[3], [150, 150, 150])


def test_paper_look_of_known_weights_pixel_by_pixel() -> None:
    montage = montage_by_id("10-10_64")
    weights = np.random.default_rng(0).dirichlet(np.full(64, 30.0), size=5)
    shown = paper_field(weights, montage, title="Epoch 5")
    topography = Topography(montage)
    picture = topography.draw(shown)
    assert picture.shape == (1080, 1296, 3)
    # an independent value between the electrodes: the spline at some places in the head
    flat = np.array([[0.05, 0.12], [-0.4, 0.33], [0.31, -0.52], [-0.6, -0.1]])
    mean = weights.mean(axis=0)
    scaled = (mean - mean.min()) / (mean.max() - mean.min())
    operator = spline_operator(_on_sphere(topography.flat), _on_sphere(flat))
    expected = lookup_table("diverging")[np.rint(np.clip(operator @ scaled, 0, 1) * 255).astype(int)]
    assert topography._layout is not None
    for (x, y), colour in zip(topography._layout.pixels(flat).astype(int), expected, strict=True):
        assert np.abs(picture[y, x].astype(int) - colour.astype(int)).max() <= 6


def test_discs_carry_the_true_values() -> None:
    montage = ten_twenty()
    shown = epoch_field(bundle(), history().trained, montage, Quantity.RELATIVE, epoch=1)
    topography = Topography(montage)
    for theme in THEMES:
        picture = topography.draw(shown, (700, 600), Look(theme))
        expected = colours_of(shown.values, shown.limits, shown.colour_map)
        for (x, y), colour in zip(topography.pixel_positions().astype(int), expected, strict=True):
            assert np.array_equal(picture[y, x], colour)


def test_a_random_network_looks_flat_by_default_and_full_of_colour_in_the_paper_look() -> None:
    montage, config = montage_by_id("10-10_64"), bundle("default")
    weights = weights_of(config, default_parameters(np.random.default_rng(5)), montage)
    topography = Topography(montage)

    def spread(described: Callable[..., HeadField]) -> float:
        picture = topography.draw(described(weights, montage), (500, 420))
        assert topography._layout is not None
        axis = np.linspace(-0.6, 0.6, 40)
        flat = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        x, y = topography._layout.pixels(flat).astype(int).T
        colours = picture[y, x].astype(int)
        bright = colours[colours.min(axis=1) > 60]  # not the outlines
        return float(np.ptp(bright[:, 0].astype(float) - bright[:, 2]))

    assert spread(relative_field) < 40
    assert spread(paper_field) > 200


def test_the_surface_fades_to_skin_where_no_electrode_is_near() -> None:
    montage = ten_twenty()
    few = montage.take([montage.labels.index(name) for name in ("O1", "O2", "P3", "P4")], "four")
    topography = Topography(few)
    shown = relative_field(np.array([[0.1, 0.2, 0.3, 0.4]]), few)
    picture = topography.draw(shown, (600, 500), Look())
    assert topography._layout is not None
    x, y = topography._layout.pixels(np.array([0.0, 0.7])).astype(int)
    assert tuple(picture[y, x]) == THEMES["light"].skin
    without = topography.draw(shown, (600, 500), Look(surface=False))
    x, y = topography._layout.pixels(flatten(few.positions_m[:1] * [1, 1, 1.05])[0] + [0.1, 0.0]).astype(int)
    assert tuple(without[y, x]) == THEMES["light"].skin


@pytest.mark.parametrize("size", [PAPER_SIZE, (420, 300), (90, 70)])
def test_any_size_with_everything_on(size: tuple[int, int]) -> None:
    montage = bipolar()
    topography = Topography(montage)
    shown = epoch_field(bundle(), history().trained, montage, Quantity.RELATIVE, epoch=1)
    look = Look("dark", names=True, selected="Fp1-F3", lettering=True, scale=2.0)
    picture = topography.draw(shown, size, look)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8


def test_picking_finds_electrodes_and_nothing_else() -> None:
    montage = ten_twenty()
    topography = Topography(montage)
    assert topography.pick(10, 10) is None
    shown = epoch_field(bundle(), history().trained, montage, Quantity.RELATIVE, epoch=1)
    topography.draw(shown, (700, 600), Look())
    for label, (x, y) in zip(montage.labels, topography.pixel_positions(), strict=True):
        assert topography.pick(x + 2, y - 2) == label
    assert topography.pick(5, 5) is None
