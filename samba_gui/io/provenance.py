"""What made a file, read back out of everything that is exported here; foreign and hostile files are refused.

Nothing is decoded but the text itself: no pixels, no fonts, no scripts.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from samba_gui.core.errors import ExportError, ResultsError

KEY = "provenance"
MOST_BYTES = 4_000_000
"""Provenance is a few kilobytes; what is longer is none of ours."""
_MOST_STEPS = 10_000  # chunks, blocks or boxes before a reader gives up
_HTML_HEAD_BYTES = 16_000_000
_MOST_SVG_BYTES = 200_000_000
_BOXES = {b"moov", b"udta", b"meta", b"ilst", b"\xa9cmt"}


class _NoneOfOurs(Exception):
    """The file is no such file, or carries nothing."""


def provenance_text(provenance: dict[str, Any]) -> str:
    """JSON as it is put into files: ASCII, sorted, one line."""
    return json.dumps(provenance, sort_keys=True)


def read_provenance(path: str | Path) -> dict[str, Any]:
    """Read what made a picture, film, page, table or results file.

    Parameters
    ----------
    path : path-like
        One of :data:`READERS`; a table's provenance lies in the ``.json`` beside it.

    Returns
    -------
    dict
        Plain data, as it stands in the file: to be checked before it is believed.

    Raises
    ------
    ExportError
        Another kind of file, or one that carries no provenance of ours.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ExportError(
            "{name}: files of this kind carry no provenance.",
            "Choose one of {readers}.",
            name=path.name,
            readers=", ".join(READERS),
        )
    try:
        text = reader(path)
        data = json.loads(text) if len(text) <= MOST_BYTES else None
    except (OSError, ValueError, RecursionError, _NoneOfOurs, ResultsError):
        data = None
    if not isinstance(data, dict):
        raise ExportError(
            "{name} carries no provenance.", "Choose a file that samba-gui wrote.", name=path.name
        )
    return data


def _take(file: BinaryIO, n: int) -> bytes:
    found = file.read(n)
    if len(found) != n:
        raise _NoneOfOurs
    return found


def _png(path: Path) -> str:
    """The ``tEXt`` chunk of our name."""
    with path.open("rb") as file:
        if _take(file, 8) != b"\x89PNG\r\n\x1a\n":
            raise _NoneOfOurs
        for _ in range(_MOST_STEPS):
            n = int.from_bytes(_take(file, 4), "big")
            kind = _take(file, 4)
            if kind == b"tEXt" and n <= MOST_BYTES:
                key, _, text = _take(file, n).partition(b"\0")
                if key == KEY.encode():
                    return text.decode("latin-1")
                file.seek(4, 1)
            else:
                file.seek(n + 4, 1)
    raise _NoneOfOurs


def _gif(path: Path) -> str:
    """The first comment."""
    with path.open("rb") as file:
        head = _take(file, 13)
        if head[:6] not in (b"GIF87a", b"GIF89a"):
            raise _NoneOfOurs
        file.seek(3 * 2 ** ((head[10] & 7) + 1) if head[10] & 0x80 else 0, 1)
        for _ in range(_MOST_STEPS):
            if _take(file, 1) != b"\x21":
                raise _NoneOfOurs  # the pictures begin
            is_comment = _take(file, 1) == b"\xfe"
            text = b""
            while n := _take(file, 1)[0]:
                text += _take(file, n)
                if len(text) > MOST_BYTES:
                    raise _NoneOfOurs
            if is_comment:
                return text.decode()
    raise _NoneOfOurs


def _svg(path: Path) -> str:
    """The description in the metadata, which stands before the drawing."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    if path.stat().st_size > _MOST_SVG_BYTES:
        raise _NoneOfOurs
    with path.open("rb") as file:  # left to iterparse, a file not read to its end stays open
        try:
            for _, element in iterparse(file):
                if element.tag == "{http://purl.org/dc/elements/1.1/}description":
                    return element.text or ""
                if element.tag == "{http://www.w3.org/2000/svg}g":
                    break
        except (ParseError, DefusedXmlException):
            pass
    raise _NoneOfOurs


def _pdf(path: Path) -> str:
    """The subject in the document information."""
    with path.open("rb") as file:
        if file.read(5) != b"%PDF-":
            raise _NoneOfOurs
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = content.find(b"/Subject (")
            if found < 0:
                raise _NoneOfOurs
            start = found + len(b"/Subject (")
            for sign in re.compile(rb"\\.|\)", re.S).finditer(content, start, start + MOST_BYTES):
                if sign[0] == b")":
                    return re.sub(rb"\\(.)", rb"\1", content[start : sign.start()]).decode("ascii")
    raise _NoneOfOurs


def _mp4(path: Path) -> str:
    """The comment in the list of metadata."""
    with path.open("rb") as file:
        size = path.stat().st_size
        steps = iter(range(_MOST_STEPS))

        def search(start: int, stop: int) -> str | None:
            at = start
            while at + 8 <= stop and next(steps, None) is not None:
                file.seek(at)
                n, kind = int.from_bytes(_take(file, 4), "big"), _take(file, 4)
                if n == 1:  # a long box
                    n = int.from_bytes(_take(file, 8), "big")
                if n < 8 or at + n > stop:
                    break
                if kind == b"data" and n <= MOST_BYTES:
                    return _take(file, n - 8)[8:].decode()
                if kind in _BOXES:
                    found = search(at + (12 if kind == b"meta" else 8), at + n)
                    if found is not None:
                        return found
                at += n
            return None

        if (text := search(0, size)) is None:
            raise _NoneOfOurs
        return text


def _html(path: Path) -> str:
    """The data block in the page's head."""
    with path.open("rb") as file:
        head = file.read(_HTML_HEAD_BYTES)
    found = re.search(rb'<script type="application/json" id="provenance">(.*?)</script>', head, re.S)
    if found is None:
        raise _NoneOfOurs
    return found[1].decode()


def _table(path: Path) -> str:
    """Provenance of the JSON beside a table, or of that JSON itself."""
    beside = path.with_suffix(".json")
    if not path.is_file() or beside.stat().st_size > MOST_BYTES:
        raise _NoneOfOurs
    data = json.loads(beside.read_bytes())
    return json.dumps(data.get(KEY)) if isinstance(data, dict) else ""


def _results(path: Path) -> str:
    from samba_gui.io.results import read_facts

    return json.dumps(read_facts(path))


READERS: dict[str, Callable[[Path], str]] = {
    ".png": _png,
    ".gif": _gif,
    ".mp4": _mp4,
    ".svg": _svg,
    ".pdf": _pdf,
    ".html": _html,
    ".csv": _table,
    ".tsv": _table,
    ".json": _table,
    ".h5": _results,
}
