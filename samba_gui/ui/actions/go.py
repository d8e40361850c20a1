"""The menu View ▸ Go to."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import has_marks, has_recording, has_windows
from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
    ActionRow(
        "view.next_page", "&Next page", "View/Go to", "A page on", ("PgDown",), has_recording, repeats=True
    ),
    ActionRow(
        "view.previous_page",
        "&Previous page",
        "View/Go to",
        "A page back",
        ("PgUp",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.forward",
        "&Forward",
        "View/Go to",
        "A tenth of a page on",
        ("Right",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "view.back", "&Back", "View/Go to", "A tenth of a page back", ("Left",), has_recording, repeats=True
    ),
    ActionRow("view.first", "&Start", "View/Go to", "The recording's start", ("Home",), has_recording),
    ActionRow("view.last", "&End", "View/Go to", "The recording's end", ("End",), has_recording),
    ActionRow(
        "go.next_worst",
        "Next bad &window",
        "View/Go to",
        "The next window among the worst tenth by the figure that is shown; after the last, the first",
        ("N",),
        has_windows,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "go.previous_worst",
        "Previo&us bad window",
        "View/Go to",
        "The window before among the worst tenth",
        ("P",),
        has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.next_change",
        "Next class &change",
        "View/Go to",
        "Where the likeliest class of any head changes next",
        ("Shift+N",),
        has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.previous_change",
        "Previous c&lass change",
        "View/Go to",
        "Where the likeliest class of any head changed before",
        ("Shift+P",),
        has_windows,
        repeats=True,
    ),
    ActionRow(
        "go.next_annotation",
        "Next &annotation",
        "View/Go to",
        "The next annotation",
        (".",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "go.previous_annotation",
        "Previous ann&otation",
        "View/Go to",
        "The annotation before",
        (",",),
        has_recording,
        repeats=True,
    ),
    ActionRow(
        "go.next_marked",
        "Next &marked window",
        "View/Go to",
        "The next window that is marked on the map or in the timeline",
        ("]",),
        has_marks,
        line=True,
        repeats=True,
    ),
    ActionRow(
        "go.previous_marked",
        "Previous mar&ked window",
        "View/Go to",
        "The marked window before",
        ("[",),
        has_marks,
        repeats=True,
    ),
)
