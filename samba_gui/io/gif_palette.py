"""One palette for all frames of an animation, chosen where the eye sees steps.

Distances are taken in Oklab, where equal distances look equally large (B. Ottosson, "A perceptual color
space for image processing", 2020). The colours are refined by the method of Y. Linde, A. Buzo, R. M. Gray,
"An algorithm for vector quantizer design", IEEE Trans. Commun. 28, 84-95 (1980), and those that serve least
are moved to where the error is largest. Nothing is dithered: equal colours stay equal, from pixel to pixel
and from frame to frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

MOST_COLOURS = 255
NO_COLOUR = 255
_EXACT = 8
_SAMPLED_PIXELS = 250_000
_ROUNDS = 8
_SETTLING_ROUNDS = 3
_MOVED = 16
_BAND = 64
_PLACES = np.array([1, 1 << 8, 1 << 16], dtype=np.int32)
_SEEDING_POWER, _WEIGHT_POWER = 0.3, 0.5

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """sRGB colours (n, 3) of 0 … 255 in Oklab."""
    share = np.asarray(rgb, dtype=np.float64) / 255.0
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_LAB.T


class CommonPalette:
    """255 colours for all frames of an animation together.

    Parameters
    ----------
    frames : sequence of ndarray (height, width, 3) uint8

    Attributes
    ----------
    colours : ndarray (255, 3) uint8
        The commonest colours of the frames, background and lettering, are exactly in it.
    """

    def __init__(self, frames: Sequence[np.ndarray]) -> None:
        from scipy.spatial import cKDTree  # slow to import, and only animations need it

        step = max(1, sum(frame[..., 0].size for frame in frames) // _SAMPLED_PIXELS)
        seen = np.concatenate([frame.reshape(-1, 3)[::step] for frame in frames]).astype(np.int32) @ _PLACES
        codes, counts = np.unique(seen, return_counts=True)
        self.colours = _chosen(codes, counts)
        self._tree = cKDTree(oklab(self.colours))
        self._table = np.full(1 << 24, NO_COLOUR, dtype=np.uint8)
        self._look_up(codes)

    def indices_of(self, frame: np.ndarray) -> np.ndarray:
        """Indices (height, width) uint8 of the colours nearest to a frame's; threads may share a palette.

        Few of the 16.8 million colours occur in drawings: the nearest is looked for once for each that does.
        """
        indices = np.empty(frame.shape[:2], dtype=np.uint8)
        for top in range(0, len(frame), _BAND):  # a whole frame of codes would not fit the cache
            codes = codes_of(frame[top : top + _BAND])
            band = self._table.take(codes)
            rare = band == NO_COLOUR
            if rare.any():
                self._look_up(np.unique(codes[rare]))
                band[rare] = self._table[codes[rare]]
            indices[top : top + _BAND] = band
        return indices

    def _look_up(self, codes: np.ndarray) -> None:
        self._table[codes] = self._tree.query(oklab(colours_of(codes)))[1]


def _chosen(codes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The palette (255, 3) for colours that occur so often."""
    if len(codes) <= MOST_COLOURS:
        return _filled_up(colours_of(codes))
    exact = colours_of(codes[np.argsort(-counts)[:_EXACT]])
    # how many shades there are matters more than how often each occurs
    often = np.repeat(codes, np.ceil(counts**_SEEDING_POWER).astype(int))
    seeds = Image.fromarray(colours_of(often)[None]).quantize(
        MOST_COLOURS - _EXACT, method=Image.Quantize.MEDIANCUT
    )
    listed = np.array(seeds.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    palette = _filled_up(np.concatenate([exact, listed]))
    return _refined(palette, colours_of(codes), counts**_WEIGHT_POWER)


def _refined(palette: np.ndarray, colours: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Move all but the exact colours to where they serve the given ones best."""
    from scipy.spatial import cKDTree

    points, centres = oklab(colours), oklab(palette)
    for left in range(_ROUNDS, 0, -1):
        distance, nearest = cKDTree(centres).query(points)
        centres[_EXACT:] = _means(points, nearest, weights, centres)[_EXACT:]
        if left > _SETTLING_ROUNDS:
            share = weights * distance**2
            error = np.bincount(nearest, share, len(centres))
            poor = _EXACT + np.argsort(error[_EXACT:])[:_MOVED]
            for idle, crowded in zip(poor, np.argsort(-error)[:_MOVED], strict=True):
                members = np.flatnonzero(nearest == crowded)
                centres[idle] = points[members[np.argmax(share[members])]]
    _, nearest = cKDTree(centres).query(points)
    refined = _means(colours.astype(np.float64), nearest, weights, palette).round().astype(np.uint8)
    refined[:_EXACT] = palette[:_EXACT]
    return refined


def _means(points: np.ndarray, groups: np.ndarray, weights: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Weighted mean (255, 3) of each group; what is given where a group is empty."""
    total = np.bincount(groups, weights, MOST_COLOURS)
    sums = [np.bincount(groups, weights * points[:, axis], MOST_COLOURS) for axis in range(3)]
    means = np.stack(sums, axis=1) / np.maximum(total, 1e-12)[:, None]
    return np.where(total[:, None] > 0, means, otherwise)


def _filled_up(palette: np.ndarray) -> np.ndarray:
    missing = np.repeat(palette[:1], max(MOST_COLOURS - len(palette), 0), axis=0)
    return np.concatenate([palette[:MOST_COLOURS], missing])


def colours_of(codes: np.ndarray) -> np.ndarray:
    """Colours (n, 3) uint8 of 24-bit codes (n,)."""
    return np.stack([codes & 255, codes >> 8 & 255, codes >> 16], axis=-1).astype(np.uint8)


def codes_of(frame: np.ndarray) -> np.ndarray:
    """24-bit codes (height, width) of a picture's colours: red + 256 green + 65536 blue."""
    codes = np.zeros(frame.shape[:2], dtype="<u4")
    parts = codes.view(np.uint8).reshape(*codes.shape, 4)
    for channel in range(3):
        parts[..., channel] = frame[..., channel]
    return codes
