"""Rows of names and coordinates out of electrode files of other programs; no judgement yet."""

from __future__ import annotations

import csv
import math
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from samba_gui.core.errors import MontageError

MAX_ROWS = 4096
MAX_BYTES = 8 << 20
_NAME_COLUMNS = ("name", "label", "labels", "electrode", "channel", "ch_name", "site", "sensor")
_SCALES = {"m": 1.0, "cm": 0.01, "mm": 0.001}


@dataclass(frozen=True)
class Row:
    """One electrode as written: its place is a line or row number for messages."""

    place: int
    name: str
    xyz: tuple[float, float, float]


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Parameters
    ----------
    rows : list of Row
    scale : float or None
        Metres per unit, if the file says so.
    spherical : bool
        Angles on a sphere whose centre is the origin; ``xyz`` is then on the unit sphere.
    """

    rows: list[Row]
    scale: float | None = None
    spherical: bool = False


def read_table(path: Path) -> Table:
    """Read a file by its extension.

    Raises
    ------
    MontageError
        Unknown extension, too large, or not what the extension says.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise MontageError(
            "{name}: electrode files end in {readers}.",
            "Save the positions as one of these.",
            name=path.name,
            readers=", ".join(READERS),
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MontageError(
                "{name} is too large for a list of electrodes.", "Choose another file.", name=path.name
            )
        return reader(path)
    except OSError as error:
        raise MontageError(
            "{name} cannot be read: {why}.", "Check the file.", name=path.name, why=error.strerror
        ) from error


def _number(path: Path, place: int, text: object) -> float:
    try:
        return float(str(text).strip().replace(",", "."))
    except ValueError:
        shown = str(text)[:20].strip()
        if not shown or text is None:
            raise _incomplete(path, place) from None
        raise MontageError(
            "{name}: row {place}: “{shown}” is not a coordinate.",
            "Give a name and three numbers in every row.",
            name=path.name,
            place=place,
            shown=shown,
        ) from None


def _incomplete(path: Path, place: int) -> MontageError:
    return MontageError(
        "{name}: row {place}: a coordinate is missing.",
        "Give a name and three numbers in every row.",
        name=path.name,
        place=place,
    )


def _row(path: Path, place: int, name: object, cells: Sequence[object]) -> Row:
    if len(cells) < 3:
        raise _incomplete(path, place)
    x, y, z = (_number(path, place, cell) for cell in cells[:3])
    return Row(place, str(name).strip() if name is not None else "", (x, y, z))


def on_sphere(inclination_deg: float, azimuth_deg: float) -> tuple[float, float, float]:
    """Unit vector; inclination from the vertex, azimuth from the right ear towards the nose."""
    inclination, azimuth = math.radians(inclination_deg), math.radians(azimuth_deg)
    return (
        math.sin(inclination) * math.cos(azimuth),
        math.sin(inclination) * math.sin(azimuth),
        math.cos(inclination),
    )


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if b"\0" in raw:
        raise MontageError("{name} is no text file.", "Save the positions as text.", name=path.name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _lines(path: Path) -> list[tuple[int, str]]:
    numbered = enumerate(_text(path).splitlines(), start=1)
    return [
        (i, line) for i, line in numbered if line.strip() and not line.lstrip().startswith(("#", "//", "%"))
    ]


def _from_cells(path: Path, cells: list[tuple[int, list]]) -> Table:
    """Rows with or without a header line: name and x, y, z, or name and theta, phi."""
    if not cells:
        raise MontageError(
            "{name} holds no electrodes.", "Give a name and three numbers in every row.", name=path.name
        )
    header = [str(cell or "").strip().lower() for cell in cells[0][1]]
    where: dict[str, int] = {}
    scale = None
    for i, title in enumerate(header):
        axis = re.fullmatch(r"([xyz])\s*[_\[( ]?\s*(mm|cm|m)?\s*[\])]?", title)
        if axis:
            where[axis[1]] = i
            scale = _SCALES[axis[2]] if axis[2] else scale
        elif title in _NAME_COLUMNS:
            where.setdefault("name", i)
        elif title in ("theta", "phi", "azimuth", "inclination"):
            where[{"azimuth": "phi", "inclination": "theta"}.get(title, title)] = i
    body = cells[1:]

    def pick(row: list, *columns: str) -> list:
        return [row[where[column]] if where[column] < len(row) else None for column in columns]

    if {"name", "x", "y", "z"} <= where.keys():
        rows = [_row(path, i, pick(row, "name")[0], pick(row, "x", "y", "z")) for i, row in body]
        return Table(rows, scale)
    if {"name", "theta", "phi"} <= where.keys():
        rows = []
        for i, row in body:
            theta, phi = (_number(path, i, cell) for cell in pick(row, "theta", "phi"))
            rows.append(Row(i, str(pick(row, "name")[0] or "").strip(), on_sphere(theta, phi)))
        return Table(rows, spherical=True)
    return Table([_row(path, i, row[0], row[1:]) for i, row in cells])


def _delimited(path: Path) -> Table:
    lines = _lines(path)
    sample = lines[0][1] if lines else ""
    delimiter = max(("\t", ";", ","), key=sample.count)
    reader = csv.reader((line for _, line in lines), delimiter=delimiter)
    return _from_cells(path, [(i, row) for (i, _), row in zip(lines, reader, strict=False)])


def _blanks(path: Path) -> Table:
    return _from_cells(path, [(i, line.replace(",", " ").split()) for i, line in _lines(path)])


def _sfp(path: Path) -> Table:
    rows = [(i, line.split()) for i, line in _lines(path)]
    return Table([_row(path, i, cells[0], cells[1:]) for i, cells in rows if cells[0].lower() != "headshape"])


def _elc(path: Path) -> Table:
    scale: float | None = None
    section = ""
    cells: list[tuple[int, list[str]]] = []
    names: list[str] = []
    for i, line in _lines(path):
        words = line.replace(":", " : ").split()
        if words[0] == "UnitPosition":
            scale = _SCALES.get(words[-1])
        elif words[0] in (
            "Positions",
            "Labels",
            "ReferenceLabel",
            "NumberPositions",
            "NumberHeadShapePoints",
        ):
            section = words[0]
        elif words[0] in ("HeadShapePoints", "Positions2D"):
            section = ""
        elif section == "Positions":
            cells.append((i, words))
        elif section == "Labels":
            names += words
    if cells and ":" in cells[0][1]:  # the newer form: "Fp1 : x y z"
        return Table([_row(path, i, words[0], words[words.index(":") + 1 :]) for i, words in cells], scale)
    if len(names) != len(cells):
        raise MontageError(
            "{name}: {n} positions but {n_labels} labels.",
            "Export it again.",
            name=path.name,
            n=len(cells),
            n_labels=len(names),
        )
    return Table([_row(path, i, name, words) for (i, words), name in zip(cells, names, strict=True)], scale)


def _locs(path: Path) -> Table:
    """EEGLAB's polar form: number, angle from the nose to the right, radius (0.5 at the ears), label."""
    rows = []
    for i, line in _lines(path):
        cells = line.split()
        if len(cells) < 4:
            raise MontageError(
                "{name}: row {i} has fewer than 4 cells.", "Export it from EEGLAB again.", name=path.name, i=i
            )
        theta, radius = _number(path, i, cells[1]), _number(path, i, cells[2])
        rows.append(Row(i, cells[3].strip(". "), on_sphere(180 * radius, 90 - theta)))
    return Table(rows, spherical=True)


def _ced(path: Path) -> Table:
    """EEGLAB's table; its X points to the nose and its Y to the left ear."""
    lines = _lines(path)
    header = [cell.strip().lower() for cell in lines[0][1].split("\t")] if lines else []
    if not {"labels", "x", "y", "z"} <= set(header):
        raise MontageError(
            "{name}: no columns labels, X, Y, Z.", "Export it from EEGLAB again.", name=path.name
        )
    name, front, left, up = (header.index(title) for title in ("labels", "x", "y", "z"))
    rows = []
    for i, line in lines[1:]:
        cells = [*line.split("\t"), *[""] * len(header)]
        x, y, z = (_number(path, i, cells[column]) for column in (front, left, up))
        rows.append(Row(i, cells[name].strip(), (-y, x, z)))
    return Table(rows)


def _bvef(path: Path) -> Table:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    try:
        root = parse(str(path)).getroot()
    except (ParseError, DefusedXmlException, ValueError):
        raise MontageError(
            "{name} is no BrainVision electrode file.", "Export it again.", name=path.name
        ) from None
    rows = []
    for i, electrode in enumerate(root.iter("Electrode"), start=1):
        theta, phi = (_number(path, i, electrode.findtext(tag, "")) for tag in ("Theta", "Phi"))
        rows.append(Row(i, (electrode.findtext("Name") or "").strip(), on_sphere(theta, phi)))
    return Table(rows, spherical=True)


def _xlsx(path: Path) -> Table:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 8 * MAX_BYTES:
                raise MontageError("{name} unpacks to too much for a list of electrodes.", name=path.name)
        book = load_workbook(path, read_only=True, data_only=False)
        try:
            sheet = book.worksheets[0]
            cells = []
            for i, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if i > MAX_ROWS + 1:
                    raise MontageError("{name} has more than {most} rows.", name=path.name, most=MAX_ROWS)
                if any(isinstance(cell, str) and cell.startswith("=") for cell in row):
                    raise MontageError(
                        "{name}: row {i} holds a formula.",
                        "Replace formulas by their values and save again.",
                        name=path.name,
                        i=i,
                    )
                if any(cell is not None and str(cell).strip() for cell in row):
                    cells.append((i, list(row)))
        finally:
            book.close()
    except (MontageError, OSError):
        raise
    except Exception:  # a damaged workbook makes its reader stumble anywhere
        raise MontageError(
            "{name} is no Excel workbook, or a damaged one.",
            "Save it again as .xlsx or .csv.",
            name=path.name,
        ) from None
    return _from_cells(path, cells)


READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": _delimited,
    ".tsv": _delimited,
    ".txt": _blanks,
    ".xlsx": _xlsx,
    ".elc": _elc,
    ".sfp": _sfp,
    ".loc": _locs,
    ".locs": _locs,
    ".eloc": _locs,
    ".ced": _ced,
    ".bvef": _bvef,
}
