"""Tables as files: CSV or TSV, with their provenance in a JSON file beside them (as in BIDS)."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from samba_gui.core.errors import ExportError
from samba_gui.io.whole_files import write_together

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
# A cell that begins so is a formula to spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(
    path: str | Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    provenance: dict[str, Any],
    **more: Any,
) -> None:
    """Write a table, and ``<stem>.json`` with its provenance and whatever else is given.

    Parameters
    ----------
    path : path-like
        Ends in ``.csv`` or ``.tsv``.
    columns : sequence of str
    rows : iterable of sequences
        Numbers, texts, None and NaN (both ``n/a``).
    provenance : dict
        Plain data, no patient fields.

    Raises
    ------
    ExportError
        Another extension, or a file cannot be written.
    """
    write_together(table_writers(path, columns, rows, provenance, **more))


def table_writers(
    path: str | Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    provenance: dict[str, Any],
    **more: Any,
) -> dict[Path, Callable[[BinaryIO], object]]:
    """What writes a table and the file beside it, for those that are written together with others."""
    path = Path(path)
    delimiter = _DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise ExportError(
            "{name}: tables end in {delimiters}.",
            "Choose one of these.",
            name=path.name,
            delimiters=" or ".join(_DELIMITERS),
        )
    table = table_bytes(columns, rows, delimiter)
    beside = json_bytes({"columns": list(columns), "provenance": provenance, **more})
    return {path: lambda file: file.write(table), path.with_suffix(".json"): lambda file: file.write(beside)}


def table_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = "\t") -> bytes:
    """A table with a header line; numbers, texts, None and NaN (both ``n/a``)."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(value) for value in row])
    return text.getvalue().encode()


def json_bytes(data: Any) -> bytes:
    """Plain data as an indented text; NaN becomes null."""
    return f"{json.dumps(plain(data), ensure_ascii=False, indent=2, allow_nan=False)}\n".encode()


def plain(data: Any) -> Any:
    """Plain data in which numbers that JSON lacks are None."""
    if isinstance(data, dict):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [plain(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return None
    return data


def _cell(value: Any) -> str:
    if value is None:
        return "n/a"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    number = float(value)
    return f"{number:.6g}" if math.isfinite(number) else "n/a"
