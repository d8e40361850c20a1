"""How a head is shown, whatever its values."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Look:
    """Choices that 2-D and 3-D share.

    Parameters
    ----------
    theme : {"light", "dark"}
    surface : bool
        Whether interpolated colours are drawn.
    names : bool
        Whether electrodes are named, as far as the names do not touch.
    selected : str
        Channel that is marked.
    lettering : bool
        Whether title and caption are written on the picture.
    scale : float
        Device pixels per logical pixel: thicker lines and larger letters on dense screens.
    """

    theme: str = "light"
    surface: bool = True
    names: bool = False
    selected: str = ""
    lettering: bool = False
    scale: float = 1.0

    def at_scale(self, scale: float) -> Look:
        """The same on another screen."""
        return replace(self, scale=scale)
