"""Keys for those who come from another program; the rows of the tables have the usual ones."""

from __future__ import annotations

from collections.abc import Mapping

from samba_gui.ui.actions.rows import ActionRow

KEY_SETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "usual": {},
    "mne": {
        "view.back": ("Left",),
        "view.forward": ("Right",),
        "view.previous_page": ("Shift+Left",),
        "view.next_page": ("Shift+Right",),
        "view.first": ("Ctrl+Home",),
        "view.last": ("Ctrl+End",),
        "traces.rows_up": ("Up",),
        "traces.rows_down": ("Down",),
        "edit.previous_electrode": ("Ctrl+Up",),
        "edit.next_electrode": ("Ctrl+Down",),
        "traces.shorter_page": ("Home",),
        "traces.longer_page": ("End",),
        "traces.more_rows": ("PgUp",),
        "traces.fewer_rows": ("PgDown",),
        "traces.butterfly": ("B",),
        "edit.toggle_bad": ("Shift+B",),
        "traces.level": ("D",),
        "view.residual": ("Shift+D",),
    },
}
"""``mne``: as in mne-qt-browser, and new places for what its keys displace."""

TITLES = {"usual": "Usual keys", "mne": "MNE keys: as in mne-qt-browser"}


def keys_of(row: ActionRow, key_set: str) -> tuple[str, ...]:
    """Keys of an action."""
    return KEY_SETS[key_set].get(row.id, row.keys)
