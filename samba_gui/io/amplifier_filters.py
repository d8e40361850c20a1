"""Filters of the amplifier, out of the free text that EDF has for them; only numbers are taken over."""

from __future__ import annotations

import re

from samba_gui.core.recording import AmplifierFilters

_STATED = re.compile(r"(HP|LP|NOTCH|RF|N)\s*[:=]?\s*(\d+(?:[.,]\d+)?)\s*(k?)Hz", re.IGNORECASE)
_MOST_HZ = 1e6


def stated_filters(text: str) -> AmplifierFilters:
    """Read ``"HP:0.1Hz LP:75Hz N:50Hz"``, as EDF+ asks for, and what is written in its place.

    Zero stands for a filter that was off or is not told; ``RF`` is a rejected frequency.
    """
    found: dict[str, float] = {}
    for kind, number, kilo in _STATED.findall(text):
        value_hz = float(number.replace(",", ".")) * (1000 if kilo else 1)
        if 0 < value_hz < _MOST_HZ:
            found[{"HP": "highpass_hz", "LP": "lowpass_hz"}.get(kind.upper(), "notch_hz")] = value_hz
    return AmplifierFilters(**found)


def filters_between(highpass_hz: float, lowpass_hz: float, rate_hz: float) -> AmplifierFilters:
    """What a reader states that gives 0 and half the rate where nothing is known."""
    return AmplifierFilters(
        float(highpass_hz) if highpass_hz > 0 else None,
        float(lowpass_hz) if 0 < lowpass_hz < rate_hz / 2 else None,
    )
