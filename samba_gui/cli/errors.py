"""Errors in one line on stderr: file, what is wrong, what to do."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from samba_gui.cli.progress import tell_window
from samba_gui.core.errors import SambaError
from samba_gui.core.progress import REPORT_VARIABLE
from samba_gui.core.words import Text

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
    happened, hint = in_words(error)
    if os.environ.get(REPORT_VARIABLE):
        tell_window("error", [happened.as_plain(), hint.as_plain()])
        return 1
    # messages name the file, as a window needs it; here it stands before them
    message = happened.removeprefix(Path(subject).name).lstrip(" :")
    print(" ".join(f"{subject}: {message} {hint}".split()), file=sys.stderr, flush=True)
    return 1


def in_words(error: BaseException) -> tuple[Text, Text]:
    """What happened and what to do about it, of any exception."""
    if isinstance(error, SambaError):
        return error.message, error.hint
    if isinstance(error, KeyboardInterrupt):
        return Text("interrupted."), Text("The same command goes on from the last stored window.")
    if isinstance(error, MemoryError):
        return Text("memory ran out."), Text("Close other programs or use a shorter recording.")
    what = f"{type(error).__name__}: {error}".rstrip(". ")
    hint = Text("Set {variable}=1 for the details and report them.", variable=DEBUG_VARIABLE)
    return Text("unexpected {what}.", what=what), hint
