"""Pictures as files: PNG and GIF with provenance inside, written whole or not at all."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, PngImagePlugin

from samba_gui.core.errors import ExportError
from samba_gui.io.gif_palette import NO_COLOUR, CommonPalette
from samba_gui.io.provenance import KEY, provenance_text
from samba_gui.io.whole_files import write_whole


def write_png(path: str | Path, rgb: np.ndarray, provenance: dict[str, Any]) -> None:
    """Write a picture.

    Parameters
    ----------
    path : path-like
        An existing file is replaced only once the new one is complete.
    rgb : ndarray (height, width, 3) uint8
    provenance : dict
        Plain data from which the picture can be made again; no patient fields, no folders.

    Raises
    ------
    ExportError
        The folder is missing or not writable, or the disk is full; nothing is left behind.
    """
    write_whole(path, png_writer(rgb, provenance))


def png_writer(rgb: np.ndarray, provenance: dict[str, Any]) -> Callable[[BinaryIO], object]:
    """What writes a picture's bytes to a file, for those that are written together with others."""
    text = PngImagePlugin.PngInfo()
    text.add_text(KEY, provenance_text(provenance))  # ASCII, as tEXt demands
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    return lambda file: picture.save(file, "PNG", pnginfo=text, optimize=False)


def write_gif(
    path: str | Path,
    frames: Sequence[np.ndarray],
    durations_ms: int | Sequence[int],
    provenance: dict[str, Any],
) -> None:
    """Write an animation that repeats for ever, with one palette for all frames.

    Parameters
    ----------
    path : path-like
        An existing file is replaced only once the new one is complete.
    frames : sequence of ndarray (height, width, 3) uint8
        All of one size.
    durations_ms : int or sequence of int
        How long each frame stands; GIF counts in steps of 10 ms.
    provenance : dict
        Plain data from which the animation can be made again.

    Raises
    ------
    ExportError
        No frames, or the file cannot be written; nothing is left behind.
    """
    if not len(frames):
        raise ExportError("There are no frames to write.", "Choose at least one epoch.")
    durations = [durations_ms] * len(frames) if isinstance(durations_ms, int) else durations_ms
    comment = provenance_text(provenance).encode("ascii")
    write_whole(path, lambda file: _write_animation(file, frames, durations, comment))


def _write_animation(
    file: BinaryIO, frames: Sequence[np.ndarray], durations_ms: Sequence[int], comment: bytes
) -> None:
    """GIF89a, block by block: Pillow's own writer gives frames their own palettes and merges equal ones."""
    height, width = frames[0].shape[:2]
    palette = CommonPalette(frames)
    with ThreadPoolExecutor() as threads:
        indices = list(threads.map(palette.indices_of, frames))
        changes = list(threads.map(_change, [None, *indices], indices))
    colours = palette.colours.tobytes() + bytes(3)
    file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + colours)
    file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", 0) + b"\0")  # repeats for ever
    file.write(b"\x21\xfe" + _in_blocks(comment))
    for (box, pixels), duration_ms in zip(changes, durations_ms, strict=True):
        # the frame before stays, and shows where this one has no colour
        file.write(b"\x21\xf9\x04" + struct.pack("<BHBB", 0x05, round(duration_ms / 10), NO_COLOUR, 0))
        file.write(b"\x2c" + struct.pack("<HHHHB", *box, 0))
        file.write(b"\x08" + _in_blocks(pixels))
    file.write(b"\x3b")


def _change(before: np.ndarray | None, indices: np.ndarray) -> tuple[tuple[int, int, int, int], bytes]:
    """What differs from the frame before: its box (left, top, width, height) and its pixels, compressed."""
    new = np.ones(indices.shape, dtype=bool) if before is None else indices != before
    (top, height), (left, width) = (_span(np.flatnonzero(new.any(axis=axis))) for axis in (1, 0))
    box = (slice(top, top + height), slice(left, left + width))
    picture = Image.fromarray(np.where(new[box], indices[box], np.uint8(NO_COLOUR)))
    return (left, top, width, height), _compressed(picture)


def _span(changed: np.ndarray) -> tuple[int, int]:
    """Where changed rows, or columns, begin and how far they reach; one at least."""
    return (int(changed[0]), int(np.ptp(changed)) + 1) if len(changed) else (0, 1)


def _in_blocks(data: bytes) -> bytes:
    """Data as GIF keeps it: blocks of up to 255 bytes, each after its length, and an empty one at the end."""
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _compressed(picture: Image.Image) -> bytes:
    """LZW data of a picture with a palette, taken from Pillow's GIF of that one picture."""
    picture.putpalette(bytes(3 * 256))
    with tempfile.TemporaryFile() as file:  # into memory, Pillow would let no other thread work meanwhile
        picture.save(file, "GIF", optimize=False, interlace=False)
        file.seek(0)
        data = file.read()
    at = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while data[at] == 0x21:  # extensions before the picture
        at = _after_blocks(data, at + 2)
    local = data[at + 9]
    at += 10 + (3 * 2 ** ((local & 7) + 1) if local & 0x80 else 0)
    assert data[at] == 8, "a palette of 256 colours has codes of 8 bits"
    end = _after_blocks(data, at + 1)
    packed, at = bytearray(), at + 1
    while at < end - 1:
        packed += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return bytes(packed)


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
