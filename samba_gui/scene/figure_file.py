"""The file of a figure for print: its kinds, its letters, its provenance."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from samba_gui.core.errors import ExportError
from samba_gui.io.provenance import KEY, provenance_text
from samba_gui.io.whole_files import write_whole

KINDS = (".png", ".svg", ".pdf")
POINTS = 7.0
"""Height of the letters that journals ask for."""

MM_PER_INCH, MM_PER_POINT = 25.4, 25.4 / 72
_LEAST_DPI, _MOST_DPI = 72, 1200


@contextmanager
def figure_file(path: str | Path, provenance: dict[str, Any], width_mm: float, dpi: int) -> Iterator[Any]:
    """Give an empty matplotlib figure and write it at the end.

    Parameters
    ----------
    path : path-like
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    provenance : dict
        Written into the file.
    width_mm : float
        Its height is the caller's.
    dpi : int

    Raises
    ------
    ExportError
        Another extension, an impossible size, or the file cannot be written.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise ExportError(
            "{name}: figures end in {kinds}.", "Choose one of these.", name=path.name, kinds=", ".join(KINDS)
        )
    if not (30 <= width_mm <= 500 and _LEAST_DPI <= dpi <= _MOST_DPI):
        raise ExportError(
            "A figure of {width_mm:g} mm at {dpi} dpi cannot be made.",
            "Choose 30 to 500 mm and {least_dpi} to {most_dpi} dpi.",
            width_mm=width_mm,
            dpi=dpi,
            least_dpi=_LEAST_DPI,
            most_dpi=_MOST_DPI,
        )
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    text = provenance_text(provenance)
    metadata: dict[str, dict[str, Any]] = {
        ".png": {KEY: text, "Software": None},
        ".svg": {"Description": text, "Date": None, "Creator": provenance.get("program")},
        ".pdf": {"Subject": text, "CreationDate": None, "Creator": provenance.get("program")},
    }
    style: Any = {
        "font.family": "DejaVu Sans",
        "font.size": POINTS,
        "svg.fonttype": "none",
        "svg.hashsalt": "samba-gui",  # the same figure has the same bytes
        "pdf.fonttype": 42,
    }
    memory = io.BytesIO()
    with rc_context(style):
        figure = Figure(figsize=(width_mm / MM_PER_INCH, 1.0), dpi=dpi)
        yield figure
        figure.savefig(memory, format=kind[1:], dpi=dpi, metadata=metadata[kind])
    write_whole(path, lambda file: file.write(memory.getvalue()))
