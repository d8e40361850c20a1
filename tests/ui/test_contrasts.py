"""Graphics and controls stand out by 3:1 (WCAG 2.2, 1.4.11); colour-blind eyes tell names apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from contrasts import COLOUR_BLIND, apart, contrast
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QSlider, QVBoxLayout, QWidget

from samba_gui.core.recording import TOLD_APART
from samba_gui.scene.colours import THEMES
from samba_gui.scene.window_colours import NAMED
from samba_gui.ui.palette import blend, depth_colours, name_colour, trace_colours
from samba_gui.ui.pictures import rgb_of
from samba_gui.ui.theme import DARK, LIGHT, apply_theme
from samba_gui.ui.traces.marks import STRONG, TINT

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
NEAREST = 0.07
"""In OKLab; Okabe and Ito's own colours come as near as 0.076."""


def over(colour, ground):
    """What is seen of a transparent colour."""
    return blend(QColor(colour).name(), ground, QColor(colour).alphaF())


@BOTH
def test_what_is_drawn_stands_out_from_its_ground(theme):
    colours = trace_colours(theme)
    drawn = {
        **{name: getattr(colours, name) for name in ("trace", "bad", "predicted", "residual")},
        **{f"depth {i}": colour for i, colour in enumerate(depth_colours(theme))},
        **{f"name {i}": name_colour(i, theme) for i in range(TOLD_APART)},
        "cursor, frame, focus": theme.accent,
        "hatch of abstention": theme.dim,
        "hatch of gaps": over(colours.gap, theme.base),
    }
    poor = {
        what: round(contrast(c, theme.base), 2) for what, c in drawn.items() if contrast(c, theme.base) < 3
    }
    assert not poor
    assert contrast(theme.accent, theme.window) >= 3  # the focus around a button


@BOTH
def test_what_lies_over_a_trace_stands_out_from_it(theme):
    colours = trace_colours(theme)
    assert contrast(colours.predicted, colours.trace) >= 3
    assert contrast(colours.residual, colours.trace) >= 3


@BOTH
def test_names_are_told_apart(theme):
    names = [name_colour(i, theme).name() for i in range(TOLD_APART)]
    assert tuple(names) == THEMES[theme.name].names
    assert len(set(names)) == TOLD_APART == NAMED
    assert contrast(*names[:2]) >= 3  # most heads have two classes, whose areas touch
    for eyes in COLOUR_BLIND:
        for one, other in combinations(names, 2):
            assert apart(one, other, eyes) >= NEAREST, (eyes, one, other)


@BOTH
def test_text_on_an_annotation_is_read(theme):
    """Text is held to 4.5:1, also on the tint of the highlighted one."""
    for i in range(TOLD_APART):
        for strength in (TINT, STRONG):
            ground = blend(name_colour(i, theme).name(), theme.base, strength)
            assert contrast(theme.text, ground) >= 4.5, (i, strength)


@BOTH
def test_boxes_and_handles_are_seen(qtbot, theme):
    """Fusion alone draws them darker than a dark window."""
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    box, dot, slider = QCheckBox(), QRadioButton(), QSlider(Qt.Orientation.Horizontal)
    for widget in (box, dot, slider):
        column.addWidget(widget)
    app = QApplication.instance()
    before = app.palette(), app.styleSheet()
    apply_theme(app, theme)
    try:
        page.show()
        for widget in (box, dot, slider):
            picture = rgb_of(widget.grab().toImage()).reshape(-1, 3)
            assert max(contrast(tuple(rgb), theme.window) for rgb in {*map(tuple, picture.tolist())}) >= 3
    finally:
        app.setPalette(before[0])
        app.setStyleSheet(before[1])
