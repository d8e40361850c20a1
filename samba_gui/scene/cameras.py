"""Where a head is looked at from: a turntable that never tilts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

FOCUS_M = np.array([0.0, 0.012, 0.018])
DISTANCE_M = 1.2
HALF_SIZE_M = 0.132
_LOWEST_DEG, _HIGHEST_DEG = -45.0, 90.0
_LEAST_ZOOM, _MOST_ZOOM = 0.5, 5.0


@dataclass(frozen=True, slots=True)
class Camera:
    """A view of the head.

    Parameters
    ----------
    azimuth_deg : float
        0 from the front, 90 from the subject's left, -90 from the right.
    elevation_deg : float
        0 level, 90 from above.
    zoom : float
    """

    azimuth_deg: float
    elevation_deg: float
    zoom: float = 1.0

    def turned(self, azimuth_deg: float, elevation_deg: float) -> Camera:
        """Move around the head; not below the chin, not over the top."""
        elevation = float(np.clip(self.elevation_deg + elevation_deg, _LOWEST_DEG, _HIGHEST_DEG))
        azimuth = (self.azimuth_deg + azimuth_deg + 180.0) % 360.0 - 180.0
        return replace(self, azimuth_deg=azimuth, elevation_deg=elevation)

    def zoomed(self, factor: float) -> Camera:
        """Come nearer (factor > 1) or go away."""
        return replace(self, zoom=float(np.clip(self.zoom * factor, _LEAST_ZOOM, _MOST_ZOOM)))

    def place(self) -> tuple[np.ndarray, np.ndarray]:
        """Position in metres (3,) and the direction that is up (3,)."""
        azimuth, elevation = np.radians([self.azimuth_deg, self.elevation_deg])
        level = np.array([-np.sin(azimuth), np.cos(azimuth), 0.0])
        up = np.array([0.0, 0.0, 1.0])
        towards = np.cos(elevation) * level + np.sin(elevation) * up
        return FOCUS_M + DISTANCE_M * towards, np.cos(elevation) * up - np.sin(elevation) * level


CAMERAS = {
    "left": Camera(90.0, 8.0),
    "right": Camera(-90.0, 8.0),
    "top": Camera(180.0, 90.0),
    "front": Camera(0.0, 12.0),
    "back": Camera(180.0, 15.0),
    "three-quarter": Camera(48.0, 28.0),
}
