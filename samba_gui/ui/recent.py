"""Recently opened files: paths in the settings, nothing of what is in them; can be cleared and turned off."""

from __future__ import annotations

from pathlib import Path

from samba_gui.session.states import States
from samba_gui.ui.settings import Settings

LIMIT = 10


class RecentFiles:
    """The list behind File ▸ Open recent, and whether anything is remembered of what was open.

    Parameters
    ----------
    settings : Settings
    states : States
        Forgotten with the list, and not kept while files are not remembered.
    """

    def __init__(self, settings: Settings, states: States) -> None:
        self._settings = settings
        self._states = states
        states.remember = self.remember

    @property
    def remember(self) -> bool:
        """Whether files are remembered at all."""
        return self._settings.get("recent/remember")

    @remember.setter
    def remember(self, remember: bool) -> None:
        self._settings.set("recent/remember", remember)
        self._states.remember = remember
        if not remember:
            self.clear()

    def paths(self) -> tuple[str, ...]:
        """Newest first; files that are gone are left out."""
        return tuple(path for path in self._settings.get("recent/files") if Path(path).exists())

    def add(self, path: str) -> None:
        """Put a file on top."""
        if self.remember:
            others = [other for other in self._settings.get("recent/files") if other != path]
            self._settings.set("recent/files", (path, *others)[:LIMIT])

    def clear(self) -> None:
        """Forget all."""
        self._settings.set("recent/files", ())
        self._states.forget()
