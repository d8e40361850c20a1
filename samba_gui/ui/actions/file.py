"""The File menu."""

from __future__ import annotations

from samba_gui.ui.actions import export
from samba_gui.ui.actions.conditions import has_recording, has_results
from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
    ActionRow("file.open", "&Open…", "File", "Open a recording", ("Ctrl+O",)),
    ActionRow("file.open_example", "Open &example", "File", "Open the simulated recording", ("Ctrl+E",)),
    ActionRow(
        "file.open_figure",
        "Open from &figure…",
        "File",
        "Put back what a picture, film, table or page was made from: bundle, montage, view, place",
    ),
    ActionRow(
        "file.reopen_last",
        "Reopen &last",
        "File",
        "Open the recording that was open before this one, as it was left",
        ("Ctrl+Shift+O",),
    ),
    ActionRow(
        "file.open_session",
        "Open se&ssion…",
        "File",
        "Open a saved session: the recording with montage, bad channels, place, display and panels",
        line=True,
    ),
    ActionRow(
        "file.save_session",
        "Save sessio&n…",
        "File",
        "Write where you are to a small file; annotations have a file of their own",
        (),
        lambda s: has_recording(s) and bool(s.recording_sha256),
    ),
    ActionRow(
        "file.save_results",
        "Save &results as…",
        "File",
        "Copy the results of the analysis (HDF5)",
        ("Ctrl+S",),
        has_results,
        line=True,
    ),
    *export.ACTIONS,
    ActionRow("file.quit", "&Quit", "File", "Close the window", ("Ctrl+Q",), line=True),
)
