"""A time axis that shows the time of day and the seconds from the first sample."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from samba_gui.ui.language import tr
from samba_gui.ui.theme import Theme

STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
LABEL_WIDTH_PX = 74
DAY_S = 86400.0


def nice_step(span_s: float, width_px: float) -> float:
    """Seconds between labels so that they do not touch."""
    wanted = span_s * LABEL_WIDTH_PX / max(width_px, 1.0)
    return next((step for step in STEPS_S if step >= wanted), 14400.0)


def in_seconds(time_s: float, decimals: int = 0) -> str:
    """Seconds from the first sample: ``"12.5 s"``."""
    return f"{time_s:.{decimals}f} s"


def on_clock(time_s: float, clock_start_s: float, decimals: int = 0) -> str:
    """Time of day: ``"10:02:07.5"``."""
    scale = 10**decimals
    ticks = round((clock_start_s + time_s) % DAY_S * scale) % round(DAY_S * scale)
    whole, fraction = divmod(ticks, scale)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{fraction:0{decimals}d}" if decimals else text


def in_hours(seconds: float) -> str:
    """A length, rounded to minutes: ``"24 h"``, ``"1 h 5 min"``, ``"3 min"``, ``"under a minute"``."""
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [tr("{} h").format(hours)] * (hours > 0) + [tr("{} min").format(minutes)] * (minutes > 0)
    return " ".join(parts) or tr("under a minute")


class TimeAxis(pg.AxisItem):
    """Bottom axis in seconds, with the time of day above them where it is known."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.clock_start_s: float | None = None
        self.setStyle(tickLength=4, tickTextOffset=3, autoReduceTextSpace=False)
        self.enableAutoSIPrefix(False)
        self.setHeight(20)
        self.setGrid(255)

    def set_clock(self, clock_start_s: float | None) -> None:
        """Give the time of day of the first sample, or None."""
        if clock_start_s != self.clock_start_s:
            self.clock_start_s = clock_start_s
            self.setHeight(20 if clock_start_s is None else 32)
            self.picture = None
            self.update()

    def set_theme(self, theme: Theme, grid: str) -> None:
        """Colours of the axis, its text, and the lines through the plot."""
        self.setPen(pg.mkPen(theme.edge))
        self.setTickPen(pg.mkPen(grid))
        self.setTextPen(pg.mkPen(theme.dim))

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        return [(nice_step(maxVal - minVal, size), 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[Any]:
        decimals = 0 if spacing >= 1 else 1 if spacing >= 0.1 else 2
        if self.clock_start_s is None:
            return [in_seconds(value, decimals) for value in values]
        return [
            f"{on_clock(value, self.clock_start_s, decimals)}\n{in_seconds(value, decimals)}"
            for value in values
        ]
