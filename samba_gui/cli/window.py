"""``samba-gui [FILES]``: the window."""

from __future__ import annotations

import argparse
from pathlib import Path

from samba_gui.core.errors import RecordingError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Recordings to open, and the bundle."""
    parser.add_argument("files", nargs="*", metavar="FILES", help="recordings to open")
    parser.add_argument("--bundle", type=Path, metavar="B", help="a folder; else the one in the settings")


def run(options: argparse.Namespace) -> int:
    """Open the window; it returns when it is closed."""
    if _missing(options.files):
        raise RecordingError("there is no such file, nor such a verb.", "See samba-gui --help.")
    from samba_gui.ui.app import run_window

    return run_window(options.files, options.bundle)


def subject(options: argparse.Namespace) -> str:
    """The first file that is not there, or the program."""
    return next(iter(_missing(options.files)), "samba-gui")


def _missing(files: list[str]) -> list[str]:
    return [file for file in files if not Path(file).exists()]
