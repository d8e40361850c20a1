"""Errors in one line on stderr: file, what is wrong, what to do."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from samba_gui.cli.progress import tell_window
from samba_gui.core.errors import SambaError
from samba_gui.core.progress import REPORT_VARIABLE

DEBUG_VARIABLE = "SAMBA_GUI_DEBUG"


def report(subject: str, error: BaseException) -> int:
    """Print an error, with its traceback only if the debug variable is set.

    Returns
    -------
    int
        The exit status 1.
    """
    if os.environ.get(DEBUG_VARIABLE) and not isinstance(error, KeyboardInterrupt):
        traceback.print_exception(error)
    message, hint = in_words(error)
    if os.environ.get(REPORT_VARIABLE):
        tell_window("error", [message, hint])
        return 1
    # messages name the file, as a window needs it; here it stands before them
    message = message.removeprefix(Path(subject).name).lstrip(" :")
    print(" ".join(f"{subject}: {message} {hint}".split()), file=sys.stderr, flush=True)
    return 1


def in_words(error: BaseException) -> tuple[str, str]:
    """What happened and what to do about it, of any exception."""
    if isinstance(error, SambaError):
        return error.message, error.hint
    if isinstance(error, KeyboardInterrupt):
        return "interrupted.", "The same command goes on from the last stored window."
    if isinstance(error, MemoryError):
        return "memory ran out.", "Close other programs or use a shorter recording."
    what = f"unexpected {type(error).__name__}: {error}".rstrip(". ")
    return f"{what}.", f"Set {DEBUG_VARIABLE}=1 for the details and report them."
