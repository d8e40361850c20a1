"""What the View menu says of the traces: profiles, scales, and how a trace is drawn."""

from __future__ import annotations

from samba_gui.core.arrangement import Order
from samba_gui.core.recording import ChannelKind
from samba_gui.session.display import ROWS_AT_A_TIME, STEPS_UV
from samba_gui.session.profiles import PROFILES, profile_of
from samba_gui.session.session import Session
from samba_gui.ui.actions.conditions import has_recording
from samba_gui.ui.actions.key_sets import KEY_SETS, TITLES
from samba_gui.ui.actions.rows import ActionRow, ChoiceRow
from samba_gui.ui.language import tr

PAPER_SPEEDS_MM_S = (15.0, 20.0, 30.0, 60.0)


def _unfiltered(session: Session) -> bool:
    return has_recording(session) and not session.display.low_cut_hz


ACTIONS = (
    ActionRow(
        "view.larger",
        "&Larger traces",
        "View/Sensitivity",
        "Fewer µV per mm",
        ("+", "="),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.smaller",
        "&Smaller traces",
        "View/Sensitivity",
        "More µV per mm",
        ("-",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.fit",
        "&Fit to the page",
        "View/Sensitivity",
        "Choose the sensitivity by this page's EEG, as when a recording is opened",
        ("F",),
        has_recording,
    ),
    ActionRow(
        "traces.others_larger",
        "&Other channels larger",
        "View/Sensitivity",
        "Channels that are not EEG one step larger; from then on they keep sensitivities of their own",
        ("Ctrl++", "Ctrl+="),
        has_recording,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "traces.others_smaller",
        "Other channels s&maller",
        "View/Sensitivity",
        "Channels that are not EEG one step smaller",
        ("Ctrl+-",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "traces.longer_page",
        "&Longer page",
        "View/Page length",
        "More seconds on a page",
        ("Ctrl+Right",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "traces.shorter_page",
        "&Shorter page",
        "View/Page length",
        "Fewer seconds on a page",
        ("Ctrl+Left",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "traces.load_derivations",
        "&Load…",
        "View/Derivation",
        "Derivations of one's own from a table with the columns derivation, group, row, plus, minus",
    ),
    ActionRow(
        "traces.butterfly",
        "&Butterfly",
        "View",
        "All traces of a group on one baseline, coloured from the front of the head to its back",
        ("Shift+B",),
        has_recording,
        lambda c: c.session.display.butterfly,
        line=True,
    ),
    ActionRow(
        "traces.hide_channel",
        "&Hide selected channel",
        "View/Channels",
        "Do not show the selected channel; the model still reads it",
        ("H",),
        lambda s: has_recording(s) and bool(s.selection.electrode),
    ),
    ActionRow(
        "traces.show_all",
        "&Show all channels",
        "View/Channels",
        "Take hidden channels back on the page",
        ("Shift+H",),
        lambda s: has_recording(s) and bool(s.display.arrangement.hidden),
    ),
    ActionRow(
        "traces.more_rows",
        "&More rows at a time",
        "View/Channels",
        "Lower rows, so that more are seen at once",
        ("Ctrl+PgUp",),
        has_recording,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "traces.fewer_rows",
        "&Fewer rows at a time",
        "View/Channels",
        "Higher rows, so that fewer are seen at once",
        ("Ctrl+PgDown",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "traces.rows_down",
        "Scroll &down",
        "View/Channels",
        "Show rows further down, where not all can be seen",
        ("Ctrl+Down",),
        has_recording,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "traces.rows_up",
        "Scroll &up",
        "View/Channels",
        "Show rows further up",
        ("Ctrl+Up",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "traces.clip",
        "&Keep traces to their rows",
        "View",
        "Cut each trace off at the edges of its row; otherwise three rows away from its line",
        ("S",),
        has_recording,
        lambda c: c.session.display.clipped,
    ),
    ActionRow(
        "traces.level",
        "Remove &offset (DC)",
        "View",
        "Take the page's median from each channel; a low-frequency filter does so already",
        ("Shift+D",),
        _unfiltered,
        lambda c: c.session.display.level or bool(c.session.display.low_cut_hz),
    ),
)


def _own(kind: ChannelKind, title: str) -> ChoiceRow:
    return ChoiceRow(
        f"traces.{kind.value}_sensitivity",
        f"View/Sensitivity/{title}",
        f"µV per mm of {title} channels",
        (0.0, *STEPS_UV),
        lambda c, value: f"{value:g} µV/mm" if value else tr("Follows the EEG"),
        lambda c: dict(c.session.display.own_uv).get(kind, 0.0),
    )


CHOICES = (
    ChoiceRow(
        "traces.profile",
        "View/Profile",
        "Polarity, sensitivity, filters, derivation and page length as a profession is used to",
        tuple(profile.id for profile in PROFILES),
        lambda c, value: next(f"{tr(row.title)}: {tr(row.words)}" for row in PROFILES if row.id == value),
        lambda c: profile_of(c.session.display, c.session.selection.page_s),
        ("Alt+1", "Alt+2"),
    ),
    ChoiceRow(
        "traces.keys",
        "View/Keys",
        "Keys for those who come from another program; Help ▸ Keys shows them",
        tuple(KEY_SETS),
        lambda c, value: tr(TITLES[value]),
        lambda c: c.settings.get("keys"),
    ),
    ChoiceRow(
        "traces.paper_speed",
        "View/Page length",
        "As many seconds a page as make this many mm a second on the screen",
        PAPER_SPEEDS_MM_S,
        lambda c, value: f"{value:g} mm/s",
        None,
        enabled=has_recording,
    ),
    ChoiceRow(
        "traces.order",
        "View/Channels/Order",
        "What the channels are sorted by; a gap parts the groups. Bipolar derivations keep their chains",
        tuple(Order),
        lambda c, value: tr(value[0].upper() + value[1:]),
        lambda c: c.session.display.arrangement.order,
        enabled=has_recording,
    ),
    ChoiceRow(
        "traces.rows",
        "View/Channels/Rows at a time",
        "How many rows are seen at once; the rest is scrolled to",
        ROWS_AT_A_TIME,
        lambda c, value: tr("{n} rows").format(n=value) if value else tr("All that are legible"),
        lambda c: c.session.display.rows,
    ),
    _own(ChannelKind.EOG, "EOG"),
    _own(ChannelKind.ECG, "ECG"),
    _own(ChannelKind.EMG, "EMG"),
)
