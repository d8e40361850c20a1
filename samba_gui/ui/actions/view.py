"""The View menu."""

from __future__ import annotations

from samba_gui.core.derivations import DERIVATIONS
from samba_gui.session.display import HIGH_CUTS_HZ, LOW_CUTS_HZ, NOTCHES_HZ, STEPS_UV
from samba_gui.session.selection import PAGE_LENGTHS_S
from samba_gui.ui.actions.conditions import has_recording
from samba_gui.ui.actions.rows import ActionRow, ChoiceRow
from samba_gui.ui.context import Context
from samba_gui.ui.language import tr
from samba_gui.ui.timeline.metrics import METRICS

ACTIONS = (
    ActionRow(
        "view.flip_polarity",
        "Negative &up",
        "View",
        "Draw negative upwards, as clinical readers expect",
        ("I",),
        has_recording,
        lambda c: not c.session.display.positive_up,
    ),
    ActionRow(
        "view.overlay",
        "&Reconstruction over the traces",
        "View",
        "Lay the model's reconstruction over the traces",
        ("R",),
        has_recording,
        lambda c: c.session.display.overlay,
        line=True,
    ),
    ActionRow(
        "view.residual",
        "Resi&dual instead",
        "View",
        "Original minus reconstruction in the masked spans, in place of the reconstruction",
        ("D",),
        lambda s: has_recording(s) and s.display.overlay,
        lambda c: c.session.display.residual,
    ),
    ActionRow(
        "view.mask_pass",
        "Second &mask",
        "View",
        "Shade what the second pass of the mask pair hid instead of the first",
        ("M",),
        has_recording,
        lambda c: c.session.display.mask_pass == 1,
    ),
    ActionRow(
        "view.filter_response",
        "Display &filter response…",
        "View",
        "What the display filters let through, as a curve",
        (),
        has_recording,
        line=True,
    ),
    ActionRow(
        "traces.calibrate",
        "&Calibrate screen…",
        "View",
        "Measure a mm on this screen with a bank card or a ruler, so that µV/mm and mm/s are true",
    ),
    ActionRow("view.reset_layout", "Reset pa&nels", "View/Panels", "Put all panels back in their places"),
)


def _hz(context: Context, value: float) -> str:
    return f"{value:g} Hz" if value else tr("Off")


def _seconds(context: Context, value: float) -> str:
    return f"{value:g} s" if value < 300 else f"{value / 60:g} min"


CHOICES = (
    ChoiceRow(
        "view.page_length",
        "View/Page length",
        "Time base of the traces",
        PAGE_LENGTHS_S,
        _seconds,
        lambda c: c.session.selection.page_s,
    ),
    ChoiceRow(
        "view.sensitivity",
        "View/Sensitivity",
        "µV per mm",
        STEPS_UV,
        lambda c, value: f"{value:g} µV/mm",
        lambda c: c.session.display.sensitivity_uv,
    ),
    ChoiceRow(
        "view.low_cut",
        "View/Low-frequency filter",
        "Removes what is slower; display only",
        LOW_CUTS_HZ,
        _hz,
        lambda c: c.session.display.low_cut_hz,
    ),
    ChoiceRow(
        "view.high_cut",
        "View/High-frequency filter",
        "Removes what is faster; display only",
        HIGH_CUTS_HZ,
        _hz,
        lambda c: c.session.display.high_cut_hz,
    ),
    ChoiceRow(
        "view.notch",
        "View/Notch filter",
        "Removes the mains; display only",
        NOTCHES_HZ,
        _hz,
        lambda c: c.session.display.notch_hz,
    ),
    ChoiceRow(
        "view.derivation",
        "View/Derivation",
        "How channels are combined for display",
        DERIVATIONS,
        lambda c, value: tr(value.name[0].upper() + value.name[1:]),
        lambda c: c.session.display.derivation,
        ("F3", "F4", "F6", "F7", "F8"),
        more=lambda c: c.derivations.all,
    ),
    ChoiceRow(
        "view.quality",
        "View/Reconstruction quality",
        "Figure in the quality strip",
        tuple(METRICS),
        lambda c, key: tr(METRICS[key].title),
        lambda c: c.session.display.quality,
    ),
    ChoiceRow(
        "view.theme",
        "View/Theme",
        "Colours of the window",
        ("system", "light", "dark"),
        lambda c, value: tr({"system": "As the system"}.get(value, value.capitalize())),
        lambda c: c.settings.get("theme"),
    ),
)
