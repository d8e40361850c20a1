"""Annotations as tables: CSV, and BIDS ``events.tsv``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import Annotation
from samba_gui.core.words import Text
from samba_gui.io.tables import json_bytes
from samba_gui.io.whole_files import write_together

LIMIT_BYTES = 50_000_000
NOTHING = ("", "n/a", "nan")
# Names that other programs give the three columns; the first that is there counts. BIDS: onset, trial_type.
ONSET = ("onset_s", "onset", "start")
DURATION = ("duration_s", "duration")
DESCRIPTION = ("description", "trial_type", "annotation", "label", "event", "value", "type")


def write_annotations(
    path: str | Path, annotations: Iterable[Annotation], provenance: dict[str, Any] | None = None
) -> None:
    """Write a table; ``.tsv`` as BIDS has it, anything else as CSV.

    Parameters
    ----------
    path : str or Path
        What is there is replaced in one step.
    annotations : iterable of Annotation
    provenance : dict, optional
        Goes into ``<stem>.json`` beside the table.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    path = Path(path)
    is_bids = path.suffix.lower() == ".tsv"
    text = io.StringIO()
    if is_bids:
        # BIDS knows no quotes: a description keeps to one cell without them
        text.write("onset\tduration\ttrial_type\n")
        for note in annotations:
            words = " ".join(note.description.split()) or "n/a"
            text.write(f"{_number(note.onset_s)}\t{_number(note.duration_s)}\t{words}\n")
    else:
        text.write(annotations_csv(annotations))
    files = {path: text.getvalue().encode()}
    if provenance is not None:
        files[path.with_suffix(".json")] = json_bytes({"provenance": provenance})
    write_together({place: partial(_put, content) for place, content in files.items()})


def annotations_csv(annotations: Iterable[Annotation]) -> str:
    """The text of a CSV table."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["onset_s", "duration_s", "description"])
    for note in annotations:
        table.writerow([_number(note.onset_s), _number(note.duration_s), note.description])
    return text.getvalue()


def _put(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def annotations_provenance(recording_sha256: str, simulated: bool) -> dict[str, Any]:
    """What goes beside a table of annotations."""
    return {
        "program": f"samba-gui {__version__}",
        "notice": RESEARCH_USE_ONLY,
        "what": "annotations",
        "recording_sha256": recording_sha256,
        "recording_simulated": "yes" if simulated else "no",
    }


def read_annotations(path: str | Path) -> tuple[Annotation, ...]:
    """Read a table with a header line, in the order of onsets.

    Parameters
    ----------
    path : str or Path
        Columns parted by tabs, commas or semicolons; see :data:`ONSET`, :data:`DURATION` (0 where absent)
        and :data:`DESCRIPTION` for their names. Times in seconds from the recording's first sample.

    Raises
    ------
    RecordingError
        Not readable, or not such a table.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise _refused(path, Text("it is larger than {most_mb} MB", most_mb=LIMIT_BYTES // 1_000_000))
        content = path.read_bytes()
    except OSError as error:
        raise RecordingError("{name} cannot be read: {why}.", name=path.name, why=error.strerror) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    header = text.partition("\n")[0]
    delimiter = max("\t,;", key=header.count)
    lines = io.StringIO(text, newline="")
    if delimiter == "\t":
        rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        rows = csv.reader(lines, delimiter=delimiter)
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        onset, duration, words = (_column(names, known) for known in (ONSET, DURATION, DESCRIPTION))
        if onset is None or words is None:
            raise _refused(path, Text("there is no column of onsets or of descriptions"))
        found = []
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            onset_s = _seconds(row, onset, delimiter)
            duration_s = 0.0 if duration is None else _seconds(row, duration, delimiter, 0.0)
            if duration_s < 0:
                raise ValueError
            description = row[words].strip()
            found.append(Annotation(onset_s, duration_s, "" if description == "n/a" else description))
    except (ValueError, IndexError, csv.Error):
        raise _refused(path, Text("line {line} is no annotation", line=rows.line_num)) from None
    return tuple(sorted(found, key=lambda note: note.onset_s))


def numbered(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """The same with ``annotation 1``, ``annotation 2`` … in place of descriptions, equal where those were."""
    numbers = {text: i + 1 for i, text in enumerate(dict.fromkeys(note.description for note in annotations))}
    return tuple(replace(note, description=f"annotation {numbers[note.description]}") for note in annotations)


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _column(names: list[str], known: tuple[str, ...]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _seconds(row: list[str], column: int, delimiter: str, default: float | None = None) -> float:
    text = row[column].strip() if column < len(row) else ""
    if default is not None and text.casefold() in NOTHING:
        return default
    value = float(text.replace(",", ".") if delimiter == ";" else text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _refused(path: Path, why: Text) -> RecordingError:
    return RecordingError(
        "{name} holds no annotations that can be read: {why}.",
        "Give a table with a header line and the columns onset, duration and description (or trial_type).",
        name=path.name,
        why=why,
    )
