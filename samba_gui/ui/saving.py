"""Small files written off the window's thread, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from samba_gui.core.words import Text
from samba_gui.session.notices import Level, Notice
from samba_gui.ui.context import Context


def save_in_background(context: Context, path: str | Path, write: Callable[[], object]) -> None:
    """Write a file and say that it is there, or why not.

    Parameters
    ----------
    context : Context
    path : path-like
        What is written.
    write : callable
        Puts it there whole or not at all.
    """
    path = Path(path)
    saved = Notice(Level.INFO, Text("Saved {name}", name=path.name), Text("in {folder}", folder=path.parent))
    context.exports.run(
        Text("Writing {name}", name=path.name),
        write,
        lambda _: context.errors.post(saved),
        context.errors.post,
    )
