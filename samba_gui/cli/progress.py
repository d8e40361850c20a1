"""How far a verb is: a line on a terminal, or lines for the window that started it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from samba_gui.core.progress import REPORT_VARIABLE, Tell


@contextmanager
def progress(name: str) -> Iterator[Tell]:
    """Where to tell the progress of writing ``name``; silent where stderr is neither."""
    if os.environ.get(REPORT_VARIABLE):
        yield lambda done, total: tell_window("progress", [done, total])
    elif sys.stderr.isatty():
        try:
            yield lambda done, total: print(
                f"\r\033[K{name}: {done} of {total}", end="", file=sys.stderr, flush=True
            )
        finally:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
    else:
        yield lambda done, total: None


def tell_window(kind: str, what: object) -> None:
    """One line of JSON on stderr."""
    print(json.dumps({kind: what}), file=sys.stderr, flush=True)
