"""The GIF in a process of its own: OpenGL belongs to the window's thread, and frames take seconds."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from samba_gui.core.errors import ExportError
from samba_gui.core.montage import Montage


def write_gif(path: str, bundle_dir: str, montage: Montage, view: str) -> None:
    """Write the SAIE weights over epochs; blocks, so a thread calls it.

    Raises
    ------
    SambaError
        It cannot be drawn or written.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        try:
            pool.submit(_write, path, bundle_dir, montage, view).result()
        except BrokenProcessPool:
            raise ExportError(
                "Drawing the GIF crashed; no file was written.", "Try the two-dimensional view."
            ) from None


def _write(path: str, bundle_dir: str, montage: Montage, view: str) -> None:
    from samba_gui.scene.gif import make_saie_gif

    make_saie_gif(path, bundle_dir, montage, view)
