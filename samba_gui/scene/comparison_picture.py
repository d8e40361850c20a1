"""Montages side by side: heads on one camera and one scale, maps of the differences, and the key figures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.montage import Montage
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import Text
from samba_gui.scene.cameras import CAMERAS
from samba_gui.scene.colours import THEMES
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.interpolation import FixedSurface, Surface
from samba_gui.scene.lettering import caption_height, draw_caption, font
from samba_gui.scene.look import Look
from samba_gui.scene.saie_field import weights_of
from samba_gui.scene.saie_maps import MontageOnSphere, density_field, ratio_field
from samba_gui.scene.topography import Topography

LETTERS = "ABCD"
_CELL_PX = (720, 600)


@dataclass(frozen=True, eq=False)
class Seen:
    """A montage to be shown: its name, its electrodes, and itself on the common sphere."""

    name: str
    montage: Montage
    on_sphere: MontageOnSphere


def draw_comparison(
    config: BundleConfig,
    parameters: SaieParameters,
    montages: Sequence[Seen],
    figures: Sequence[Sequence[str]],
    caption: str,
    *,
    view: str = "3d",
    camera: str = "three-quarter",
    theme: str = "light",
    cell_px: tuple[int, int] = _CELL_PX,
) -> np.ndarray:
    """Draw heads in a row, below them a table and each montage's ratio to the first.

    Parameters
    ----------
    config : BundleConfig
    parameters : SaieParameters
    montages : sequence of Seen
        Two to four.
    figures : sequence of rows of texts
        The table's first row is its head.
    caption : str
        At the foot of the picture.
    view : {"3d", "2d"}
        3-D needs OpenGL.
    camera : str
        A name in :data:`samba_gui.scene.cameras.CAMERAS`.
    theme : {"light", "dark"}
    cell_px : tuple of 2 ints
        Width and height of one head.

    Returns
    -------
    ndarray (height, width, 3) uint8
    """
    width, height = cell_px
    look = Look(theme, lettering=True, names=True, scale=max(min(cell_px) / 600, 0.5))
    densities = [seen.on_sphere.density(weights_of(config, parameters, seen.montage)) for seen in montages]
    tops = []
    for letter, seen, density in zip(LETTERS, montages, densities, strict=False):
        title = Text("{letter}  {montage}", letter=letter, montage=seen.name)
        words = Text("{n} electrodes.", n=len(seen.montage))
        tops.append((seen, density_field(density, seen.montage, title, words)))
    draw = _draw_flat if view == "2d" else _draw_round
    rows = draw(tops, ratios_to_first(montages, densities), camera, cell_px, look)
    size_px = round(0.022 * height)
    foot = caption_height(caption, width * len(montages), size_px) + 2 * size_px
    sheet = Image.new("RGB", (width * len(montages), 2 * height + foot), THEMES[theme].background)
    for down, pictures in enumerate(rows):
        for right, picture in enumerate(pictures, start=down):  # the table stands below the first head
            sheet.paste(Image.fromarray(picture), (right * width, down * height))
    _draw_figures(sheet, (0, height, width, 2 * height), figures, theme)
    draw_caption(sheet, caption, size_px, THEMES[theme])
    return np.asarray(sheet)


@dataclass(frozen=True, eq=False)
class Ratio:
    """The map of montage ``index`` over that of the first, at the electrodes of the smaller of the two."""

    index: int
    seen: Seen
    field: HeadField


def ratios_to_first(montages: Sequence[Seen], densities: Sequence[np.ndarray]) -> list[Ratio]:
    """Every montage but the first relative to the first."""
    found = []
    first = montages[0]
    for index, (seen, density) in enumerate(zip(montages, densities, strict=True)):
        if not index:
            continue
        smaller = min(first, seen, key=lambda one: len(one.montage))
        where = smaller.montage.positions_m
        ratio = seen.on_sphere.at(where, density) - first.on_sphere.at(where, densities[0])
        title = Text("{letter} relative to {first}", letter=LETTERS[index], first=LETTERS[0])
        at = LETTERS[index] if smaller is seen else LETTERS[0]
        words = Text("At the electrodes of {letter}.", letter=at)
        found.append(Ratio(index, smaller, ratio_field(ratio, smaller.montage, title, words)))
    return found


Shown = Sequence[tuple[Seen, HeadField]]


def difference(one: Surface, one_values: np.ndarray, other: Surface, values: np.ndarray) -> FixedSurface:
    """Other less one on their common points, trusted where both are."""
    return FixedSurface(other(values) - one(one_values), np.minimum(one.visibility, other.visibility))


def _draw_flat(
    tops: Shown, ratios: Sequence[Ratio], camera: str, size: tuple[int, int], look: Look
) -> list[list[np.ndarray]]:
    maps = [Topography(seen.montage) for seen, _ in tops]
    heads = [one.draw(field, size, look) for one, (_, field) in zip(maps, tops, strict=True)]
    below = []
    for ratio in ratios:
        surface = difference(
            maps[0].interpolate,
            tops[0][1].values,
            maps[ratio.index].interpolate,
            tops[ratio.index][1].values,
        )
        below.append(Topography(ratio.seen.montage, surface).draw(ratio.field, size, look))
    return [heads, below]


def _draw_round(
    tops: Shown, ratios: Sequence[Ratio], camera: str, size: tuple[int, int], look: Look
) -> list[list[np.ndarray]]:
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.head_scene import HeadScene

    heads = {id(seen): prepare_head(seen.montage) for seen, _ in tops}
    first = heads[id(tops[0][0])]
    with closing(HeadScene(first, size)) as scene:
        scene.camera = CAMERAS[camera]
        rows: list[list[np.ndarray]] = [[], []]
        for seen, field in tops:
            scene.set_geometry(heads[id(seen)])
            rows[0].append(scene.draw(field, size, look, smooth=True))
        for ratio in ratios:
            seen, field = tops[ratio.index]
            surface = difference(
                first.interpolate, tops[0][1].values, heads[id(seen)].interpolate, field.values
            )
            scene.set_geometry(replace(heads[id(ratio.seen)], interpolate=surface))
            rows[1].append(scene.draw(ratio.field, size, look, smooth=True))
    return rows


def _draw_figures(
    sheet: Image.Image, box: tuple[int, int, int, int], figures: Sequence[Sequence[str]], theme: str
) -> None:
    """A table: names on the left, a column per montage."""
    colours, draw = THEMES[theme], ImageDraw.Draw(sheet)
    left, top, right, bottom = box
    # letters as large as rows and columns allow
    widths = [
        max(font(100).getlength(text) for text in column) / 100 for column in zip(*figures, strict=True)
    ]
    across, gap = sum(widths), 1.2 * len(widths)
    size_px = int(min((bottom - top) / (1.9 * len(figures) + 2), (right - left) / (across + gap + 1), 26))
    ends = left + size_px * (1 + np.cumsum(np.array(widths) + 1.2) - 1.2)
    y = top + 1.5 * size_px
    for number, row in enumerate(figures):
        letters = font(size_px, bold=number == 0)
        draw.text((left + size_px, y), row[0], colours.ink, letters)
        for x, text in zip(ends[1:], row[1:], strict=True):
            draw.text((x, y), text, colours.ink, letters, anchor="ra")
        y += 1.9 * size_px
        if number == 0:
            line = y - 0.4 * size_px
            draw.line((left + size_px, line, ends[-1], line), colours.faint)
