"""Go: to the next place worth looking at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samba_gui.core.words import Text
from samba_gui.session.jumps import annotation_onsets, class_changes, marked_windows, step_from, worst_windows
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context
from samba_gui.ui.timeline.metrics import METRICS

if TYPE_CHECKING:
    from samba_gui.ui.main_window import MainWindow


class GoVerbs:
    """Verbs of View ▸ Go to that look for something; after the last comes the first."""

    def __init__(self, context: Context, window: MainWindow) -> None:
        self._context = context
        self._session = context.session

    def next_worst(self) -> None:
        """The next window among the worst tenth, by the figure that is shown."""
        self._step(self._worst(), 1, Text("No window is analysed yet."))

    def previous_worst(self) -> None:
        """The one before."""
        self._step(self._worst(), -1, Text("No window is analysed yet."))

    def next_change(self) -> None:
        """Where the likeliest class changes next."""
        self._step(self._changes(), 1, Text("The likeliest class never changes."))

    def previous_change(self) -> None:
        """Where it changed before."""
        self._step(self._changes(), -1, Text("The likeliest class never changes."))

    def next_annotation(self) -> None:
        """The next annotation."""
        self._step_annotation(1)

    def previous_annotation(self) -> None:
        """The annotation before."""
        self._step_annotation(-1)

    def next_marked(self) -> None:
        """The next marked window."""
        self._step(self._marked(), 1, Text("No analysed window is marked."))

    def previous_marked(self) -> None:
        """The marked window before."""
        self._step(self._marked(), -1, Text("No analysed window is marked."))

    def _marked(self) -> np.ndarray:
        store = self._session.analysis.store
        return np.empty(0) if store is None else marked_windows(store, self._session.selection)

    def _worst(self) -> np.ndarray:
        store, metric = self._session.analysis.store, METRICS[self._session.display.quality]
        return np.empty(0) if store is None else worst_windows(store, metric.figure, metric.low_is_bad)

    def _changes(self) -> np.ndarray:
        store = self._session.analysis.store
        return np.empty(0) if store is None else class_changes(store)

    def _step_annotation(self, step: int) -> None:
        annotations = self._session.document.annotations if self._session.document else ()
        self._step(annotation_onsets(annotations), step, Text("There are no annotations."))
        here = [note for note in annotations if note.onset_s == self._session.selection.cursor_s]
        if here:
            self._session.pick_annotation(here[0])

    def _step(self, times_s: np.ndarray, step: int, none: Text) -> None:
        time_s = step_from(times_s, self._session.selection.cursor_s, step)
        if time_s is None:
            self._context.errors.post(Notice(Level.INFO, none))
        else:
            self._session.seek(time_s)
