"""Films: GIF, and MP4 where the optional package imageio-ffmpeg is installed (extra ``video``)."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from samba_gui.core.errors import ExportError
from samba_gui.io.pictures import write_gif
from samba_gui.io.provenance import provenance_text
from samba_gui.io.whole_files import write_whole


def write_film(
    path: str | Path, frames: Sequence[np.ndarray], frame_ms: int, provenance: dict[str, Any]
) -> None:
    """Write a GIF, or an MP4 where the path ends so.

    Raises
    ------
    ExportError
        Another extension, or it cannot be written.
    """
    kind = Path(path).suffix.lower()
    if kind not in (".gif", ".mp4"):
        raise ExportError("{name}: films end in .gif or .mp4.", "Choose one of these.", name=Path(path).name)
    write = write_gif if kind == ".gif" else write_mp4
    write(path, frames, frame_ms, provenance | {"frame_ms": frame_ms})


def write_mp4(
    path: str | Path, frames: Sequence[np.ndarray], duration_ms: int, provenance: dict[str, Any]
) -> None:
    """Write a film in H.264; its comment holds the provenance.

    Parameters
    ----------
    path : path-like
        An existing file is replaced only once the new one is complete.
    frames : sequence of ndarray (height, width, 3) uint8
        All of one size; an odd last row or column is left out, since the format has none.
    duration_ms : int
        How long each frame stands.
    provenance : dict

    Raises
    ------
    ExportError
        imageio-ffmpeg is not installed, it fails, or the file cannot be written.
    """
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError:
        raise ExportError(
            "MP4 films need the package imageio-ffmpeg.",
            "Install samba-gui[video], or write a .gif instead.",
        ) from None
    height, width = (size - size % 2 for size in frames[0].shape[:2])
    rate = f"{1000 / duration_ms:.6g}"
    command = [
        *(get_ffmpeg_exe(), "-v", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"),
        *("-s", f"{width}x{height}", "-r", rate, "-i", "-"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "18", "-threads", "1", "-fflags", "+bitexact"),
        *("-metadata", f"comment={provenance_text(provenance)}"),
        # fragmented: a pipe cannot be rewound to write the index at its beginning
        *("-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "-"),
    ]
    pixels = (np.ascontiguousarray(frame[:height, :width]).tobytes() for frame in frames)
    write_whole(path, lambda file: _run(command, pixels, file))


def _run(command: Sequence[str], pixels: Iterable[bytes], out: BinaryIO) -> None:
    """Feed ffmpeg frame by frame; what it says goes to a file, so that neither waits for the other."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=said)
        assert process.stdin is not None
        try:
            with suppress(BrokenPipeError):  # it has given up, and says why
                for frame in pixels:
                    process.stdin.write(frame)
                process.stdin.close()
            failed = process.wait()
        finally:
            process.kill()
            process.wait()
        if failed:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise ExportError(
                "ffmpeg could not make the film: {line}.", "Write a .gif instead.", line=lines[-1]
            )
