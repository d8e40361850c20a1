"""Files that are there whole or not at all: written beside their place, then moved there in one step."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from samba_gui.core.errors import ExportError


def make_folder(path: str | Path) -> None:
    """Make a folder where there is none.

    Raises
    ------
    ExportError
        It cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"{Path(path).name} cannot be made a folder: {(error.strerror or str(error)).lower()}.",
            "Choose another folder.",
        ) from error


def write_whole(path: str | Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file; one that is there already is replaced only once the new one is complete.

    Parameters
    ----------
    path : path-like
    write : callable
        Writes the bytes to the open file that it is given.

    Raises
    ------
    ExportError
        The folder is missing or not writable, or the disk is full; nothing is left behind.
    """
    path = Path(path)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with open(partial, "xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ExportError(
            f"{path.name} could not be written: {(error.strerror or str(error)).lower()}.",
            "Free some disk space." if full else "Choose another folder or file name.",
        ) from error
