"""The Help menu."""

from __future__ import annotations

from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
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
