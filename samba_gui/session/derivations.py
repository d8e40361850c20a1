"""The user's own derivations: read from a folder, and added to it."""

from __future__ import annotations

from pathlib import Path

from psygnal import Signal

from samba_gui.core.derivations import Derivation
from samba_gui.core.errors import SambaError
from samba_gui.io.derivation_files import read_derivations
from samba_gui.io.whole_files import make_folder, write_whole

MOST_FILES = 50


class OwnDerivations:
    """What the user's files say.

    Parameters
    ----------
    folder : Path
        Each ``*.csv`` and ``*.tsv`` in it is read.

    Attributes
    ----------
    all : tuple of Derivation
        One of each name; the last file wins.
    problems : tuple of SambaError
        Files that could not be read.
    """

    changed = Signal()

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.all: tuple[Derivation, ...] = ()
        self.problems: tuple[SambaError, ...] = ()
        found = sorted(path for path in folder.glob("*.[ct]sv") if path.is_file()) if folder.is_dir() else []
        for path in found[:MOST_FILES]:
            try:
                self._take(read_derivations(path))
            except SambaError as error:
                self.problems += (error,)

    def keep(self, path: Path) -> tuple[Derivation, ...]:
        """Read a file and copy it into the folder, for the next time.

        Parameters
        ----------
        path : Path

        Returns
        -------
        tuple of Derivation
            What is in it.

        Raises
        ------
        DerivationError, ExportError
            It is no such file, or cannot be kept.
        """
        found = read_derivations(path)
        kept = self._folder / (path.name if path.suffix in (".csv", ".tsv") else f"{path.stem}.csv")
        if not kept.exists() or not kept.samefile(path):
            content = path.read_bytes()
            make_folder(self._folder)
            write_whole(kept, lambda file: file.write(content))
        return found

    def add(self, found: tuple[Derivation, ...]) -> None:
        """Offer more derivations."""
        self._take(found)
        self.changed.emit()

    def _take(self, found: tuple[Derivation, ...]) -> None:
        names = {derivation.name for derivation in found}
        self.all = (*(known for known in self.all if known.name not in names), *found)
