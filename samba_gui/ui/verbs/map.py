"""Map: the projection of the analysis' windows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from samba_gui.engine.tsne import available
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.resolve_map import NO_TSNE

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class MapVerbs:
    """Verbs of View ▸ Map."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session
        self._window = window

    def show(self) -> None:
        """Bring the map to the front and give it the keyboard."""
        self._window.show_panel("map")
        self._window.map.plot.setFocus()

    def tsne(self) -> None:
        """Compute t-SNE and show it."""
        wiring = self._window.wiring
        self._window.show_panel("map")
        wiring.map_view = replace(wiring.map_view, projection="tsne")
        self._window.refresh_soon()
        if available():
            self._session.window_map.compute_tsne()
        else:
            self._context.errors.post(Notice(Level.WARNING, NO_TSNE))

    def unmark(self) -> None:
        """Pick nothing out any more."""
        self._session.select(self._session.selection.with_marked(()))
