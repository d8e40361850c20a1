"""Scalp, projection and splines, against MNE and against slow formulas."""

from __future__ import annotations

import numpy as np
import pytest
from mne.channels.interpolation import _make_interpolation_matrix
from saie_weights import bipolar, ten_twenty

from samba_gui.io.montages import montage_by_id
from samba_gui.scene.head_surface import load_head_surface, project_to_scalp
from samba_gui.scene.interpolation import (
    HEAD_CENTRE_M,
    Interpolator,
    directions_from_centre,
    perrin_g,
    spline_operator,
    visibility,
)


def test_scalp_is_a_closed_head_in_the_frame_of_the_montages() -> None:
    surface = load_head_surface()
    assert len(surface.triangles) == 64_992
    edges = np.sort(surface.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()
    # outward normals, and the electrodes of MNE's own fsaverage template within millimetres of the scalp
    corners = surface.vertices_m[surface.triangles]
    volume_m3 = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
    assert 0.003 < volume_m3 < 0.006
    montage = montage_by_id("10-10_64")
    moved_m = np.linalg.norm(
        project_to_scalp(surface, montage.positions_m).points_m - montage.positions_m, axis=1
    )
    assert moved_m.max() < 0.008


def test_projection_lies_on_the_ray_and_on_the_scalp() -> None:
    surface, positions_m = load_head_surface(), montage_by_id("biosemi_64").positions_m
    landing = project_to_scalp(surface, positions_m)
    assert np.allclose(
        directions_from_centre(landing.points_m), directions_from_centre(positions_m), atol=1e-9
    )
    # distance to the nearest triangle's plane, over the triangles around the nearest vertex
    for point, normal in zip(landing.points_m, landing.normals, strict=True):
        nearest = int(np.argmin(np.linalg.norm(surface.vertices_m - point, axis=1)))
        around = surface.triangles[(surface.triangles == nearest).any(axis=1)]
        a, b, c = (surface.vertices_m[around[:, i]] for i in range(3))
        plane = np.cross(b - a, c - a)
        plane /= np.linalg.norm(plane, axis=1, keepdims=True)
        assert np.abs(np.einsum("ij,ij->i", point - a, plane)).min() < 1e-6
        assert normal @ (point - HEAD_CENTRE_M) > 0


def test_a_midpoint_in_the_head_s_centre_goes_to_the_top() -> None:
    top = project_to_scalp(load_head_surface(), HEAD_CENTRE_M[None]).points_m[0]
    assert top[2] > 0.12


@pytest.mark.parametrize("name", ["10-20_19", "10-10_64", "egi_128"])
def test_operator_equals_mne_s(name: str) -> None:
    electrodes_m = montage_by_id(name).positions_m
    points_m = load_head_surface().vertices_m[::40]
    mine = spline_operator(electrodes_m, points_m)
    theirs = _make_interpolation_matrix(
        directions_from_centre(electrodes_m), directions_from_centre(points_m)
    )
    assert np.abs(mine - theirs).max() < 2e-5


def test_operator_equals_a_slow_sum() -> None:
    electrodes_m = ten_twenty().positions_m
    points_m = load_head_surface().vertices_m[:: 32_498 // 7]
    e, p = directions_from_centre(electrodes_m), directions_from_centre(points_m)

    def g(x: float) -> float:
        total, before, now = 0.0, 1.0, x  # Legendre polynomials by recurrence
        for n in range(1, 51):
            total += (2 * n + 1) / (n * (n + 1)) ** 4 * now
            before, now = now, ((2 * n + 1) * x * now - n * before) / (n + 1)
        return total / (4 * np.pi)

    assert perrin_g(np.array(0.3)) == pytest.approx(g(0.3), rel=1e-12)
    values = np.random.default_rng(0).normal(size=19)
    system = np.ones((20, 20))
    system[19, 19] = 0
    system[:19, :19] = [[g(min(a @ b, 1.0)) for b in e] for a in e]
    system[:19, :19] += 1e-5 * np.eye(19)
    *weights, constant = np.linalg.solve(system, np.append(values, 0))
    slow = [constant + sum(w * g(point @ b) for w, b in zip(weights, e, strict=True)) for point in p]
    assert np.allclose(spline_operator(electrodes_m, points_m) @ values, slow, atol=2e-6)


def test_visibility_fades_from_28_to_46_mm() -> None:
    electrode = np.zeros((1, 3))
    at_m = np.array([0.0, 0.027, 0.037, 0.047])
    points = np.column_stack([at_m, np.zeros(4), np.zeros(4)])
    assert np.allclose(visibility(electrode, points), [1, 1, 0.5, 0], atol=1e-6)


def test_interpolator_stays_in_the_electrodes_range_and_leaves_out_missing_ones() -> None:
    montage, points_m = bipolar(), load_head_surface().vertices_m[::50]
    interpolate = Interpolator(montage.positions_m, points_m)
    values = np.random.default_rng(1).normal(size=16)
    full = interpolate(values)
    assert full.min() >= values.min() - 1e-6
    assert full.max() <= values.max() + 1e-6
    values[3] = np.nan
    rest = [i for i in range(16) if i != 3]
    alone = Interpolator(montage.positions_m[rest], points_m)
    assert np.allclose(interpolate(values), alone(values[rest]))
    assert np.array_equal(interpolate.visibility, alone.visibility)
    assert np.isnan(interpolate(np.full(16, np.nan))).all()
