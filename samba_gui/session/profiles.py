"""Ways of reading: what a profession is used to, set in one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from samba_gui.core.derivations import AS_RECORDED, LONGITUDINAL
from samba_gui.session.display import Display


@dataclass(frozen=True)
class Profile:
    """One way of reading.

    Parameters
    ----------
    id, title : str
    words : str
        What it sets.
    changes : mapping
        Fields of the display.
    page_s : float
    fits : bool
        Whether the sensitivity is fitted to the page instead of being given.
    """

    id: str
    title: str
    words: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    page_s: float = 10.0
    fits: bool = False

    def on(self, display: Display) -> Display:
        """The display with what the profile sets; the rest stays."""
        return replace(display, **self.changes)


_COMMON = {"low_cut_hz": 1.0, "high_cut_hz": 70.0, "notch_hz": 0.0, "own_uv": (), "zoom": 1.0, "level": True}

PROFILES = (
    Profile(
        "research",
        "Research",
        "positive up, as recorded, 1–70 Hz, 10 s a page, sensitivity fitted to the page",
        {**_COMMON, "positive_up": True, "derivation": AS_RECORDED},
        fits=True,
    ),
    Profile(
        "clinical",
        "Clinical",
        "negative up, 7 µV/mm, longitudinal bipolar, 1–70 Hz, 10 s a page",
        {**_COMMON, "positive_up": False, "derivation": LONGITUDINAL, "sensitivity_uv": 7.0},
    ),
)


def profile_of(display: Display, page_s: float) -> str:
    """Id of the profile that is in use, or empty where something was set otherwise."""
    return next(
        (row.id for row in PROFILES if row.on(display) == display and row.page_s == page_s),
        "",
    )
