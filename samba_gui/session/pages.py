"""The samples on screen, read off the window's thread."""

from __future__ import annotations

from collections import OrderedDict

from psygnal import Signal

from samba_gui.core.words import Text
from samba_gui.engine.display import DisplayFilter
from samba_gui.engine.pages import Page, read_page
from samba_gui.io.recordings import Recording
from samba_gui.session.background import Background
from samba_gui.session.display import Display
from samba_gui.session.document import Document
from samba_gui.session.notices import Notice
from samba_gui.session.selection import Selection

KEPT = 5
"""Pages in memory; one of 64 channels × 10 s at 256 Hz takes 1.3 MB."""

_Key = tuple[object, ...]


class Pages:
    """Keeps the page that was asked for last, and reads the next ones ahead.

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
        self._kept: OrderedDict[_Key, Page] = OrderedDict()
        self.page: Page | None = None

    def clear(self) -> None:
        """Forget the page: another recording is open."""
        self._number += 1
        self._kept.clear()
        self.page = None
        self.changed.emit()

    def show(self, recording: Recording, document: Document, selection: Selection, display: Display) -> None:
        """Ask for a page; earlier questions are dropped unread. One that was read ahead is there at once."""
        self._number += 1
        self._get(recording, document, selection, display, ahead=False)

    def read_ahead(
        self, recording: Recording, document: Document, selection: Selection, display: Display
    ) -> None:
        """Read the pages after and before this one, when the reader has come to rest on it."""
        for step_s in (selection.page_s, -selection.page_s):
            beside = selection.scrolled(step_s, document.info.duration_s)
            self._get(recording, document, beside, display, ahead=True)

    def _get(
        self,
        recording: Recording,
        document: Document,
        selection: Selection,
        display: Display,
        *,
        ahead: bool,
    ) -> None:
        number = self._number
        # of the montage only that it is the same one matters
        key = (selection.page_start_s, selection.page_s, display.read_as, document.bads, id(document.match))

        def read() -> Page | None:
            # the user may have turned the page again meanwhile
            return _read(recording, document, selection, display) if number == self._number else None

        def arrived(page: Page | None) -> None:
            if page is None or number != self._number:
                return
            self._kept[key] = page
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            if not ahead:
                self.page = page
                self.changed.emit()

        if key not in self._kept:
            self._background.run(Text("Reading the page"), read, arrived, self.noticed.emit)
        else:
            arrived(self._kept.pop(key))


def _read(recording: Recording, document: Document, selection: Selection, display: Display) -> Page:
    return read_page(
        recording,
        selection.page_start_s,
        selection.page_s,
        DisplayFilter(display.low_cut_hz or None, display.high_cut_hz or None, display.notch_hz or None),
        display.derivation,
        display.arrangement,
        bads=document.bads,
        positions_m=document.positions_m,
        level=display.level,
    )
