"""A head from above: 2-D topography with numpy and Pillow."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from samba_gui.core.montage import Montage
from samba_gui.scene.colours import THEMES, colours_of, edges_of, lookup_table
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.interpolation import HEAD_CENTRE_M, Interpolator, Surface, directions_from_centre
from samba_gui.scene.lettering import (
    caption_height,
    colour_bar_width,
    draw_caption,
    draw_colour_bar,
    draw_crosshair,
    draw_names,
    draw_range,
    font,
)
from samba_gui.scene.look import Look
from samba_gui.scene.strokes import edge_mask, stroke

PAPER_SIZE = (1296, 1080)
# Angle from the vertex at the head's outline: Fpz, T7, Oz at 90 degrees lie a little inside.
OUTLINE_RAD = np.radians(105.0)
_GRID = 128
_GRID_EDGE = 1.04
_RADIUS_M = 0.095
_DOT = (20, 20, 20)


def flatten(positions_m: np.ndarray) -> np.ndarray:
    """Azimuthal equidistant projection from the head's centre.

    Parameters
    ----------
    positions_m : ndarray (n, 3)
        Head frame, metres.

    Returns
    -------
    ndarray (n, 2)
        x to the right ear, y to the nose; the head's outline has radius 1.
    """
    direction = directions_from_centre(positions_m)
    angle = np.arccos(np.clip(direction[:, 2], -1.0, 1.0))
    across = np.hypot(direction[:, 0], direction[:, 1])
    return direction[:, :2] * (angle / OUTLINE_RAD / np.maximum(across, 1e-12))[:, None]


def _on_sphere(flat: np.ndarray) -> np.ndarray:
    """Positions (n, 3) in metres on a sphere of a head's size that :func:`flatten` takes to ``flat``."""
    radius = np.hypot(flat[:, 0], flat[:, 1])
    angle = np.minimum(radius * OUTLINE_RAD, np.pi)
    across = np.sin(angle) / np.maximum(radius, 1e-12)
    direction = np.column_stack([flat[:, 0] * across, flat[:, 1] * across, np.cos(angle)])
    return HEAD_CENTRE_M + _RADIUS_M * direction


class Topography:
    """Draws fields of one montage as pictures.

    Parameters
    ----------
    montage : Montage
    interpolate : Surface, optional
        What the surface shows, if not what lies between the montage's electrodes.
    """

    def __init__(self, montage: Montage, interpolate: Surface | None = None) -> None:
        self.montage = montage
        self.flat = flatten(montage.positions_m)
        assert montage.endpoints_m is not None
        self.ends = flatten(montage.endpoints_m.reshape(-1, 3)).reshape(-1, 2, 2)
        axis = ((np.arange(_GRID) + 0.5) / _GRID * 2 - 1) * _GRID_EDGE
        grid = np.stack(np.meshgrid(axis, -axis), axis=-1).reshape(-1, 2)
        self.interpolate = interpolate or Interpolator(_on_sphere(self.flat), _on_sphere(grid))
        self._layout: _Layout | None = None
        self._removed: Montage | None = None

    def draw(
        self,
        shown: HeadField,
        size: tuple[int, int] = PAPER_SIZE,
        look: Look = Look(lettering=True),  # noqa: B008  frozen
    ) -> np.ndarray:
        """Draw one picture.

        Parameters
        ----------
        shown : HeadField
        size : tuple of 2 ints
            Width and height in pixels.
        look : Look

        Returns
        -------
        ndarray (height, width, 3) uint8
        """
        layout = _Layout(self, shown, size, look)
        if self._layout is None or layout.key != self._layout.key:
            layout.prepare(shown)
            self._layout = layout
        layout = self._layout
        self._removed = shown.removed
        picture = layout.base.copy()
        picture.paste(self._surface(layout, shown, look), layout.corner, layout.inside)
        self._paint_discs(picture, layout, shown, look.selected)
        if shown.removed is not None:
            for flat in flatten(shown.removed.positions_m):
                ink = _DOT if np.hypot(*flat) < 1 else layout.theme.line
                self._paint_crossed(picture, layout, layout.pixels(flat), ink)
        if shown.target_m is not None:
            at = layout.pixels(flatten(shown.target_m[None]))[0]
            draw_crosshair(ImageDraw.Draw(picture), at, layout.disc_px, layout.theme)
        if look.names:
            names = layout.names(self)
            picture.paste(names, (0, 0), names)
        draw_range(picture, layout.bar_box, shown, layout.letters_px, layout.theme)
        if look.lettering:
            draw = ImageDraw.Draw(picture)
            at = (layout.letters_px, layout.letters_px * 0.6)
            draw.text(at, shown.title, layout.theme.ink, font(layout.title_px, bold=True))
        return np.asarray(picture)

    def pixel_positions(self) -> np.ndarray:
        """Where the electrodes are in the last picture, (n, 2) pixels from its top left."""
        return self._layout.pixels(self.flat) if self._layout else np.full((len(self.montage), 2), np.nan)

    def pick(self, x: float, y: float) -> str | None:
        """The electrode drawn at a pixel of the last picture, removed ones too, or None."""
        if self._layout is None:
            return None
        labels, pixels = self.montage.labels, self.pixel_positions()
        if self._removed is not None:
            labels += self._removed.labels
            pixels = np.concatenate([pixels, self._layout.pixels(flatten(self._removed.positions_m))])
        distance = np.linalg.norm(pixels - [x, y], axis=1)
        nearest = int(np.argmin(distance))
        return labels[nearest] if distance[nearest] <= max(1.6 * self._layout.disc_px, 6) else None

    def _surface(self, layout: _Layout, shown: HeadField, look: Look) -> Image.Image:
        """The field as large as the head; skin where nothing is known."""
        skin = layout.theme.skin
        values = self.interpolate(shown.values) if look.surface else np.array([np.nan])
        if not np.isfinite(values).all():
            return Image.new("RGB", layout.inside.size, skin)
        low, high = shown.limits
        # Indices into the colour table, enlarged and clipped by Pillow: ten times faster than colours.
        index = (values - low) / ((high - low) or 1.0) * 255.0 + 0.5
        fine = layout.enlarged(index).convert("L")
        fine.putpalette(lookup_table(shown.colour_map).tobytes())
        surface = fine.convert("RGB")
        if not shown.plain:
            surface.paste(skin, None, layout.faded(self.interpolate.visibility))
        return surface

    def _paint_discs(self, picture: Image.Image, layout: _Layout, shown: HeadField, selected: str) -> None:
        pixels, radius, theme = layout.pixels(self.flat), layout.disc_px, layout.theme
        if shown.plain:
            for at, away in zip(pixels, np.hypot(*self.flat.T), strict=True):
                layout.stamp(picture, at, at, 0.3 * radius, _DOT if away < 1 else theme.line)
        else:
            colours = colours_of(shown.values, shown.limits, shown.colour_map)
            table, edges = colours.tolist(), edges_of(colours).tolist()
            if self.montage.is_bipolar:
                self._paint_segments(picture, layout, table)
            for at, colour, edge, ring in zip(pixels, table, edges, shown.outside, strict=True):
                if ring:
                    layout.stamp(picture, at, at, 1.62 * radius, theme.ink)
                    layout.stamp(picture, at, at, 1.32 * radius, theme.background)
                layout.stamp(picture, at, at, 1.12 * radius, tuple(edge))
                layout.stamp(picture, at, at, 0.95 * radius, tuple(colour))
        if selected in self.montage.labels:
            (x, y), reach = pixels[self.montage.labels.index(selected)], 2.1 * radius
            width = max(2, round(0.3 * radius))
            box = (x - reach, y - reach, x + reach, y + reach)
            ImageDraw.Draw(picture).ellipse(box, outline=theme.mark, width=width)

    def _paint_crossed(
        self, picture: Image.Image, layout: _Layout, at: np.ndarray, ink: tuple[int, int, int]
    ) -> None:
        """A crossed circle: an electrode was here."""
        radius = 1.2 * layout.disc_px
        layout.stamp(picture, at, at, radius, ink, hollow=True)
        for across in (np.array([0.6, 0.6]), np.array([0.6, -0.6])):
            layout.stamp(picture, at - radius * across, at + radius * across, 0.1 * radius, ink)

    def _paint_segments(self, picture: Image.Image, layout: _Layout, colours: list[list[int]]) -> None:
        """Bipolar channels: a line from anode to cathode."""
        ends, radius, line = layout.pixels(self.ends), layout.disc_px, layout.theme.line
        for anode, cathode in ends:
            layout.stamp(picture, anode, cathode, 0.55 * radius, line)
        for (anode, cathode), colour in zip(ends, colours, strict=True):
            layout.stamp(picture, anode, cathode, 0.42 * radius, tuple(colour))
        for at in ends.reshape(-1, 2):
            layout.stamp(picture, at, at, 0.6 * radius, line)


class _Layout:
    """Where things are in a picture of one size, and what stays the same from frame to frame."""

    def __init__(self, of: Topography, shown: HeadField, size: tuple[int, int], look: Look) -> None:
        width, height = size
        self.size, self.theme, scale = size, THEMES[look.theme], look.scale
        self.letters_px = round(np.clip(min(width, height) / 44, 11 * scale, 28 * scale))
        self.title_px, self.caption_px = round(self.letters_px * 1.7), round(self.letters_px * 0.85)
        head = round(self.title_px * 1.9) if look.lettering else self.letters_px
        foot = (
            caption_height(shown.caption, width, self.caption_px) + self.letters_px if look.lettering else 0
        )
        bar = colour_bar_width(self.letters_px)
        room = (width - bar - 3 * self.letters_px, height - head - foot - self.letters_px)
        # Ears and nose, and electrodes below the outline, reach beyond the circle.
        reach = max(1.16, float(np.abs(of.flat).max()) + 0.05)
        self.radius_px = max(min(room[0] / (2 * reach), room[1] / (2 * reach)), 8.0)
        self.centre = (self.letters_px + room[0] / 2, head + room[1] / 2 + 0.03 * self.radius_px)
        spacing = self.radius_px * 1.9 / np.sqrt(len(of.montage))
        self.disc_px = float(np.clip(0.16 * spacing, 2.2, 0.055 * self.radius_px))
        half = self.radius_px * 0.8
        left = round(width - bar - self.letters_px)
        self.bar_box = (left, round(self.centre[1] - half), left + bar, round(self.centre[1] + half))
        self.caption = shown.caption if look.lettering else ""
        scale_of = (shown.limits, shown.colour_map, shown.ticks, shown.bar_label)
        self.key = (size, look.theme, look.lettering, look.scale, self.caption, scale_of)

    def pixels(self, flat: np.ndarray) -> np.ndarray:
        """Flat positions (…, 2) to pixels."""
        return np.array(self.centre) + np.array([self.radius_px, -self.radius_px]) * flat

    def prepare(self, shown: HeadField) -> None:
        """Draw what every frame shares: head, colour bar and caption."""
        side = 2 * round(_GRID_EDGE * self.radius_px)
        self.corner = (round(self.centre[0] - side / 2), round(self.centre[1] - side / 2))
        x, y = (np.arange(side) + 0.5 + np.subtract(self.corner, self.centre)[:, None]).astype(np.float32)
        inwards_px = self.radius_px - np.hypot(x, y[:, None])
        line_px = max(self.radius_px * 0.012, 1.0)
        self.base = Image.new("RGB", self.size, self.theme.background)
        draw_caption(self.base, self.caption, self.caption_px, self.theme)
        draw_colour_bar(self.base, self.bar_box, shown, self.letters_px, self.theme)
        for curve in (_NOSE, _EAR * [-1, 1], _EAR):
            self.base.paste(self.theme.line, *stroke(self.pixels(curve), line_px / 2))
        # A disc of the outline's colour, into which skin or field is laid: its rim is the outline.
        self.base.paste(self.theme.line, self.corner, edge_mask(inwards_px + line_px / 2))
        self.inside = edge_mask(inwards_px - line_px / 2)
        self._visibility: np.ndarray | None = None
        self._stamps: dict[tuple[float, ...], tuple[tuple[int, int, int, int], Image.Image]] = {}
        self._names: Image.Image | None = None

    def names(self, of: Topography) -> Image.Image:
        """The electrodes' names, transparent around them."""
        if self._names is None:
            self._names = draw_names(
                self.size,
                of.montage.labels,
                self.pixels(of.flat),
                self.disc_px * 1.75,
                round(self.letters_px * 0.85),
            )
        return self._names

    def enlarged(self, coarse: np.ndarray) -> Image.Image:
        """A grid over the head to its pixels."""
        grid = np.ascontiguousarray(coarse, dtype=np.float32).reshape(_GRID, _GRID)
        return Image.fromarray(grid).resize(self.inside.size, Image.Resampling.BICUBIC)

    def faded(self, visibility: np.ndarray) -> Image.Image:
        """Mask of what lies too far from electrodes to be shown."""
        if self._visibility is not visibility:
            shown = np.clip(np.asarray(self.enlarged(visibility)), 0.0, 1.0)
            self._visibility, self._faded = visibility, Image.fromarray((255 * (1 - shown)).astype(np.uint8))
        return self._faded

    def stamp(
        self,
        picture: Image.Image,
        start: np.ndarray,
        end: np.ndarray,
        radius: float,
        colour: tuple[int, ...],
        *,
        hollow: bool = False,
    ) -> None:
        """A disc, a circle, or a line with round ends, with smooth edges; its mask is kept for the next."""
        key = (*start, *end, radius, hollow)
        if key not in self._stamps:
            thickness = max(0.28 * radius, 1.2) if hollow else np.inf
            self._stamps[key] = stroke(np.array([start, end]), radius, thickness)
        box, mask = self._stamps[key]
        picture.paste(colour, box, mask)


_NOSE = np.array([[-0.11, 0.992], [0.0, 1.115], [0.11, 0.992]])
_EAR_ANGLE = np.linspace(np.pi / 2, -np.pi / 2, 31)
_EAR = np.column_stack(
    [0.985 + 0.1 * np.cos(_EAR_ANGLE) * (1 + 0.2 * np.sin(_EAR_ANGLE)), 0.19 * np.sin(_EAR_ANGLE) - 0.01]
)
"""Outline of the right ear."""
