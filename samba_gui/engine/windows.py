"""Cut a recording into analysis windows."""

from __future__ import annotations

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import RecipeError
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.windows import Window, WindowPlan

MIN_WINDOW_S = 1.0  # shorter stretches hold no gap worth reconstructing
BIN_S = 1.0


def plan_windows(info: RecordingInfo, config: BundleConfig) -> WindowPlan:
    """Windows of ``config.window_s`` that touch without overlap and never straddle a gap.

    What is left at a segment's end becomes a shorter window if it lasts a second or more.

    Raises
    ------
    RecipeError
        No stretch of a second or more.
    """
    rate = config.preprocessing.rate_hz
    full, least = config.window_samples, round(MIN_WINDOW_S * rate)
    windows: list[Window] = []
    skipped = 0
    for index, segment in enumerate(info.segments):
        total = samples_at(segment.n, info.rate_hz, rate)
        for start in range(0, total, full):
            n = min(full, total - start)
            if n < least:
                skipped += n
            else:
                windows.append(Window(len(windows), index, start, n, segment.onset_s + start / rate))
    if not windows:
        raise RecipeError(
            "No stretch of {least_s:g} s or more without a gap.",
            "Record or export a longer piece.",
            least_s=MIN_WINDOW_S,
        )
    return WindowPlan(tuple(windows), rate, full, round(BIN_S * rate), skipped / rate)


def samples_at(n: int, rate_hz: float, new_rate_hz: float) -> int:
    """How many samples at a new rate lie within ``n`` samples."""
    return int(n * new_rate_hz / rate_hz + 1e-9)
