"""Names made from free text: one short line that no table, card or file name stumbles over."""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 40
_FORMULA = "=+-@"
_MARKUP = "|`<>[]*_#\\\"'$"


def plain_name(text: str, instead: str = "", length: int = NAME_LENGTH) -> str:
    """Free text as a name.

    Parameters
    ----------
    text : str
        Control and format characters go, blanks become one blank, so do marks that Markdown and HTML
        read; what a spreadsheet would take for a formula loses its first sign.
    instead : str
        The name if nothing is left.
    length : int
        What is longer ends in "…".
    """
    kept = (" " if c.isspace() or c in _MARKUP else c for c in text)
    words = "".join(c for c in kept if c == " " or not unicodedata.category(c).startswith("C")).split()
    name = " ".join(words).lstrip(_FORMULA + " ")
    if len(name) > length:
        name = name[: length - 1].rstrip() + "…"
    return name or instead


def identifier(text: str, taken: frozenset[str] = frozenset()) -> str:
    """A name for tensors and columns: small letters, digits and ``_``, unlike those that are taken."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", ascii_text).strip("_")[:NAME_LENGTH] or "own"
    base = base if base[0].isalpha() else f"head_{base}"
    names = [base, *(f"{base}_{k}" for k in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
