"""The menu View ▸ Map."""

from __future__ import annotations

from samba_gui.ui.actions.conditions import has_map, has_marks, has_recording
from samba_gui.ui.actions.rows import ActionRow

ACTIONS = (
    ActionRow(
        "map.show",
        "&Show the map",
        "View/Map",
        "Bring the map of the windows to the front, for the keyboard",
        ("W",),
        has_recording,
    ),
    ActionRow(
        "map.tsne",
        "Compute &t-SNE",
        "View/Map",
        "Place the windows by their neighbours; takes seconds to minutes",
        (),
        has_map,
    ),
    ActionRow(
        "map.unmark",
        "&Unmark all",
        "View/Map",
        "Nothing is picked out any more",
        ("Shift+W",),
        has_marks,
    ),
)
