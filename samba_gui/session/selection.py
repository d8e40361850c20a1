"""Where the user looks: one cursor, one page, one electrode, shared by all panels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from samba_gui.core.recording import Annotation

PAGE_LENGTHS_S = (5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 300.0)
TOUCHING_S = 1e-3


@dataclass(frozen=True, slots=True)
class Selection:
    """Position in a recording.

    Parameters
    ----------
    cursor_s : float
        Time cursor, seconds from the first sample.
    page_start_s, page_s : float
        The visible stretch.
    electrode : str
        Name of the highlighted electrode, or empty.
    annotation : Annotation or None
        The highlighted one.
    marked : tuple of (start_s, stop_s)
        Stretches that were picked out on the map or in the timeline, ascending and apart.
    """

    cursor_s: float = 0.0
    page_start_s: float = 0.0
    page_s: float = 10.0
    electrode: str = ""
    annotation: Annotation | None = None
    marked: tuple[tuple[float, float], ...] = ()

    @property
    def page_stop_s(self) -> float:
        """End of the visible stretch."""
        return self.page_start_s + self.page_s

    def at(self, time_s: float, duration_s: float) -> Selection:
        """The cursor at a time; the page follows by whole pages if the time is not on it."""
        time_s = min(max(time_s, 0.0), duration_s)
        if self.page_start_s <= time_s < self.page_stop_s:
            return replace(self, cursor_s=time_s)
        start_s = _clamp(self.page_s * (time_s // self.page_s), duration_s, self.page_s)
        return replace(self, cursor_s=time_s, page_start_s=start_s)

    def scrolled(self, by_s: float, duration_s: float) -> Selection:
        """The page moved by some seconds; the cursor keeps its place on the page."""
        start_s = _clamp(self.page_start_s + by_s, duration_s, self.page_s)
        cursor_s = min(self.cursor_s + start_s - self.page_start_s, duration_s)
        return replace(self, page_start_s=start_s, cursor_s=max(cursor_s, 0.0))

    def page_at(self, start_s: float, duration_s: float) -> Selection:
        """The page beginning at a time, the cursor carried along."""
        return self.scrolled(start_s - self.page_start_s, duration_s)

    def with_page_length(self, page_s: float, duration_s: float) -> Selection:
        """Another time base; the cursor keeps its place on the screen as far as the ends allow."""
        share = (self.cursor_s - self.page_start_s) / self.page_s
        start_s = _clamp(self.cursor_s - share * page_s, duration_s, page_s)
        return replace(self, page_s=page_s, page_start_s=start_s)

    def with_page_step(self, step: int, duration_s: float) -> Selection:
        """The next longer page (1) or the next shorter one (−1); the same where there is none."""
        lengths_s = [s for s in PAGE_LENGTHS_S if (s > self.page_s if step > 0 else s < self.page_s)]
        if not lengths_s:
            return self
        return self.with_page_length(lengths_s[0] if step > 0 else lengths_s[-1], duration_s)

    def with_marked(self, spans: Iterable[tuple[float, float]]) -> Selection:
        """Other stretches marked; those that touch become one."""
        joined: list[tuple[float, float]] = []
        for start_s, stop_s in sorted(spans):
            if joined and start_s <= joined[-1][1] + TOUCHING_S:
                joined[-1] = joined[-1][0], max(stop_s, joined[-1][1])
            else:
                joined.append((start_s, stop_s))
        return replace(self, marked=tuple(joined))

    def is_marked(self, times_s: np.ndarray) -> np.ndarray:
        """Which of some times lie in marked stretches, bool."""
        edges = np.array(self.marked).ravel()
        return np.searchsorted(edges, times_s, side="right") % 2 == 1


def _clamp(start_s: float, duration_s: float, page_s: float) -> float:
    return min(max(start_s, 0.0), max(duration_s - page_s, 0.0))
