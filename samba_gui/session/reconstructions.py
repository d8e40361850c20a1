"""Reconstructions of the windows on the page, asked for when needed and kept a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from psygnal import Signal

from samba_gui.core.jobs import AnalyseJob, Cancelled, Done, Failed, JobEvent, Reconstructed, ReconstructJob
from samba_gui.core.results import Reconstruction
from samba_gui.session.analysis import Worker
from samba_gui.session.notices import Level, Notice

Key = tuple[str, int, int]
"""Recipe key, mask pair, window."""


class Reconstructions:
    """A cache of the least recently used kind, filled by the worker.

    Parameters
    ----------
    worker : Worker
    limit : int
        Windows kept; one of 64 channels × 10 s at 256 Hz takes 1.3 MB.
    """

    changed = Signal()
    noticed = Signal(Notice)

    def __init__(self, worker: Worker, limit: int = 48) -> None:
        self._worker = worker
        self._limit = limit
        self._kept: OrderedDict[Key, Reconstruction] = OrderedDict()
        self._number: int | None = None
        self._asked: tuple[Key, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether windows have been asked for and not answered."""
        return self._number is not None

    def clear(self) -> None:
        """Forget all windows and what was asked for."""
        self._drop_question()
        self._kept.clear()
        self.changed.emit()

    def ask(self, job: AnalyseJob, windows: Iterable[int], pair: int = 0) -> None:
        """See to it that these windows will be there; an earlier question is dropped."""
        wanted = tuple((job.recipe.key, pair, window) for window in windows)
        missing = tuple(key for key in wanted if key not in self._kept)
        if missing == self._asked and self.busy:
            return
        self._drop_question()
        if missing and len(wanted) <= self._limit:
            self._asked = missing
            self._number = self._worker.submit(
                ReconstructJob(
                    job.info, job.recipe, job.bundle_dir, tuple(key[2] for key in missing), pair, job.device
                )
            )

    def get(self, recipe_key: str, windows: Iterable[int], pair: int = 0) -> tuple[Reconstruction, ...]:
        """Those of the windows that are there."""
        found = []
        for window in windows:
            key = (recipe_key, pair, window)
            if key in self._kept:
                self._kept.move_to_end(key)
                found.append(self._kept[key])
        return tuple(found)

    def take(self, event: JobEvent) -> None:
        """Handle one answer of the worker."""
        if self._number is None or event.job != self._number:
            return
        match event:
            case Reconstructed(windows=windows):
                recipe_key = self._asked[0][0]
                for window in windows:
                    self._kept[recipe_key, window.pair, window.window] = window
                while len(self._kept) > self._limit:
                    self._kept.popitem(last=False)
                self.changed.emit()
            case Failed(message=message, hint=hint, traceback=detail):
                self._forget_question()
                self.noticed.emit(Notice(Level.WARNING, message, hint, detail))
            case Done() | Cancelled():
                self._forget_question()

    def _drop_question(self) -> None:
        if self._number is not None:
            self._worker.cancel(self._number)
            self._forget_question()

    def _forget_question(self) -> None:
        self._number, self._asked = None, ()
