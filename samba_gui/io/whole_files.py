"""Files that are there whole or not at all: written beside their place, then moved there in one step."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from samba_gui.core.errors import ExportError
from samba_gui.core.words import Text


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
            "{name} cannot be made a folder: {why}.",
            "Choose another folder.",
            name=Path(path).name,
            why=(error.strerror or str(error)).lower(),
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
    write_together({Path(path): write})


def write_together(files: Mapping[Path, Callable[[BinaryIO], object]]) -> None:
    """Write files that belong together; none is put in place before all are complete.

    Raises
    ------
    ExportError
        As :func:`write_whole`.
    """
    partials = {path: _partial(path) for path in files}
    try:
        for path, write in files.items():
            with _told_in_words(path), open(partials[path], "xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
        for path, partial in partials.items():
            with _told_in_words(path):
                os.replace(partial, path)
    finally:
        for partial in partials.values():
            with suppress(OSError):
                partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """A folder to fill; its files come to ``path`` once the block is left without an error.

    Files that are there already stay, unless one of the same name replaces them.

    Raises
    ------
    ExportError
        As :func:`write_whole`.
    """
    path = Path(path)
    partial = path / f".{os.getpid()}.part" if path.is_dir() else _partial(path)
    try:
        with _told_in_words(path):
            partial.mkdir()
            yield partial
            if not path.is_dir():
                partial.rename(path)
                return
            for file in sorted(file for file in partial.rglob("*") if file.is_file()):
                place = path / file.relative_to(partial)
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(file, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def clear_partials(path: str | Path, pid: int) -> None:
    """Remove what a process that was killed while it wrote ``path`` has left behind."""
    path = Path(path)
    for folder in (path.parent, path):
        for left in folder.glob(f".*{pid}.part"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.part")


@contextmanager
def _told_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ExportError(
            "{name} could not be written: {why}.",
            Text("Free some disk space.") if full else Text("Choose another folder or file name."),
            name=path.name,
            why=(error.strerror or str(error)).lower(),
        ) from error
