"""Pictures as files: PNG and GIF with provenance inside, written whole or not at all."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from samba_gui.core.errors import ExportError
from samba_gui.io.whole_files import write_whole

_KEY = "provenance"
_MOST_COLOURS = 256
_EXACT_COLOURS = 8
_SAMPLED_PIXELS = 600_000


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
    text = PngImagePlugin.PngInfo()
    text.add_text(_KEY, json.dumps(provenance, sort_keys=True))  # ASCII, as tEXt demands
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    write_whole(path, lambda file: picture.save(file, "PNG", pnginfo=text, optimize=False))


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
    palette = _common_palette(frames)
    durations = [durations_ms] * len(frames) if isinstance(durations_ms, int) else list(durations_ms)
    comment = json.dumps(provenance, sort_keys=True).encode("ascii")
    write_whole(path, lambda file: _write_animation(file, frames, palette, durations, comment))


def _write_animation(
    file: BinaryIO,
    frames: Sequence[np.ndarray],
    palette: np.ndarray,
    durations_ms: Sequence[int],
    comment: bytes,
) -> None:
    """GIF89a, block by block: Pillow's own writer gives frames their own palettes and merges equal ones."""
    height, width = frames[0].shape[:2]
    colours, indices_of = palette.tobytes(), _nearest_in(palette, frames)
    file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + colours)
    file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", 0) + b"\0")  # repeats for ever
    file.write(b"\x21\xfe" + _in_blocks(comment))
    for frame, duration_ms in zip(frames, durations_ms, strict=True):
        picture = Image.fromarray(indices_of(frame))
        picture.putpalette(colours)
        file.write(b"\x21\xf9\x04" + struct.pack("<BHBB", 0x04, round(duration_ms / 10), 0, 0))
        file.write(b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0))
        file.write(b"\x08" + _in_blocks(_compressed(picture)))
    file.write(b"\x3b")


def _in_blocks(data: bytes) -> bytes:
    """Data as GIF keeps it: blocks of up to 255 bytes, each after its length, and an empty one at the end."""
    parts = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _compressed(picture: Image.Image) -> bytes:
    """LZW data of a picture with a palette, taken from Pillow's GIF of that one picture."""
    memory = io.BytesIO()
    picture.save(memory, "GIF", optimize=False, interlace=False)
    data = memory.getvalue()
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


def read_provenance(path: str | Path) -> dict[str, Any]:
    """Provenance of a PNG or GIF written here.

    Raises
    ------
    ExportError
        The file is no picture, or none of ours.
    """
    name = Path(path).name
    try:
        with Image.open(path, formats=("PNG", "GIF")) as picture:
            found = picture.info.get(_KEY) or picture.info.get("comment")
        data = json.loads(found) if found else None
    except (OSError, UnidentifiedImageError, ValueError):
        data = None
    if not isinstance(data, dict):
        raise ExportError(f"{name} carries no provenance.", "Choose a picture that samba-gui wrote.")
    return data


def _common_palette(frames: Sequence[np.ndarray]) -> np.ndarray:
    """One palette (256, 3) for all frames, from pixels of all of them."""
    step = max(1, sum(frame[..., 0].size for frame in frames) // _SAMPLED_PIXELS)
    sample = np.concatenate([frame.reshape(-1, 3)[::step] for frame in frames]).astype(np.int32)
    codes, counts = np.unique(sample @ [1 << 16, 1 << 8, 1], return_counts=True)
    flat = codes[np.argsort(-counts)[:_EXACT_COLOURS]]  # background and lettering stay exactly as they are
    # Among the rest, how many shades there are matters more than how often each occurs.
    often = np.repeat(codes, np.ceil(counts**0.3).astype(int))
    strip = Image.fromarray(_unpacked(often)[None])
    shades = strip.quantize(_MOST_COLOURS - _EXACT_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1)
    listed = np.array(shades.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    palette = np.concatenate([_unpacked(flat), listed])[:_MOST_COLOURS]
    return np.concatenate([palette, np.repeat(palette[:1], _MOST_COLOURS - len(palette), axis=0)])


def _unpacked(codes: np.ndarray) -> np.ndarray:
    """Colours (n, 3) uint8 of 24-bit codes (n,)."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1).astype(np.uint8)


def _nearest_in(palette: np.ndarray, frames: Sequence[np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """A function from one of the frames to indices of the nearest colours.

    Few of the 16.8 million colours occur in drawings: the nearest is looked for once for each that does.
    """
    seen = np.zeros(1 << 24, dtype=bool)
    for frame in frames:
        seen[_codes(frame)] = True
    occurring = np.flatnonzero(seen)
    table = np.zeros(1 << 24, dtype=np.uint8)
    from scipy.spatial import cKDTree  # slow to import, and only animations need it

    table[occurring] = cKDTree(palette.astype(float)).query(_unpacked(occurring))[1]
    return lambda frame: table[_codes(frame)]


def _codes(frame: np.ndarray) -> np.ndarray:
    """24-bit codes (height, width) of a picture's colours."""
    four = Image.fromarray(np.ascontiguousarray(frame)).convert("RGBX").tobytes()
    codes = np.frombuffer(four, dtype=">u4").reshape(frame.shape[:2])
    return (codes >> 8).astype(np.intp)
