"""Colours of the traces and timelines, distinct for colour-blind eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from samba_gui.scene.colours import DISTINCT
from samba_gui.scene.window_colours import description_colour
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
    """Near-black on near-white, or the reverse; the reconstruction in vermilion in both."""
    if theme.dark:
        return TraceColours(
            "#dfe3ea",
            "#666d79",
            "#262a31",
            "#ff8b3d",
            "#d19bff",
            QColor(255, 139, 61, 34),
            QColor(154, 162, 175, 130),
        )
    return TraceColours(
        "#23262d",
        "#b4bac5",
        "#e9ebf0",
        "#d55e00",
        "#7b2fb5",
        QColor(213, 94, 0, 26),
        QColor(95, 102, 114, 130),
    )


def depth_colours(theme: Theme) -> tuple[str, ...]:
    """Colours of electrodes from the front of the head to its back: one electrode, one colour."""
    first, last = (70, 255) if theme.dark else (0, 205)
    table = lookup_table("viridis")[np.linspace(first, last, DEPTHS).astype(int)]
    return tuple(QColor(*rgba[:3].tolist()).name() for rgba in table)


def annotation_colour(description: str, alpha: int = 255) -> QColor:
    """The colour of a description: the same one everywhere and in every session."""
    colour = QColor(description_colour(description))
    colour.setAlpha(alpha)
    return colour


def class_colour(index: int, alpha: int = 255) -> QColor:
    """The colour of a class by its place in the head's list."""
    colour = QColor(DISTINCT[index % len(DISTINCT)])
    colour.setAlpha(alpha)
    return colour


def blend(colour: str, background: str, share: float) -> QColor:
    """``share`` of a colour over a background: an opaque tint."""
    a, b = QColor(colour), QColor(background)
    pairs = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(share * x + (1 - share) * y) for x, y in pairs))


def lookup_table(name: str, reverse: bool = False) -> np.ndarray:
    """256 colours of a perceptually uniform map, uint8 (256, 4)."""
    table = pg.colormap.get(name).getLookupTable(nPts=256, alpha=True)
    return table[::-1].copy() if reverse else table
