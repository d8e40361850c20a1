"""Which bundle is in use: the one that the user chose last, or the one that belongs to the open recording."""

from __future__ import annotations

from pathlib import Path

from psygnal import Signal

from samba_gui.core.words import Text
from samba_gui.session.background import Background
from samba_gui.session.bundle import Bundle, load_bundle
from samba_gui.session.notices import Notice


class BundleChoice:
    """Reads bundles; a later wish drops the answers to earlier ones.

    Signals
    -------
    settled(bool)
        A bundle was read, or could not be; whether another one is in use now.

    Parameters
    ----------
    reads : Background

    Attributes
    ----------
    bundle : Bundle or None
        In use.
    chosen : Bundle or None
        What the next recording begins with: the program began with it, or the user asked for it last.
    awaited : bool
        Whether one is being read.
    """

    settled = Signal(bool)
    noticed = Signal(Notice)

    def __init__(self, reads: Background) -> None:
        self._reads = reads
        self._number = 0
        self._insisted = False
        self._borrowed = False
        self._awaits_chosen = False
        self.bundle: Bundle | None = None
        self.chosen: Bundle | None = None
        self.awaited = False

    @property
    def stays(self) -> bool:
        """Whether it stays whatever bundle a recording was left with."""
        return self._insisted or self._borrowed

    def choose(self, directory: Path, *, insist: bool) -> None:
        """Read a bundle for this recording and all that follow."""
        self._insisted |= insist
        self._borrowed = False
        self._read(directory, chosen=True)

    def restore(self, directory: Path) -> None:
        """Read the bundle that the open recording was left with."""
        self._read(directory, chosen=False)

    def borrow(self, bundle: Bundle) -> None:
        """Use a bundle that has been read already, for the open recording alone."""
        self._borrowed = True
        self._use(bundle)

    def give_back(self) -> None:
        """Use what was chosen again, since another recording is open."""
        self._borrowed = False
        is_coming = self.awaited and self._awaits_chosen
        if self.chosen is not None and not is_coming and (self.awaited or self.bundle is not self.chosen):
            self._use(self.chosen)

    def _read(self, directory: Path, chosen: bool) -> None:
        self.awaited, self._awaits_chosen = True, chosen
        self._number += 1
        number = self._number

        def read(bundle: Bundle) -> None:
            if chosen:
                self.chosen = bundle
            self._answer(number, bundle)

        def failed(notice: Notice) -> None:
            self.noticed.emit(notice)
            self._answer(number, None)

        self._reads.run(Text("Reading the model bundle"), lambda: load_bundle(directory), read, failed)

    def _use(self, bundle: Bundle) -> None:
        self._number += 1  # one that is still being read is no longer wanted
        self._answer(self._number, bundle)

    def _answer(self, number: int, bundle: Bundle | None) -> None:
        if number == self._number:
            self.awaited = False
            if bundle is not None:
                self.bundle = bundle
            self.settled.emit(bundle is not None)
