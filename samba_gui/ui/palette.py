"""Colours of the traces and timelines, distinct for colour-blind eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from samba_gui.scene.colours import THEMES
from samba_gui.ui.theme import Theme

DEPTHS = 8
"""Steps of colour between the front of the head and its back."""


@dataclass(frozen=True, slots=True)
class TraceColours:
    """Colours of one theme that only the traces and timelines need."""

    trace: str
    bad: str
    grid: str
    predicted: str
    residual: str
    masked: QColor
    gap: QColor


def trace_colours(theme: Theme) -> TraceColours:
    """Near-black on near-white, or the reverse.

    The reconstruction is vermilion in both and the residual violet: each has a contrast of 3:1 or more with
    the ground and with the trace that it lies over.
    """
    predicted, residual = "#cc5500", "#9a5bd8"
    if theme.dark:
        masked, gap = QColor(200, 206, 216, 30), QColor(154, 162, 175, 160)
        return TraceColours("#dfe3ea", "#666d79", "#262a31", predicted, residual, masked, gap)
    masked, gap = QColor(60, 66, 78, 26), QColor(95, 102, 114, 190)
    return TraceColours("#23262d", "#878e9c", "#e9ebf0", predicted, residual, masked, gap)


def depth_colours(theme: Theme) -> tuple[str, ...]:
    """Colours of electrodes from the front of the head to its back: one electrode, one colour."""
    first, last = (90, 255) if theme.dark else (0, 145)
    table = lookup_table("viridis")[np.linspace(first, last, DEPTHS).astype(int)]
    return tuple(QColor(*rgba[:3].tolist()).name() for rgba in table)


def name_colour(place: int, theme: Theme) -> QColor:
    """The colour of a name: of a class by its place in the head's list, of a description by its own."""
    names = THEMES[theme.name].names
    return QColor(names[place % len(names)])


def tinted(colour: QColor | str, alpha: int) -> QColor:
    """A colour with some transparency."""
    tint = QColor(colour)
    tint.setAlpha(alpha)
    return tint


def blend(colour: str, background: str, share: float) -> QColor:
    """``share`` of a colour over a background: an opaque tint."""
    a, b = QColor(colour), QColor(background)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(share * x + (1 - share) * y) for x, y in pairs))


def lookup_table(name: str, reverse: bool = False) -> np.ndarray:
    """256 colours of a perceptually uniform map, uint8 (256, 4)."""
    table = pg.colormap.get(name).getLookupTable(nPts=256, alpha=True)
    return table[::-1].copy() if reverse else table
