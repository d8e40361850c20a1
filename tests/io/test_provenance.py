"""What made a file comes back out of every kind of file, and nothing comes out of foreign or hostile ones."""

from __future__ import annotations

import gc
import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from samba_gui.core.errors import ExportError
from samba_gui.io.pictures import write_gif, write_png
from samba_gui.io.provenance import MOST_BYTES, READERS, provenance_text, read_provenance
from samba_gui.io.tables import write_table
from samba_gui.io.video import write_mp4

FACTS = {
    "program": "samba-gui test",
    "notice": 'half (½) \\ of "it" </script> <b>',
    "limits": [-1.0, 1.0],
    "recipe": json.dumps({"labels": ["EEG (1)", "Ω", "back\\slash"] * 60}),
    "epochs": [0, 30],
}
FRAME = np.full((20, 30, 3), 90, np.uint8)


def test_a_png_a_gif_and_tables_give_it_back(tmp_path: Path) -> None:
    write_png(tmp_path / "a.png", FRAME, FACTS)
    write_gif(tmp_path / "a.gif", [FRAME, FRAME], 100, FACTS)
    write_table(tmp_path / "a.tsv", ["x"], [[1.0]], FACTS)
    write_table(tmp_path / "b.csv", ["x"], [[1.0]], FACTS)
    for name in ("a.png", "a.gif", "a.tsv", "a.json", "b.csv"):
        assert read_provenance(tmp_path / name) == FACTS, name


def test_an_mp4_gives_it_back(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg")
    write_mp4(tmp_path / "a.mp4", [FRAME, FRAME], 100, FACTS)
    assert read_provenance(tmp_path / "a.mp4") == FACTS


@pytest.mark.parametrize("kind", [".svg", ".pdf", ".png"])
def test_matplotlibs_files_give_it_back(tmp_path: Path, kind: str) -> None:
    from saie_weights import EPOCHS, bundle, history, ten_twenty

    from samba_gui.scene.figure import write_figure
    from samba_gui.scene.gif import Shot, saie_fields

    fields = saie_fields(bundle(), history(), ten_twenty(), Shot(), [EPOCHS[-1]])
    write_figure(tmp_path / f"a{kind}", fields, ten_twenty(), FACTS, dpi=72)
    assert read_provenance(tmp_path / f"a{kind}") == FACTS


def test_a_drawing_is_closed_though_it_was_not_read_to_its_end(tmp_path: Path) -> None:
    found = '<dc:description>{"program": "samba-gui test"}</dc:description>'
    drawing = tmp_path / "a.svg"
    drawing.write_text(f'<svg xmlns:dc="http://purl.org/dc/elements/1.1/">{found}{"<path/>" * 100_000}</svg>')
    assert read_provenance(drawing) == {"program": "samba-gui test"}
    files = [file for file in gc.get_objects() if isinstance(file, io.BufferedReader)]
    assert [file.name for file in files if not file.closed and file.name == str(drawing)] == []


def text_chunk(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + b"tEXt" + text + b"\0\0\0\0"


PNG = b"\x89PNG\r\n\x1a\n"
GIF = b"GIF89a" + bytes(7)
HOSTILE = {
    "no_json.png": PNG + text_chunk(b"provenance\0hello"),
    "a_list.png": PNG + text_chunk(b"provenance\0[1, 2]"),
    "nested.png": PNG + text_chunk(b"provenance\0" + b"[" * 100_000),
    "digits.png": PNG + text_chunk(b"provenance\0{\"a\": " + b"9" * 10_000 + b"}"),
    "too_long.png": PNG + text_chunk(b"provenance\0{\"a\": \"" + b"x" * MOST_BYTES + b"\"}"),
    "cut_short.png": PNG + b"\xff\xff\xff\xfftEXtprov",
    "chunks_for_ever.png": PNG + (bytes(4) + b"abcd" + bytes(4)) * 20_000,
    "no_comment.gif": GIF + b"\x2c",
    "cut_short.gif": GIF + b"\x21\xfe\xff{",
    "bad_letters.gif": GIF + b"\x21\xfe\x02\xff\xfe\0;",
    "entities.svg": b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "no_svg.svg": b"<svg><g></g>",
    "nothing.pdf": b"%PDF-1.4\n/Subject (never closed",
    "empty.pdf": b"",
    "boxes.mp4": (b"\0\0\0\x09moov" * 2000),
    "long.mp4": b"\0\0\0\x01moov" + b"\xff" * 8,
    "in_boxes.mp4": b"".join(struct.pack(">I", 8 * (3000 - i)) + b"moov" for i in range(3000)),
    "none.html": b"<script type='application/json'>{}</script>",
    "none.json": b"[]",
    "alone.csv": b"a,b\n",
    "none.h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_and_hostile_files_carry_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    with pytest.raises(ExportError, match="carries no provenance") as raised:
        read_provenance(tmp_path / name)
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("kind", READERS)
def test_missing_files_and_other_kinds(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ExportError, match="carries no provenance"):
        read_provenance(tmp_path / f"missing{kind}")
    with pytest.raises(ExportError, match="of this kind"):
        read_provenance(tmp_path / "a.exe")


def test_the_text_is_ascii_on_one_line() -> None:
    text = provenance_text(FACTS)
    assert text.isascii()
    assert "\n" not in text
