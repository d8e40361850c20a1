"""Colour maps for heads, safe for colour-blind readers, and the two themes' colours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

# Anchors at equal distances: ColorBrewer's RdBu from blue to red, and matplotlib's cividis.
_ANCHORS = {
    "diverging": "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f",
    "sequential": "00224e 123570 3b496c 575d6d 707173 8a8678 a59c74 c3b369 e1cc55 fee838",
}
UNKNOWN_RGB = (150, 150, 150)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours (red, green, blue; 0 … 255) of everything but the data.

    ``skin`` is far from the maps' neutral colour: where nothing is known must not look like "uniform".

    ``names`` are those of classes and annotations, ``#rrggbb``: the hues of Okabe and Ito (Color Universal
    Design) without vermilion, which belongs to the reconstruction, made light or dark enough that each has a
    contrast of 3:1 or more with the ground, and the first two with one another.
    """

    background: tuple[int, int, int]
    background_top: tuple[int, int, int]
    ink: tuple[int, int, int]
    faint: tuple[int, int, int]
    line: tuple[int, int, int]
    skin: tuple[int, int, int]
    mark: tuple[int, int, int]
    names: tuple[str, ...]


THEMES = {
    "light": Theme(
        background=(255, 255, 255),
        background_top=(240, 243, 247),
        ink=(25, 28, 33),
        faint=(92, 98, 107),
        line=(40, 44, 50),
        skin=(205, 196, 189),
        mark=(0, 158, 115),
        names=("#1c4074", "#be8130", "#be4f9d", "#0d8ad7", "#267756"),
    ),
    "dark": Theme(
        background=(23, 25, 29),
        background_top=(38, 42, 49),
        ink=(236, 238, 241),
        faint=(160, 166, 175),
        line=(205, 209, 215),
        skin=(122, 118, 116),
        mark=(64, 222, 172),
        names=("#3d60cc", "#ecbe40", "#b05a86", "#86d7fe", "#68ad83"),
    ),
}


@cache
def lookup_table(name: str) -> np.ndarray:
    """256 colours of a map, uint8 (256, 3), read-only; ``name`` is "diverging" or "sequential"."""
    anchors = np.array([list(bytes.fromhex(text)) for text in _ANCHORS[name].split()], dtype=float)
    at = np.linspace(0, len(anchors) - 1, 256)
    table = np.stack([np.interp(at, np.arange(len(anchors)), column) for column in anchors.T], axis=1)
    table = np.round(table).astype(np.uint8)
    table.setflags(write=False)
    return table


def edges_of(colours: np.ndarray) -> np.ndarray:
    """Colours that stand off others (n, 3): dark where those are light, light where they are dark."""
    is_light = colours @ np.array([0.3, 0.59, 0.11]) > 110
    return np.where(is_light[:, None], THEMES["light"].line, THEMES["light"].background).astype(np.uint8)


def colours_of(values: np.ndarray, limits: tuple[float, float], name: str) -> np.ndarray:
    """Colours of values.

    Parameters
    ----------
    values : ndarray, any shape
        NaN is grey.
    limits : tuple of 2 floats
        Values beyond take the end's colour.
    name : {"diverging", "sequential"}

    Returns
    -------
    ndarray uint8, the shape of ``values`` and a last axis of 3
    """
    low, high = limits
    known = np.isfinite(values)
    scaled = (np.where(known, values, low) - low) / ((high - low) or 1.0)
    index = np.rint(np.clip(scaled, 0.0, 1.0) * 255).astype(np.uint8)
    colours = np.take(lookup_table(name), index, axis=0)
    colours[~known] = UNKNOWN_RGB
    return colours
