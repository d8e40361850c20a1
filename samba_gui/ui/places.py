"""Folders of this user: settings, cached results, the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths


@dataclass(frozen=True)
class UserPlaces:
    """Where this user's files lie."""

    settings_file: Path
    results_dir: Path
    drafts_dir: Path
    derivations_dir: Path
    states_dir: Path
    samples_dir: Path
    log_file: Path

    @classmethod
    def under(cls, folder: Path) -> UserPlaces:
        """Everything in one folder."""
        return cls(
            folder / "settings.ini",
            folder / "results",
            folder / "annotations",
            folder / "derivations",
            folder / "sessions",
            folder / "samples",
            folder / "samba-gui.log",
        )

    @classmethod
    def of_user(cls) -> UserPlaces:
        """The platform's usual folders."""
        kinds = QStandardPaths.StandardLocation
        return cls(
            _folder(kinds.GenericConfigLocation) / "settings.ini",
            _folder(kinds.GenericCacheLocation) / "results",
            _folder(kinds.GenericStateLocation) / "annotations",
            _folder(kinds.GenericConfigLocation) / "derivations",
            _folder(kinds.GenericStateLocation) / "sessions",
            _folder(kinds.GenericDataLocation) / "samples",
            _folder(kinds.GenericStateLocation) / "samba-gui.log",
        )

    def make(self) -> None:
        """Create the folders."""
        for folder in (self.settings_file.parent, self.results_dir, self.log_file.parent):
            folder.mkdir(parents=True, exist_ok=True)


def _folder(kind: QStandardPaths.StandardLocation) -> Path:
    return Path(QStandardPaths.writableLocation(kind)) / "samba-gui"
