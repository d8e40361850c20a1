"""Light on the scalp moves with the camera and keeps the colours' order."""

from __future__ import annotations

import numpy as np

from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.lights import lit

GREY = np.full((6, 3), 200, np.uint8)
SIX_WAYS = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=np.float32
)  # right, left, front, back, up, down


def test_what_faces_the_viewer_is_bright_and_what_is_behind_is_not() -> None:
    for name, facing, behind in (("front", 2, 3), ("back", 3, 2), ("left", 1, 0), ("top", 4, 5)):
        light = lit(GREY, SIX_WAYS, CAMERAS[name])[:, 0]
        assert light[facing] == light.max(), name
        assert light[behind] == light.min(), name
        assert light[behind] == round(0.34 * 200)


def test_light_comes_from_above_and_the_same_from_either_side() -> None:
    for name in ("front", "back", "left", "right"):
        light = lit(GREY, SIX_WAYS, CAMERAS[name])[:, 0].astype(int)
        assert light[4] > light[5] + 20, name
    front, back = (lit(GREY, SIX_WAYS, CAMERAS[name])[:, 0].astype(int) for name in ("front", "back"))
    np.testing.assert_allclose(front[[0, 1]], back[[1, 0]], atol=2)


def test_light_changes_brightness_not_hue() -> None:
    colours = np.tile(np.array([[40, 80, 160]], np.uint8), (6, 1))
    for shade in lit(colours, SIX_WAYS, CAMERAS["three-quarter"]).astype(float):
        np.testing.assert_allclose(shade / shade[2], [0.25, 0.5, 1.0], atol=0.02)
