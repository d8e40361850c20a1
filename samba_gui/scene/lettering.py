"""Words and colour bars on pictures, drawn with Pillow so that the window and the files look the same."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from samba_gui.core.electrode_names import OLD_NAMES
from samba_gui.scene.colours import Theme, lookup_table
from samba_gui.scene.head_field import HeadField

TEN_TWENTY = frozenset(
    [
        *(*OLD_NAMES, *OLD_NAMES.values()),
        *("Fp1", "Fp2", "F7", "F3", "Fz", "F4", "F8", "C3", "Cz", "C4", "P3", "Pz", "P4", "O1", "O2"),
    ]
)
_INK, _PAPER = (20, 22, 26), (247, 247, 247)


@lru_cache(maxsize=64)
def font(size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which matplotlib brings along: the same letters on every machine."""
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(folder / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), max(size_px, 6))


@lru_cache(maxsize=64)
def wrapped(text: str, letters: ImageFont.FreeTypeFont, width_px: float) -> tuple[str, ...]:
    """Break a text into lines that fit a width; a single word is never broken."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def caption_height(text: str, width_px: int, size_px: int) -> int:
    """Height that :func:`draw_caption` needs, 0 for no text."""
    return round(len(wrapped(text, font(size_px), width_px - 2 * size_px)) * size_px * 1.35)


def draw_caption(image: Image.Image, text: str, size_px: int, theme: Theme) -> None:
    """Write a text at the foot of a picture, wrapped."""
    draw, letters = ImageDraw.Draw(image), font(size_px)
    lines = wrapped(text, letters, image.width - 2 * size_px)
    y = image.height - round(len(lines) * size_px * 1.35) - size_px * 0.5
    for line in lines:
        draw.text((size_px, y), line, theme.faint, letters)
        y += size_px * 1.35


def colour_bar_width(size_px: int) -> int:
    """Width that :func:`draw_colour_bar` needs."""
    return round(size_px * 6.6)


def draw_colour_bar(
    image: Image.Image, box: tuple[int, int, int, int], head_field: HeadField, size_px: int, theme: Theme
) -> None:
    """Draw a vertical colour bar with ticks and quantity, the same for all fields of one kind.

    Parameters
    ----------
    image : PIL.Image.Image
    box : tuple of 4 ints
        Left, top, right, bottom in pixels; see :func:`colour_bar_width`.
    head_field : HeadField
    size_px : int
        Size of the letters.
    theme : Theme
    """
    draw, letters = ImageDraw.Draw(image), font(size_px)
    _, top, _, bottom = box
    x0, x1 = _bar_sides(box, size_px)
    column = lookup_table(head_field.colour_map)[::-1][:, None, :]
    bar = Image.fromarray(np.ascontiguousarray(column)).resize(
        (x1 - x0, bottom - top), Image.Resampling.BILINEAR
    )
    image.paste(bar, (x0, top))
    draw.rectangle((x0 - 1, top - 1, x1, bottom), outline=theme.faint)
    widest = 0.0
    for value, text in head_field.ticks:
        y = _height_on_bar(value, box, head_field.limits)
        draw.line((x1, y, x1 + size_px * 0.3, y), fill=theme.faint)
        draw.text((x1 + size_px * 0.5, y), text, theme.ink, letters, anchor="lm")
        widest = max(widest, letters.getlength(text))
    _draw_upwards(image, head_field.bar_label, (x1 + size_px + widest, (top + bottom) / 2), size_px, theme)


def draw_range(
    image: Image.Image, box: tuple[int, int, int, int], head_field: HeadField, size_px: int, theme: Theme
) -> None:
    """Draw a bracket along the true range of a field's values beside its colour bar, and name it below.

    The parameters are those of :func:`draw_colour_bar`.
    """
    draw, small = ImageDraw.Draw(image), font(round(size_px * 0.9))
    left, _, right, bottom = box
    x0, _ = _bar_sides(box, size_px)
    known = head_field.values[np.isfinite(head_field.values)]
    if len(known):
        a, b = (_height_on_bar(value, box, head_field.limits) for value in (known.max(), known.min()))
        b = max(b, a + 2)
        width = max(1, size_px // 8)
        draw.line((left, a, left, b), fill=theme.ink, width=width)
        for y in (a, b):
            draw.line((left, y, x0 - 2, y), fill=theme.ink, width=width)
    text = head_field.range_text
    half = small.getlength(text) / 2 + size_px * 0.4
    draw.text(
        (min((x0 + right) / 2, image.width - half), bottom + size_px * 0.6),
        text,
        theme.faint,
        small,
        anchor="ma",
    )


def _bar_sides(box: tuple[int, int, int, int], size_px: int) -> tuple[int, int]:
    """Left and right edge of a colour bar, beside the room for its bracket."""
    left = box[0] + round(size_px * 0.55)
    return left, left + round(size_px * 1.25)


def _height_on_bar(value: float, box: tuple[int, int, int, int], limits: tuple[float, float]) -> float:
    (_, top, _, bottom), (low, high) = box, limits
    share = (np.clip(value, low, high) - low) / ((high - low) or 1.0)
    return float(bottom - 1 - share * (bottom - 1 - top))


def _draw_upwards(image: Image.Image, text: str, at: tuple[float, float], size_px: int, theme: Theme) -> None:
    """Write a text that reads upwards; ``at`` is the middle of its left edge."""
    letters = font(size_px)
    length, height = round(letters.getlength(text)) + 2, round(size_px * 1.4)
    mask = Image.new("L", (length, height))
    ImageDraw.Draw(mask).text((1, height / 2), text, 255, letters, anchor="lm")
    mask = mask.transpose(Image.Transpose.ROTATE_90)
    corner = (round(at[0]), round(at[1] - length / 2))
    image.paste(Image.new("RGB", mask.size, theme.ink), corner, mask)


def draw_crosshair(draw: ImageDraw.ImageDraw, at: np.ndarray, radius_px: float, theme: Theme) -> None:
    """Mark the target electrode: four strokes around a disc of some radius, which stays free."""
    near, far = 1.9 * radius_px, 3.4 * radius_px
    width = max(2, round(0.32 * radius_px))
    for colour, more in ((theme.background, max(2, width // 2)), (theme.ink, 0)):  # an edge sets them off
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            start = at[0] + x * (near - more / 2), at[1] + y * (near - more / 2)
            end = at[0] + x * (far + more / 2), at[1] + y * (far + more / 2)
            draw.line((*start, *end), fill=colour, width=width + more)


def names_apart(
    names: Sequence[str], pixels: np.ndarray, below_px: float, size_px: int, visible: np.ndarray | None = None
) -> list[int]:
    """Which electrodes can be named so that no name touches another name or another electrode.

    Parameters
    ----------
    names : sequence of str
    pixels : ndarray (n, 2)
        Middles of the electrodes.
    below_px : float
        How far below its electrode's middle a name begins.
    size_px : int
        Size of the letters.
    visible : ndarray (n,) bool, optional
        Electrodes that can be seen.

    Returns
    -------
    list of int
        Rows; those of the 10-20 system go first.
    """
    letters, gap = font(size_px), 0.1 * size_px
    visible = np.ones(len(names), dtype=bool) if visible is None else visible
    inked = [letters.getbbox(name, anchor="ma", stroke_width=_edge_px(size_px)) for name in names]
    corner = pixels + np.array([0.0, below_px])
    boxes = np.hstack([corner, corner]) + np.array(inked).reshape(-1, 4) + np.array([-gap, -gap, gap, gap])
    discs = np.hstack([pixels - below_px * 0.6, pixels + below_px * 0.6])
    kept: list[int] = []
    for row in sorted(np.flatnonzero(visible).tolist(), key=lambda row: names[row] not in TEN_TWENTY):
        others = np.delete(discs, row, axis=0)[np.delete(visible, row)]
        obstacles = np.concatenate([boxes[kept], others])
        left, upper, right, lower = boxes[row]
        if (
            (obstacles[:, 0] > right)
            | (obstacles[:, 2] < left)
            | (obstacles[:, 1] > lower)
            | (obstacles[:, 3] < upper)
        ).all():
            kept.append(row)
    return kept


def _edge_px(size_px: int) -> int:
    """Width of the light edge around letters."""
    return max(1, round(size_px / 8))


def draw_names(
    size: tuple[int, int],
    names: Sequence[str],
    pixels: np.ndarray,
    below_px: float,
    size_px: int,
    visible: np.ndarray | None = None,
) -> Image.Image:
    """A transparent picture of some size but for the names of :func:`names_apart`."""
    layer = Image.new("RGBA", size, (*_PAPER, 0))
    draw = ImageDraw.Draw(layer)
    for row in names_apart(names, pixels, below_px, size_px, visible):
        draw.text(
            (pixels[row, 0], pixels[row, 1] + below_px),
            names[row],
            _INK,
            font(size_px),
            anchor="ma",
            stroke_width=_edge_px(size_px),
            stroke_fill=_PAPER,
        )
    return layer
