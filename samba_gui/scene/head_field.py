"""What a head shows: one value per electrode, how it is coloured, and the words beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from samba_gui.core.montage import Montage
from samba_gui.core.words import NOTHING, Text, joined


class Quantity(StrEnum):
    """What is shown per electrode."""

    RELATIVE = "relative"
    TARGET = "target"
    EFFECTIVE = "effective"
    PAPER = "paper"
    WINDOW = "window"
    POTENTIAL = "potential"
    DELTA = "delta"
    THETA = "theta"
    ALPHA = "alpha"
    BETA = "beta"

    @property
    def of_signal(self) -> bool:
        """Whether it is computed from the recording's samples alone, without the model."""
        return self in (Quantity.POTENTIAL, Quantity.DELTA, Quantity.THETA, Quantity.ALPHA, Quantity.BETA)

    @property
    def of_recording(self) -> bool:
        """Whether it depends on the recording; SAIE weights do not."""
        return self is Quantity.WINDOW or self.of_signal

    @property
    def of_one_target(self) -> bool:
        """Whether it looks into the mean over target electrodes."""
        return self in (Quantity.TARGET, Quantity.EFFECTIVE)


@dataclass(frozen=True, eq=False)
class HeadField:
    """One value per channel, and how to show it.

    Parameters
    ----------
    title, caption, summary : str
    labels : tuple of str
    values : ndarray (n,) float64
        On the colour bar's scale; NaN where there is none.
    limits : tuple of 2 floats
        Ends of the colour bar.
    ticks : tuple of (position, text)
    bar_label : str
        Quantity and unit.
    range_text : str
        True range of the values.
    tips : tuple of str
        One line per channel: value and what it means.
    colour_map : {"diverging", "sequential"}
    outside : ndarray (n,) bool
        Channels that get a ring: outside the band of untrained networks.
    plain : bool
        The paper's look: small dots, a surface over the whole head.
    removed : Montage, optional
        Electrodes that are left out to see what that does: crossed circles where they were.
    target_m : ndarray (3,), optional
        Where the target electrode lies whose weights these are; a cross stands there.
    """

    title: Text
    labels: tuple[str, ...]
    values: np.ndarray
    limits: tuple[float, float]
    ticks: tuple[tuple[float, str], ...]
    bar_label: Text
    range_text: Text
    tips: tuple[Text, ...]
    caption: Text = NOTHING
    summary: Text = NOTHING
    colour_map: str = "diverging"
    outside: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    plain: bool = False
    removed: Montage | None = None
    target_m: np.ndarray | None = None

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        outside = np.array(self.outside, dtype=bool)
        outside = outside if len(outside) else np.zeros(len(values), dtype=bool)
        for name, array in (("values", values), ("outside", outside)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)


@dataclass(frozen=True, eq=False)
class WindowQuantity:
    """A quantity of one window of the recording, to be shown instead of SAIE weights.

    Parameters
    ----------
    title, unit : str
    values : ndarray (n,)
        One per channel of the montage; NaN where there is none.
    limits : tuple of 2 floats, optional
        Fixed limits; without them the range of the values.
    note : str
        What else a reader must know: how it was computed, or why there are no values.
    """

    title: str
    unit: str
    values: np.ndarray
    limits: tuple[float, float] | None = None
    note: str = ""


_DEPENDS = Text("Depends on this recording and on the window under the cursor.")
_NONE = Text("no values")


def window_field(slot: WindowQuantity, montage: Montage) -> HeadField:
    """Describe a quantity of one window; it does depend on the recording, and says so."""
    values = np.asarray(slot.values, dtype=np.float64)
    known = values[np.isfinite(values)]
    low, high = slot.limits or ((known.min(), known.max()) if len(known) else (0.0, 1.0))
    ticks = tuple((float(at), f"{at:.3g}") for at in np.linspace(low, high, 5))
    unit = f" {slot.unit}" if slot.unit else ""
    texts = tuple(
        Text("{value:.3g}{unit}", value=value, unit=unit) if np.isfinite(value) else Text("no value")
        for value in values
    )
    span = (
        Text("{low:.3g} … {high:.3g}{unit}", low=known.min(), high=known.max(), unit=unit)
        if len(known)
        else _NONE
    )
    middle = Text("median {value:.3g}{unit}", value=np.median(known), unit=unit) if len(known) else _NONE
    title = Text("{title}", title=slot.title)
    return HeadField(
        title=title,
        labels=montage.labels,
        values=values,
        limits=(float(low), float(high)),
        ticks=ticks,
        bar_label=Text("{title} ({unit})", title=slot.title, unit=slot.unit) if slot.unit else title,
        range_text=span,
        tips=texts,
        caption=joined((_DEPENDS, slot.note), " "),
        summary=middle,
        colour_map="diverging" if low < 0 < high and np.isclose(-low, high) else "sequential",
    )
