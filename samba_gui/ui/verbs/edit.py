"""Edit: changes of the document, and the electrode they apply to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samba_gui.ui.context import Context

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class EditVerbs:
    """Verbs of the Edit menu."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._session = context.session
        self._window = window

    def undo(self) -> None:
        """Take the last change back."""
        self._session.history.undo()

    def redo(self) -> None:
        """Do it again."""
        self._session.history.redo()

    def toggle_bad(self) -> None:
        """Mark the selected channel bad, or good again."""
        document = self._session.document
        if document is None:
            return
        label = document.label_of(self._session.selection.electrode)
        if label:
            self._session.mark_bad(label, label not in document.bads)

    def find_channel(self) -> None:
        """Put the keyboard into the search box of the channel list."""
        self._window.show_panel("channels")
        self._window.channels.start_search()

    def next_electrode(self) -> None:
        """Select the next electrode."""
        self._step(1)

    def previous_electrode(self) -> None:
        """Select the previous electrode."""
        self._step(-1)

    def _step(self, by: int) -> None:
        document = self._session.document
        if document is None or document.match is None:
            return
        names = document.match.montage.labels
        now = self._session.selection.electrode
        at = (names.index(now) + by) % len(names) if now in names else (0 if by > 0 else -1)
        self._session.pick_electrode(names[at])
