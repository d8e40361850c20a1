"""The identity of a recording: SHA-256 over all its files."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from samba_gui.core.errors import RecordingError
from samba_gui.io.formats import choose_format, recording_path


def recording_sha256(path: str | Path) -> str:
    """Hash a recording.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    str
        For a single file what ``sha256sum`` prints. For a recording of several files, the SHA-256 of lines
        ``<role> <sha256 of the file>``, where the role is the extension, so that renaming changes nothing.

    Raises
    ------
    RecordingError
        A file cannot be read.
    """
    main = recording_path(Path(path).absolute())
    try:
        files = recording_files(main)
        if len(files) == 1 and main.is_file():
            return _file_sha256(main)
        folder = main if main.is_dir() else None
        lines = [
            f"{file.relative_to(folder).as_posix() if folder else file.suffix.lower()} {_file_sha256(file)}"
            for file in files
        ]
    except OSError as error:
        raise RecordingError(
            "{name} cannot be read: {why}.", "Check the disk.", name=main.name, why=error.strerror
        ) from error
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def recording_files(main: Path) -> list[Path]:
    """The header file and all that belongs to it, or everything in a folder."""
    row, _ = choose_format(main)
    if main.is_dir():
        return sorted(file for file in main.rglob("*") if file.is_file())
    files = {main} | {beside for one in row.companions if (beside := main.with_suffix(one)).is_file()}
    if row.name == "BrainVision":  # its header may name files with another stem
        named = re.findall(r"^(?:Data|Marker)File=(.+)$", main.read_text("latin-1"), re.MULTILINE)
        for name in named:
            beside = main.with_name(name.strip().replace("$b", main.stem))
            if beside.is_file():
                files.add(beside)
    return sorted(files)


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
