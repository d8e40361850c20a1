"""Prepares what a head needs beside the window's thread: scalp, matrices, null band."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot

from samba_gui.core.montage import Montage
from samba_gui.scene.lobes import regions
from samba_gui.scene.saie_field import null_of
from samba_gui.scene.topography import Topography
from samba_gui.ui.head.state import NullKey


@dataclass(frozen=True, eq=False)
class Prepared:
    """A montage ready to be drawn: ``head`` is a HeadGeometry, or a Topography where 2-D is shown."""

    montage: Montage
    head: Any
    regions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class NullBand:
    """What untrained networks of a bundle's kind give (networks, n)."""

    key: NullKey
    values: np.ndarray


class HeadLoader(QObject):
    """One thread of work for one head panel; answers come back in the window's thread.

    Signals
    -------
    prepared(Prepared)
    null_known(NullBand)
    cortex_read(Cortex)
    failed(BaseException)
    """

    prepared = Signal(object)
    null_known = Signal(object)
    cortex_read = Signal(object)
    failed = Signal(object)
    _finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pool: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether answers are on their way."""
        return self._waiting > 0

    def prepare(self, montage: Montage, flat: bool) -> None:
        """Ask for a montage, in 2-D or as far as the machine can draw it in 3-D."""
        self._submit(_prepare, montage, flat)

    def find_null(self, key: NullKey) -> None:
        """Ask for a null band."""
        self._submit(_null, key)

    def find_cortex(self) -> None:
        """Ask for the template cortex; it must be available."""
        self._submit(_cortex)

    def close(self) -> None:
        """Wait for the work at hand and end the thread; a later request starts another."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _submit(self, function: Any, *arguments: Any) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "head")
        self._waiting += 1
        self._pool.submit(function, *arguments).add_done_callback(self._finished.emit)

    @Slot(object)
    def _on_finished(self, future: Future[Any]) -> None:
        self._waiting -= 1
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            self.failed.emit(error)
        elif isinstance(answer := future.result(), Prepared):
            self.prepared.emit(answer)
        elif isinstance(answer, NullBand):
            self.null_known.emit(answer)
        else:
            self.cortex_read.emit(answer)


def _prepare(montage: Montage, flat: bool) -> Prepared:
    if flat:
        return Prepared(montage, Topography(montage), regions(montage))
    # Imported here: VTK takes a fifth of a second that the window's first picture should not wait for.
    import samba_gui.scene.head_scene  # noqa: F401  (so that the window's thread finds it imported)
    from samba_gui.scene.head_geometry import prepare_head
    from samba_gui.scene.opengl import opengl_works

    with ThreadPoolExecutor(1, "opengl") as aside:  # the child that tries OpenGL runs meanwhile
        works = aside.submit(opengl_works)
        head: Any = prepare_head(montage)
    return Prepared(montage, head if works.result() else Topography(montage), regions(montage))


def _null(key: NullKey) -> NullBand:
    return NullBand(key, null_of(*key))


def _cortex() -> Any:
    from samba_gui.scene.cortex import load_cortex

    return load_cortex()
