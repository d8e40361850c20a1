"""Names on heads: whatever the montage and the view, no two that are drawn touch each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import ImageDraw

from samba_gui.core.montage import Montage
from samba_gui.io.montages import montage_by_id
from samba_gui.scene.cameras import CAMERAS, Camera
from samba_gui.scene.head_geometry import prepare_head
from samba_gui.scene.head_scene import HeadScene
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import relative_field
from samba_gui.scene.topography import Topography

VIEWS = [*CAMERAS.values(), Camera(17.0, -30.0, 0.6), Camera(-133.0, 55.0, 2.2)]
SIZES = {(400, 380): 1.0, (1000, 800): 1.0, (2000, 1600): 2.0}
Drawn = list[tuple[str, tuple[float, float, float, float]]]


def montage_of(electrodes: int) -> Montage:
    """A montage of so many."""
    if electrodes < 256:
        return montage_by_id({64: "10-10_64", 128: "biosemi_128"}[electrodes])
    ten_five = montage_by_id("10-05")
    return ten_five.take(np.linspace(0, len(ten_five) - 1, electrodes).astype(int).tolist(), "256 of 10-05")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Texts and the rectangles that their ink fills, as they are drawn."""
    found: Drawn = []
    draw_text: Callable[..., None] = ImageDraw.ImageDraw.text

    def text(self: ImageDraw.ImageDraw, xy, text, fill=None, font=None, anchor=None, **more) -> None:
        stroke = more.get("stroke_width", 0)
        found.append((text, self.textbbox(xy, text, font=font, anchor=anchor, stroke_width=stroke)))
        draw_text(self, xy, text, fill, font, anchor, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    return found


def check(drawn: Drawn, montage: Montage) -> int:
    """No two names touch; how many there are."""
    names = [(name, box) for name, box in drawn if name in montage.labels]
    drawn.clear()
    for i, (name, (left, top, right, bottom)) in enumerate(names):
        for other, (left_2, top_2, right_2, bottom_2) in names[:i]:
            apart = right <= left_2 or right_2 <= left or bottom <= top_2 or bottom_2 <= top
            assert apart, f"{name} touches {other}"
    return len(names)


@pytest.mark.parametrize("electrodes", [64, 128, 256])
def test_names_from_above_never_touch(drawn: Drawn, electrodes: int) -> None:
    montage = montage_of(electrodes)
    topography = Topography(montage)
    shown = relative_field(np.full((1, electrodes), 1 / electrodes), montage)
    for size, scale in SIZES.items():
        topography.draw(shown, size, Look(names=True, scale=scale))
        assert check(drawn, montage) >= 20


@pytest.mark.usefixtures("opengl")
@pytest.mark.parametrize("electrodes", [64, 128, 256])
def test_names_in_3d_never_touch(drawn: Drawn, electrodes: int) -> None:
    montage = montage_of(electrodes)
    scene = HeadScene(prepare_head(montage), (400, 380))
    shown = relative_field(np.full((1, electrodes), 1 / electrodes), montage)
    counts = []
    for size, scale in SIZES.items():
        for camera in VIEWS:
            scene.camera = camera
            scene.draw(shown, size, Look(names=True, scale=scale))
            counts.append(check(drawn, montage))
    scene.close()
    assert min(counts) > 0, counts
    assert np.median(counts) >= 20, counts
