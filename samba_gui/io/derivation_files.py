"""The user's own derivations: a table with a header line.

::

    derivation,group,row,plus,minus
    Circumferential,left,,Fp1,F7
    Circumferential,left,,F7,T7
    Linked ears,,Cz,Cz,A1 + A2
    Weighted,,C3 around,C3,0.3*F3 + 0.3*P3 + 0.2*T7 + 0.2*Cz

Columns are parted by commas, semicolons or tabs. ``group`` (a gap is drawn where it changes), ``row`` (the
name on the screen, else ``plus-minus``) and ``minus`` may be absent. Channels joined by ``+`` are averaged
unless each has a weight. Names may be electrodes (``T3`` is ``T7``) or labels as the file has them; rows of
channels that a recording does not have are left out. Lines that begin with ``#`` are skipped.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from samba_gui.core.derivations import DERIVATIONS, Basis, Derivation, DerivedRow
from samba_gui.core.errors import DerivationError
from samba_gui.core.words import Text, joined

LIMIT_BYTES = 500_000
MOST_TERMS = 64
LONGEST_NAME = 60
HEAVIEST = 1000.0
COLUMNS = ("derivation", "group", "row", "plus", "minus")
NEEDED = ("derivation", "plus")


def read_derivations(path: str | Path) -> tuple[Derivation, ...]:
    """Read a file of derivations, in the order in which they begin.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    DerivationError
        Not readable, or a line that is no row; says which.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise DerivationError(
                "{name} is larger than {most_kb} kB.", _HINT, name=path.name, most_kb=LIMIT_BYTES // 1000
            )
        content = path.read_bytes()
    except OSError as error:
        raise DerivationError("{name} cannot be read: {why}.", name=path.name, why=error.strerror) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    rows: dict[str, list[DerivedRow]] = {}
    columns: list[str] = []
    for number, cells in _lines(path, text):
        try:
            if not columns:
                columns = _header(cells)
                continue
            name, row = _row(dict(zip(columns, cells, strict=False)))
        except ValueError as error:
            raise DerivationError(
                "{name}, line {number}: {why}.", _HINT, name=path.name, number=number, why=error.args[0]
            ) from None
        rows.setdefault(name, []).append(row)
    if not rows:
        raise DerivationError("{name} holds no derivation.", _HINT, name=path.name)
    return tuple(Derivation(name, Basis.TABLE, tuple(found)) for name, found in rows.items())


_HINT = Text(
    "Give a header line derivation,group,row,plus,minus and one line per row, such as: Mine,left,,Fp1,F7"
)


def _lines(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Cells of the lines that say something, with their numbers."""
    head = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    found = []
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells) and not cells[0].startswith("#"):
                found.append((reader.line_num, cells))
    except csv.Error as error:
        raise DerivationError(
            "{name}, line {line}: {why}.", _HINT, name=path.name, line=reader.line_num, why=error
        ) from None
    return found


def _header(cells: list[str]) -> list[str]:
    names = [cell.casefold() for cell in cells]
    if missing := [name for name in NEEDED if name not in names]:
        raise ValueError(Text("these columns are missing: {names}", names=joined(missing)))
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise ValueError(Text("the column {name} is there twice", name=twice[0]))
    return names


def _row(cells: dict[str, str]) -> tuple[str, DerivedRow]:
    name, plus, minus = (cells.get(column, "") for column in ("derivation", "plus", "minus"))
    name = _named(name, Text("the derivation has no name"))
    if name.casefold() in (known.name.casefold() for known in DERIVATIONS):
        raise ValueError(Text("{name} is a derivation of the program", name=name))
    terms = _side(_named(plus, Text("there is nothing under plus")), 1.0)
    terms += _side(minus, -1.0) if minus else ()
    if len({electrode.casefold() for electrode, _ in terms}) < len(terms):
        raise ValueError(Text("a channel is named twice"))
    label = cells.get("row", "") or (f"{plus}-{minus}" if minus else plus)
    return name, DerivedRow(_named(label, ""), terms, _named(cells.get("group", "") or " ", "").strip())


def _named(text: str, empty: str) -> str:
    if not text and empty:
        raise ValueError(empty)
    if not text.isprintable():
        raise ValueError(Text("there is a character that cannot be shown"))
    if len(text) > LONGEST_NAME and "+" not in text:
        raise ValueError(Text("a name is longer than {most} characters", most=LONGEST_NAME))
    return text


def _side(text: str, sign: float) -> tuple[tuple[str, float], ...]:
    parts = [part.strip() for part in text.split("+")]
    if len(parts) > MOST_TERMS:
        raise ValueError(Text("more than {most} channels are added up", most=MOST_TERMS))
    weighted = ["*" in part for part in parts]
    if any(weighted) and not all(weighted):
        raise ValueError(Text("some channels have a weight and some have none"))
    terms = []
    for part in parts:
        weight, _, electrode = part.rpartition("*")
        electrode = electrode.strip()
        if not electrode:
            raise ValueError(Text("a channel has no name"))
        terms.append((electrode, sign * (_weight(weight) if weight else 1 / len(parts))))
    return tuple(terms)


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < abs(weight) <= HEAVIEST:
        raise ValueError(Text("{text} is no weight", text=text.strip()))
    return weight
