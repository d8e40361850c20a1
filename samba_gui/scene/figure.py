"""Figures for print: topographies of SAIE weights at a journal's width, as PNG, SVG or PDF.

Drawn with matplotlib, so that outlines, electrodes and letters are vectors; only the interpolated colours are
pixels, as fine as the resolution asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from samba_gui.core.montage import Montage
from samba_gui.scene.colours import THEMES, colours_of, edges_of, lookup_table
from samba_gui.scene.figure_file import MM_PER_INCH, MM_PER_POINT, POINTS, figure_file
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.lettering import font, names_apart, wrapped
from samba_gui.scene.topography import Topography, flatten

JOURNAL_WIDTHS_MM = (85.0, 180.0)
_SMALL = 0.85 * POINTS
_NAME_POINTS = 5
_GRID_EDGE = 1.04
_EAR_WIDTH, _EAR_HEIGHT = 0.1, 0.19


def write_figure(
    path: str | Path,
    fields: Sequence[HeadField],
    montage: Montage,
    provenance: dict[str, Any],
    *,
    width_mm: float = 85.0,
    dpi: int = 600,
    names: bool = False,
) -> None:
    """Write heads from above in a row, with one colour bar and the caption of the first.

    Parameters
    ----------
    path : path-like
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    fields : sequence of HeadField
        All with the same limits.
    montage : Montage
        Of all fields.
    provenance : dict
        Written into the file.
    width_mm : float
    dpi : int
        Of the PNG, and of the interpolated colours in vector files.
    names : bool
        Whether electrodes are named.

    Raises
    ------
    ExportError
        Another extension, an impossible size, or the file cannot be written.
    """
    with figure_file(path, provenance, width_mm, dpi) as figure:
        _compose(figure, fields, montage, width_mm, names)


def _compose(
    figure: Any, fields: Sequence[HeadField], montage: Montage, width_mm: float, names: bool
) -> None:
    """Place heads, bar and caption; the height follows from the width."""
    inch = 1 / MM_PER_INCH
    bar_mm, edge_mm, title_mm, line_mm = 17.0, 1.5, 5.0, 1.25 * _SMALL * MM_PER_POINT
    head_mm = (width_mm - bar_mm - 2 * edge_mm) / len(fields)
    # in hundredths of a letter's height, as matplotlib will set the same font
    room = 100 * (width_mm - 2 * edge_mm) / (_SMALL * MM_PER_POINT)
    caption = wrapped(fields[0].caption, font(100), room)
    foot_mm = line_mm * len(caption) + 2 * edge_mm if caption else edge_mm
    height_mm = head_mm + title_mm + foot_mm
    figure.set_size_inches(width_mm * inch, height_mm * inch)
    topography = Topography(montage)
    for number, shown in enumerate(fields):
        box = (edge_mm + number * head_mm, foot_mm, head_mm, head_mm)
        axes = figure.add_axes(_share(box, width_mm, height_mm))
        _draw_head(axes, shown, topography, round(head_mm / MM_PER_INCH * figure.dpi), names)
        figure.text(
            (edge_mm + (number + 0.5) * head_mm) / width_mm,
            (foot_mm + head_mm + 0.25 * title_mm) / height_mm,
            shown.title,
            weight="bold",
            size=POINTS + 1,
            ha="center",
        )
    tall_mm = min(0.72 * head_mm, 60.0)
    box = (width_mm - bar_mm + 1.0, foot_mm + (head_mm - tall_mm) / 2, 2.6, tall_mm)
    _draw_bar(figure.add_axes(_share(box, width_mm, height_mm)), fields)
    if caption:
        figure.text(
            edge_mm / width_mm,
            edge_mm / height_mm,
            "\n".join(caption),
            size=_SMALL,
            color=_rgb(THEMES["light"].faint),
            va="bottom",
            linespacing=1.25,
        )


def _share(box_mm: tuple[float, float, float, float], width_mm: float, height_mm: float) -> list[float]:
    left, bottom, width, height = box_mm
    return [left / width_mm, bottom / height_mm, width / width_mm, height / height_mm]


def _rgb(colour: tuple[int, ...] | np.ndarray) -> tuple[float, ...]:
    return tuple(float(level) / 255 for level in colour)


def _draw_head(axes: Any, shown: HeadField, topography: Topography, side_px: int, names: bool) -> None:
    from matplotlib.patches import Circle

    theme, flat = THEMES["light"], topography.flat
    reach = max(1.16, float(np.abs(flat).max()) + 0.1)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    axes.set_aspect("equal")
    axes.axis("off")
    axes.imshow(
        _surface(shown, topography, side_px),
        extent=(-_GRID_EDGE, _GRID_EDGE, -_GRID_EDGE, _GRID_EDGE),
        interpolation="none",
        zorder=0,
    )
    outline = Circle((0, 0), 1.0, fill=False, lw=0.8, ec=_rgb(theme.line), zorder=2)
    axes.add_patch(outline)
    line = {"color": _rgb(theme.line), "lw": 0.8, "zorder": 2, "solid_capstyle": "round"}
    axes.plot([-0.11, 0.0, 0.11], [0.992, 1.115, 0.992], **line)
    angle = np.linspace(np.pi / 2, -np.pi / 2, 31)
    for side_of in (-1, 1):
        x = 0.985 + _EAR_WIDTH * np.cos(angle) * (1 + 0.2 * np.sin(angle))
        axes.plot(side_of * x, _EAR_HEIGHT * np.sin(angle) - 0.01, **line)
    _draw_electrodes(axes, shown, topography)
    if shown.target_m is not None:  # four strokes around the target electrode
        (at,), radius = flatten(shown.target_m[None]), _disc_radius(flat)
        for way in np.array([[1, 0], [-1, 0], [0, 1], [0, -1]]):
            stroke = np.array([at + 1.7 * radius * way, at + 3 * radius * way]).T
            axes.plot(*stroke, **line | {"zorder": 6, "color": "white", "lw": 2.0})
            axes.plot(*stroke, **line | {"zorder": 7})
    if names:
        below = 1.7 * _disc_radius(flat)
        inks = _inks(shown, flat - [0, below])
        px = side_px / (2 * reach)
        letters_px = round(_NAME_POINTS * MM_PER_POINT / MM_PER_INCH * axes.figure.dpi)
        for row in names_apart(shown.labels, px * flat * [1, -1], px * below, letters_px):
            x, y = flat[row]
            name = shown.labels[row]
            axes.text(x, y - below, name, size=_NAME_POINTS, ha="center", va="top", color=inks[row], zorder=6)


def _inks(shown: HeadField, flat: np.ndarray) -> np.ndarray:
    """Colours (n, 3), 0 … 1, of what is drawn at places (n, 2), to stand off the electrodes' own."""
    inks = edges_of(colours_of(shown.values, shown.limits, shown.colour_map)) / 255
    inks[np.hypot(*flat.T) > 0.98] = _rgb(THEMES["light"].line)  # on paper
    return inks


def _surface(shown: HeadField, topography: Topography, side_px: int) -> np.ndarray:
    """The interpolated colours within the head's circle, (side, side, 4) uint8, transparent around it."""
    values = topography.interpolate(shown.values)
    trusted = np.ones(len(values)) if shown.plain else topography.interpolate.visibility
    fine, share = (_enlarged(grid, side_px) for grid in (values, trusted))
    skin = np.array(THEMES["light"].skin)
    colours = colours_of(fine, shown.limits, shown.colour_map)
    at = ((np.arange(side_px) + 0.5) / side_px * 2 - 1) * _GRID_EDGE
    depth_px = (1.0 - np.hypot(at, at[:, None])) * side_px / (2 * _GRID_EDGE)
    rgb = skin + np.clip(share, 0, 1)[..., None] * (colours - skin)
    return np.dstack([rgb, 255 * np.clip(depth_px + 0.5, 0, 1)]).round().astype(np.uint8)


def _enlarged(grid: np.ndarray, side_px: int) -> np.ndarray:
    """A square grid, given flat, with as many points as the figure has pixels."""
    side = round(np.sqrt(len(grid)))
    picture = Image.fromarray(np.asarray(grid, dtype=np.float32).reshape(side, side))
    return np.asarray(picture.resize((side_px, side_px), Image.Resampling.BICUBIC))


def _disc_radius(flat: np.ndarray) -> float:
    return float(np.clip(0.16 * 1.9 / np.sqrt(len(flat)), 0.018, 0.055))


def _draw_electrodes(axes: Any, shown: HeadField, topography: Topography) -> None:
    from matplotlib.patches import Circle

    theme, flat = THEMES["light"], topography.flat
    radius = _disc_radius(flat)
    if shown.plain:
        axes.plot(*flat.T, "o", ms=1.2, mew=0, color=(0.08, 0.08, 0.08), zorder=4)
        return
    colours = colours_of(shown.values, shown.limits, shown.colour_map)
    if topography.montage.is_bipolar:
        for (anode, cathode), colour in zip(topography.ends, colours, strict=True):
            both = np.column_stack([anode, cathode])
            axes.plot(*both, color=_rgb(theme.line), lw=2.2, zorder=3, solid_capstyle="round")
            axes.plot(*both, color=_rgb(colour), lw=1.5, zorder=3, solid_capstyle="round")
    for at, colour, ring, edge in zip(flat, colours, shown.outside, _inks(shown, flat), strict=True):
        if ring:
            axes.add_patch(Circle(at, 1.55 * radius, fc="white", ec=_rgb(theme.ink), lw=0.7, zorder=4))
        axes.add_patch(Circle(at, radius, fc=_rgb(colour), ec=edge, lw=0.4, zorder=5))


def _draw_bar(axes: Any, fields: Sequence[HeadField]) -> None:
    shown = fields[0]
    low, high = shown.limits
    table = lookup_table(shown.colour_map)[:, None] / 255
    axes.imshow(table, aspect="auto", origin="lower", extent=(0, 1, low, high), interpolation="nearest")
    axes.set_xticks([])
    axes.yaxis.tick_right()
    axes.yaxis.set_label_position("right")
    axes.set_yticks([at for at, _ in shown.ticks], [text for _, text in shown.ticks])
    axes.tick_params(length=1.5, width=0.5, pad=1.5)
    axes.set_ylabel(shown.bar_label, labelpad=2)
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
    known = np.concatenate([field.values[np.isfinite(field.values)] for field in fields])
    if len(known):  # a bracket along the true range of the values
        ends = np.clip([known.min(), known.max()], low, high)
        axes.plot([-0.35, -0.7, -0.7, -0.35], np.repeat(ends, 2), color="black", lw=0.6, clip_on=False)
        axes.set_xlim(0, 1)
    axes.set_ylim(low, high)
