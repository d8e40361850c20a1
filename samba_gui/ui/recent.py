"""Recently opened files: paths in the settings, nothing of what is in them; can be cleared and turned off."""

from __future__ import annotations

from pathlib import Path

from samba_gui.ui.settings import Settings

LIMIT = 10


class RecentFiles:
    """The list behind File ▸ Open recent."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def remember(self) -> bool:
        """Whether files are remembered at all."""
        return self._settings.get("recent/remember")

    @remember.setter
    def remember(self, remember: bool) -> None:
        self._settings.set("recent/remember", remember)
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
