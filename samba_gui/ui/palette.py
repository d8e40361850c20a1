"""Colours of the traces and timelines, distinct for colour-blind eyes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from samba_gui.ui.theme import Theme

# Okabe and Ito's colours (Color Universal Design), without black and yellow, which vanish on a background,
# and without vermilion, which belongs to the reconstruction
DISTINCT = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9")


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


def annotation_colour(description: str, alpha: int = 255) -> QColor:
    """The colour of a description: the same one everywhere and in every session."""
    colour = QColor(DISTINCT[zlib.crc32(description.encode()) % len(DISTINCT)])
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
