"""How many pixels a millimetre has: measured by the user, or as the screen says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QScreen

from samba_gui.ui.settings import Settings

CARD_MM = 85.6
"""Length of a bank card (ISO/IEC 7810, ID-1)."""

SETTING = "display/screens"
PLAUSIBLE_PX_PER_MM = (1.5, 14.0)
USUAL_PX_PER_MM = 96 / 25.4
"""Of a screen that tells nothing believable of its size."""


@dataclass(frozen=True, slots=True)
class ScreenScale:
    """Qt's (device-independent) pixels per mm, and whether the user has measured them."""

    px_per_mm: float = USUAL_PX_PER_MM
    calibrated: bool = False


def screen_name(screen: QScreen) -> str:
    """Maker, model, size and scaling: what a calibration belongs to; no serial number."""
    size = screen.geometry().size()
    words = (screen.manufacturer(), screen.model(), screen.name())
    return f"{' '.join(word for word in words if word)} {size.width()}x{size.height()}".replace("=", "-")


def scale_of(screen: QScreen, settings: Settings) -> ScreenScale:
    """The scale of a screen."""
    measured = _measured(settings).get(screen_name(screen))
    return ScreenScale(measured, True) if measured else ScreenScale(_reported_px_per_mm(screen))


def keep_scale(screen: QScreen, settings: Settings, px_per_mm: float | None) -> None:
    """Remember what was measured on a screen, or forget it."""
    measured = _measured(settings)
    measured.pop(screen_name(screen), None)
    if px_per_mm is not None:
        measured[screen_name(screen)] = px_per_mm
    settings.set(SETTING, tuple(f"{name}={px:.4f}" for name, px in measured.items()))


def _reported_px_per_mm(screen: QScreen) -> float:
    width_mm = screen.physicalSize().width()
    px_per_mm = screen.geometry().width() / width_mm if width_mm > 0 else 0.0
    low, high = PLAUSIBLE_PX_PER_MM
    return px_per_mm if low <= px_per_mm <= high else USUAL_PX_PER_MM


def _measured(settings: Settings) -> dict[str, float]:
    pairs = (text.rpartition("=") for text in settings.get(SETTING))
    return {name: float(px) for name, _, px in pairs}
