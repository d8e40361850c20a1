"""Where the bands of the timelines lie, in pixels from the top."""

from __future__ import annotations

from dataclasses import dataclass

EDGE_PX = 5
GAP_PX = 7
NOTES_PX = 13
SMALLEST_PX = 14


@dataclass(frozen=True, slots=True)
class Band:
    """One band."""

    top: float
    height: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    def holds(self, y: float) -> bool:
        """Whether a height lies in it."""
        return self.top <= y < self.bottom

    def y_of(self, share: float) -> float:
        """Height of a share (0 = lower edge, 1 = upper edge), kept inside."""
        return self.bottom - min(max(share, 0.0), 1.0) * self.height


@dataclass(frozen=True, slots=True)
class Bands:
    """All bands from top to bottom: overview, median curve, strip, one per head, annotations."""

    overview: Band
    curve: Band
    strip: Band
    heads: tuple[Band, ...]
    notes: Band


def lay_out_bands(height_px: float, n_heads: int) -> Bands:
    """Share the height out."""
    free = height_px - NOTES_PX - 2 * EDGE_PX - GAP_PX * (3 + n_heads)
    parts = [1.0, 1.0, 2.2] + [1.5] * n_heads
    heights = [max(free * part / sum(parts), SMALLEST_PX) for part in parts] + [NOTES_PX]
    bands, top = [], float(EDGE_PX)
    for index, height in enumerate(heights):
        bands.append(Band(round(top), round(height)))
        top += height + (2 if index == 1 else GAP_PX)  # the curve belongs to the strip below it
    return Bands(bands[0], bands[1], bands[2], tuple(bands[3:-1]), bands[-1])
