"""How far something is that takes a while."""

from __future__ import annotations

from collections.abc import Callable

REPORT_VARIABLE = "SAMBA_GUI_REPORT"
"""Set by a window that runs a verb: progress and errors then come as lines of JSON on stderr."""

Tell = Callable[[int, int], None]
"""Called with what is done and how much there is of it."""


def silent(done: int, total: int) -> None:
    """Tell nobody."""
