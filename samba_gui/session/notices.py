"""What the user should know: one kind of message for everything that goes unexpectedly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from samba_gui.core.errors import SambaError
from samba_gui.core.words import NOTHING, Text


class Level(StrEnum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """A message for the banner.

    Parameters
    ----------
    level : Level
    message : Text
        What happened, one line.
    hint : Text
        What to do about it, or empty.
    detail : str
        For the log only (a traceback), or empty.
    offer : Text
        Text of a button, or empty.
    accept : callable
        What the button does.
    """

    level: Level
    message: Text
    hint: Text = NOTHING
    detail: str = ""
    offer: Text = NOTHING
    accept: Callable[[], None] | None = field(default=None, compare=False)


def notice_of(error: BaseException, doing: Text, detail: str = "") -> Notice:
    """An error in words: typed errors speak for themselves, others say what was being done."""
    if isinstance(error, SambaError):
        return Notice(Level.ERROR, error.message, error.hint, detail)
    return Notice(
        Level.ERROR,
        Text("{doing} failed: {kind}.", doing=doing, kind=type(error).__name__),
        Text("The window goes on; Help ▸ Show log file has the details."),
        detail,
    )
