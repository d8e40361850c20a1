"""What lies between two points of a row, in words."""

from __future__ import annotations

import numpy as np

from samba_gui.engine.pages import Page


def between(page: Page, row: int, from_s: float, to_s: float) -> str:
    """Difference in time and in value from one time to another.

    Parameters
    ----------
    page : Page
    row : int
    from_s, to_s : float

    Returns
    -------
    str
        ``"Δ +0.250 s (4.00 Hz) · Δ −12.0 µV"``; without the value where the row has none.
    """
    delta_s = to_s - from_s
    text = f"Δ {_signed(delta_s, 3)} s"
    if abs(delta_s) >= 1e-3:
        text += f" ({1 / abs(delta_s):.2f} Hz)"
    if all(0 <= time_s - page.start_s <= page.duration_s for time_s in (from_s, to_s)):
        delta = page.value_at(row, to_s) - page.value_at(row, from_s)
        if np.isfinite(delta):
            text += f" · Δ {_signed(delta, 1)} {page.rows[row].unit}"
    return text


def _signed(value: float, decimals: int) -> str:
    return f"{value:+.{decimals}f}".replace("-", "−")
