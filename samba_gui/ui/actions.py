"""Everything the user can do, as tables; the window loops over them.

``id`` is ``<group>.<verb>``: the verb is a method of that group's class in :mod:`samba_gui.ui.verbs`.
A new action is one row here and one method there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from samba_gui.engine.derivations import Derivation
from samba_gui.session.analysis import Phase
from samba_gui.session.display import HIGH_CUTS_HZ, LOW_CUTS_HZ, NOTCHES_HZ, SENSITIVITIES_UV
from samba_gui.session.selection import PAGE_LENGTHS_S
from samba_gui.session.session import Session
from samba_gui.ui.context import Context
from samba_gui.ui.timeline_metrics import METRICS

MENUS = ("File", "Edit", "View", "Analysis", "Help")


def _always(session: Session) -> bool:
    return True


def _has_recording(session: Session) -> bool:
    return session.document is not None


def _has_bundle(session: Session) -> bool:
    return session.bundle is not None


def _can_analyse(session: Session) -> bool:
    document = session.document
    return document is not None and document.match is not None and session.bundle is not None


def _has_annotation(session: Session) -> bool:
    return session.selection.annotation is not None


def _has_annotations(session: Session) -> bool:
    return session.document is not None and bool(session.document.annotations)


def _has_windows(session: Session) -> bool:
    return session.analysis.store is not None


def _has_results(session: Session) -> bool:
    return session.analysis.phase == Phase.DONE


@dataclass(frozen=True)
class ActionRow:
    """One action.

    Parameters
    ----------
    id : str
        ``"file.open"``.
    text : str
        With ``&`` before the mnemonic and … where a dialog follows.
    menu : str
        ``"File"``, or with a submenu ``"View/Traces"``.
    tip : str
        One sentence for the status tip and the list of keys.
    keys : tuple of str
    enabled : callable
        Asked whenever the session changes.
    checked : callable, optional
        For actions that are on or off.
    line : bool
        Whether a line stands before it.
    repeats : bool
        Whether holding the key down repeats it.
    """

    id: str
    text: str
    menu: str
    tip: str
    keys: tuple[str, ...] = ()
    enabled: Callable[[Session], bool] = _always
    checked: Callable[[Context], bool] | None = None
    line: bool = False
    repeats: bool = False


@dataclass(frozen=True)
class ChoiceRow:
    """A submenu of values; the verb is called with the chosen one.

    Parameters
    ----------
    id, menu, tip : str
        ``menu`` is the submenu's path: ``"View/Low-frequency filter"``.
    values : tuple
    label : callable
        A value in words.
    current : callable, optional
        The value now; without it the entries do something instead of being on or off.
    keys : tuple of str
        One per value, or none at all.
    enabled : callable
        Asked whenever the session changes.
    """

    id: str
    menu: str
    tip: str
    values: tuple
    label: Callable[[Context, Any], str]
    current: Callable[[Context], object] | None
    keys: tuple[str, ...] = ()
    enabled: Callable[[Session], bool] = _always


ACTIONS = (
    ActionRow("file.open", "&Open…", "File", "Open a recording", ("Ctrl+O",)),
    ActionRow("file.open_example", "Open &example", "File", "Open the simulated recording", ("Ctrl+E",)),
    ActionRow(
        "file.save_results",
        "&Save results as…",
        "File",
        "Copy the results of the analysis (HDF5)",
        ("Ctrl+S",),
        _has_results,
        line=True,
    ),
    ActionRow(
        "file.export_gif",
        "Export &GIF of SAIE weights…",
        "File",
        "The learned electrode weights over training epochs as an animation",
        ("Ctrl+G",),
        _has_bundle,
    ),
    ActionRow(
        "file.export_head",
        "Export &head picture…",
        "File",
        "The head as it is shown (PNG)",
        ("Ctrl+H",),
        _has_bundle,
    ),
    ActionRow(
        "file.export_window",
        "Export &window picture…",
        "File",
        "The whole window (PNG)",
        ("Ctrl+P",),
        _has_recording,
    ),
    ActionRow("file.quit", "&Quit", "File", "Close the window", ("Ctrl+Q",), line=True),
    ActionRow("edit.undo", "&Undo", "Edit", "Take the last change back", ("Ctrl+Z",)),
    ActionRow("edit.redo", "&Redo", "Edit", "Do it again", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow(
        "edit.toggle_bad",
        "Mark selected channel &bad",
        "Edit",
        "Leave the selected channel out of the model's input, or take it back in",
        ("B",),
        lambda s: _has_recording(s) and bool(s.selection.electrode),
        line=True,
    ),
    ActionRow(
        "edit.find_channel",
        "&Find channel",
        "Edit",
        "Search the channel list by name, electrode, kind or note",
        ("Ctrl+F",),
        _has_recording,
    ),
    ActionRow(
        "edit.next_electrode",
        "Select &next electrode",
        "Edit",
        "Highlight the next electrode in all panels",
        ("Down",),
        _can_analyse,
        repeats=True,
    ),
    ActionRow(
        "edit.previous_electrode",
        "Select &previous electrode",
        "Edit",
        "Highlight the previous electrode in all panels",
        ("Up",),
        _can_analyse,
        repeats=True,
    ),
    ActionRow(
        "annotations.add",
        "&Add…",
        "Edit/Annotations",
        "Mark the moment at the cursor, or the span that is being measured",
        ("A",),
        _has_recording,
    ),
    ActionRow(
        "annotations.rename",
        "&Rename…",
        "Edit/Annotations",
        "Give the selected annotation another description",
        ("F2",),
        _has_annotation,
    ),
    ActionRow(
        "annotations.delete",
        "&Delete",
        "Edit/Annotations",
        "Delete the selected annotation",
        ("Del",),
        _has_annotation,
    ),
    ActionRow(
        "annotations.load",
        "&Load…",
        "Edit/Annotations",
        "Add annotations from CSV or BIDS events.tsv",
        (),
        _has_recording,
        line=True,
    ),
    ActionRow(
        "annotations.save",
        "&Save…",
        "Edit/Annotations",
        "Write the annotations as CSV or BIDS events.tsv; asks what may leave",
        (),
        _has_annotations,
    ),
    ActionRow(
        "annotations.keys",
        "Choose &keys…",
        "Edit/Annotations",
        "The descriptions behind the keys 1 to 9",
        (),
        _always,
        line=True,
    ),
    ActionRow(
        "view.next_page", "&Next page", "View/Go to", "A page on", ("PgDown",), _has_recording, repeats=True
    ),
    ActionRow(
        "view.previous_page",
        "&Previous page",
        "View/Go to",
        "A page back",
        ("PgUp",),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.forward",
        "&Forward",
        "View/Go to",
        "A tenth of a page on",
        ("Right",),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.back", "&Back", "View/Go to", "A tenth of a page back", ("Left",), _has_recording, repeats=True
    ),
    ActionRow("view.first", "&Start", "View/Go to", "The recording's start", ("Home",), _has_recording),
    ActionRow("view.last", "&End", "View/Go to", "The recording's end", ("End",), _has_recording),
    ActionRow(
        "go.next_worst",
        "Next bad &window",
        "View/Go to",
        "The next window among the worst tenth by the figure that is shown; after the last, the first",
        ("N",),
        _has_windows,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "go.previous_worst",
        "Previo&us bad window",
        "View/Go to",
        "The window before among the worst tenth",
        ("P",),
        _has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.next_change",
        "Next class &change",
        "View/Go to",
        "Where the likeliest class of any head changes next",
        ("Shift+N",),
        _has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.previous_change",
        "Previous c&lass change",
        "View/Go to",
        "Where the likeliest class of any head changed before",
        ("Shift+P",),
        _has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.next_annotation",
        "Next &annotation",
        "View/Go to",
        "The next annotation",
        (".",),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "go.previous_annotation",
        "Previous ann&otation",
        "View/Go to",
        "The annotation before",
        (",",),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.larger",
        "&Larger traces",
        "View/Sensitivity",
        "Fewer µV per division",
        ("+", "="),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.smaller",
        "&Smaller traces",
        "View/Sensitivity",
        "More µV per division",
        ("-",),
        _has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.fit",
        "&Fit to the page",
        "View/Sensitivity",
        "Choose the sensitivity by this page's EEG, as when a recording is opened",
        ("F",),
        _has_recording,
    ),
    ActionRow(
        "view.flip_polarity",
        "Negative &up",
        "View",
        "Draw negative upwards, as clinical readers expect",
        ("I",),
        _has_recording,
        lambda c: not c.session.display.positive_up,
        line=True,
    ),
    ActionRow(
        "view.overlay",
        "&Reconstruction over the traces",
        "View",
        "Lay the model's reconstruction over the traces",
        ("R",),
        _has_recording,
        lambda c: c.session.display.overlay,
    ),
    ActionRow(
        "view.residual",
        "Resi&dual instead",
        "View",
        "Original minus reconstruction in the masked spans, in place of the reconstruction",
        ("D",),
        lambda s: _has_recording(s) and s.display.overlay,
        lambda c: c.session.display.residual,
    ),
    ActionRow(
        "view.mask_pass",
        "Second &mask",
        "View",
        "Shade what the second pass of the mask pair hid instead of the first",
        ("M",),
        _has_recording,
        lambda c: c.session.display.mask_pass == 1,
    ),
    ActionRow(
        "view.filter_response",
        "Display &filter response…",
        "View",
        "What the display filters let through, as a curve",
        (),
        _has_recording,
    ),
    ActionRow("view.reset_layout", "Reset pa&nels", "View", "Put all panels back in their places", line=True),
    ActionRow(
        "analysis.run",
        "&Run again",
        "Analysis",
        "Analyse the recording anew, or go on with a cancelled analysis",
        ("F5",),
        _can_analyse,
    ),
    ActionRow(
        "analysis.cancel",
        "&Cancel",
        "Analysis",
        "End the running analysis; what is done stays",
        ("Esc",),
        lambda s: s.analysis.busy,
    ),
    ActionRow(
        "analysis.load_montage",
        "Load &montage file…",
        "Analysis",
        "Use electrode positions from a file",
        ("Ctrl+M",),
        _has_recording,
        line=True,
    ),
    ActionRow(
        "analysis.compare_montages",
        "Com&pare montages…",
        "Analysis",
        "Two to four montages, or the same without some electrodes, side by side on this recording",
        (),
        _can_analyse,
    ),
    ActionRow("analysis.load_bundle", "Open model &bundle…", "Analysis", "Use another model", ("Ctrl+B",)),
    ActionRow(
        "analysis.default_bundle",
        "Use the bundle &that ships",
        "Analysis",
        "Go back to the model that comes with the program",
    ),
    ActionRow("analysis.options", "&Settings…", "Analysis", "Mask pairs, seed and device", ("Ctrl+,",)),
    ActionRow(
        "help.sample_data",
        "Sample &data from PhysioNet…",
        "Help",
        "Fetch a real recording; asks before it uses the network",
    ),
    ActionRow(
        "help.copy_as_command",
        "&Copy as command…",
        "Help",
        "The command line and the Python lines that compute what is on screen",
        ("Ctrl+Shift+C",),
        lambda s: s.analysis.job is not None,
    ),
    ActionRow(
        "help.commands",
        "&Find a command…",
        "Help",
        "All actions in one list, found by typing",
        ("Ctrl+Shift+P",),
    ),
    ActionRow("help.keys", "&Keys", "Help", "All keys in one list, and what the mouse does", ("F1", "?")),
    ActionRow("help.show_log", "Show &log file", "Help", "Where unexpected errors are written down"),
    ActionRow("help.about", "&About", "Help", "Version, licence, and what this program is not", line=True),
)


def _hz(context: Context, value: float) -> str:
    return f"{value:g} Hz" if value else "Off"


def _seconds(context: Context, value: float) -> str:
    return f"{value:g} s" if value < 300 else f"{value / 60:g} min"


CHOICES = (
    ChoiceRow(
        "annotations.with_key",
        "Edit/Annotations/Add with a key",
        "Mark the moment at the cursor, or the span that is being measured, with this description",
        tuple(range(1, 10)),
        lambda c, number: c.settings.get("annotations/descriptions")[number - 1] or "—",
        None,
        tuple("123456789"),
        _has_recording,
    ),
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
        "µV per division",
        SENSITIVITIES_UV,
        lambda c, value: f"{value:g} µV",
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
        tuple(derivation.value for derivation in Derivation),
        lambda c, value: value[0].upper() + value[1:],
        lambda c: c.session.display.derivation,
    ),
    ChoiceRow(
        "view.quality",
        "View/Reconstruction quality",
        "Figure in the quality strip",
        tuple(METRICS),
        lambda c, key: METRICS[key].title,
        lambda c: c.session.display.quality,
    ),
    ChoiceRow(
        "view.theme",
        "View/Theme",
        "Colours of the window",
        ("system", "light", "dark"),
        lambda c, value: {"system": "As the system"}.get(value, value.capitalize()),
        lambda c: c.settings.get("theme"),
    ),
)
