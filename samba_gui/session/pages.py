"""The samples on screen, read off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from samba_gui.engine.derivations import Derivation
from samba_gui.io.recordings import Recording
from samba_gui.session.background import Background
from samba_gui.session.display import Display
from samba_gui.session.document import Document
from samba_gui.session.notices import Notice
from samba_gui.session.selection import Selection

if TYPE_CHECKING:
    from samba_gui.engine.pages import Page


class Pages:
    """Keeps the page that was asked for last.

    Parameters
    ----------
    background : Background
        One thread: a recording is not read from two at once.

    Attributes
    ----------
    page : Page or None
        Of the open recording; while the next one is read, the last one stays.
    """

    changed = Signal()
    noticed = Signal(Notice)

    def __init__(self, background: Background) -> None:
        self._background = background
        self._number = 0
        self.page: Page | None = None

    def clear(self) -> None:
        """Forget the page: another recording is open."""
        self._number += 1
        self.page = None
        self.changed.emit()

    def show(self, recording: Recording, document: Document, selection: Selection, display: Display) -> None:
        """Ask for a page; earlier questions are dropped unread."""
        self._number += 1
        number = self._number

        def read() -> Page | None:
            # the user may have turned the page again meanwhile
            return _read(recording, document, selection, display) if number == self._number else None

        def arrived(page: Page | None) -> None:
            if page is not None and number == self._number:
                self.page = page
                self.changed.emit()

        self._background.run("Reading the page", read, arrived, self.noticed.emit)


def _read(recording: Recording, document: Document, selection: Selection, display: Display) -> Page:
    # scipy.signal takes 0.7 s to import: here, in the thread, it does not delay the window
    from samba_gui.engine.display import DisplayFilter
    from samba_gui.engine.pages import read_page

    return read_page(
        recording,
        selection.page_start_s,
        selection.page_s,
        DisplayFilter(display.low_cut_hz or None, display.high_cut_hz or None, display.notch_hz or None),
        Derivation(display.derivation),
        bads=document.bads,
    )
