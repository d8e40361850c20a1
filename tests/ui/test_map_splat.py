"""Many points at once: each where it belongs, in its colour, the later ones over the earlier."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from samba_gui.scene.window_colours import SHAPES
from samba_gui.ui.window_map.splat import FAINT, splat


def pixels_of(size, points, rgb, shapes, hollow, faint):
    image = splat(size, points, rgb, shapes, hollow, faint, 6.0, QColor(10, 10, 10, 150))
    return np.frombuffer(image.constBits(), np.uint8).reshape(size[1], size[0], 4).copy()


def test_points_are_where_they_belong(qapp):
    n = len(SHAPES)
    points = np.array([[20.0 * i + 10, 12.0] for i in range(n)] * 2)
    points[n:, 1] = 40
    rgb = np.random.default_rng(0).integers(60, 255, (2 * n, 3), dtype=np.uint8)
    shapes = np.tile(np.arange(n), 2)
    hollow = np.arange(2 * n) >= n
    found = pixels_of((20 * n, 52), points, rgb, shapes, hollow, np.zeros(2 * n, bool))
    for i, (x, y) in enumerate(points.astype(int)):
        assert found[y, x].tolist() == ([0, 0, 0, 0] if hollow[i] else [*rgb[i].tolist(), 255])
        around = found[y - 6 : y + 7, x - 6 : x + 7]
        assert (around == [*rgb[i].tolist(), 255]).all(axis=2).sum() >= 8
    empty = np.ones(found.shape[:2], bool)
    for x, y in points.astype(int):
        empty[y - 7 : y + 8, x - 7 : x + 8] = False
    assert not found[empty].any()
    shapes_seen = {found[6:19, 20 * i + 4 : 20 * i + 17, 3].tobytes() for i in range(n)}
    assert len(shapes_seen) == n


def test_the_later_lies_over_the_earlier_and_faint_is_faint(qapp):
    points = np.array([[15.0, 15.0], [15.0, 15.0], [40.0, 15.0], [-3.0, 15.0], [500.0, 9.0]])
    rgb = np.array([[200, 0, 0], [0, 200, 0], [0, 0, 200], [1, 2, 3], [1, 2, 3]], np.uint8)
    shapes, hollow = np.zeros(5, int), np.zeros(5, bool)
    found = pixels_of((60, 30), points, rgb, shapes, hollow, np.array([False, False, True, False, False]))
    assert found[15, 15].tolist() == [0, 200, 0, 255]
    assert found[15, 40, :3].tolist() == [0, 0, 200]
    assert found[15, 40, 3] == pytest.approx(255 * FAINT, abs=1)
    assert not found[:, 5:9].any()
