"""The Edit menu."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import can_analyse, has_recording
from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
    ActionRow("edit.undo", "&Undo", "Edit", "Take the last change back", ("Ctrl+Z",)),
    ActionRow("edit.redo", "&Redo", "Edit", "Do it again", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow(
        "edit.toggle_bad",
        "Mark selected channel &bad",
        "Edit",
        "Leave the selected channel out of the model's input, or take it back in",
        ("B",),
        lambda s: has_recording(s) and bool(s.selection.electrode),
        line=True,
    ),
    ActionRow(
        "edit.find_channel",
        "&Find channel",
        "Edit",
        "Search the channel list by name, electrode, kind or note",
        ("Ctrl+F",),
        has_recording,
    ),
    ActionRow(
        "edit.next_electrode",
        "Select &next electrode",
        "Edit",
        "Highlight the next electrode in all panels",
        ("Down",),
        can_analyse,
        repeats=True,
    ),
    ActionRow(
        "edit.previous_electrode",
        "Select &previous electrode",
        "Edit",
        "Highlight the previous electrode in all panels",
        ("Up",),
        can_analyse,
        repeats=True,
    ),
)
