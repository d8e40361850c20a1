"""A recording of any length to measure with: EDF+ written as a stream, never in memory as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from samba_gui.core.errors import ExportError
from samba_gui.io.montages import montage_by_id

RATE_HZ = 256
PERIOD_S = 120
ANNOTATION_BYTES = 64
SPARE_BYTES = 2 << 30
"""Left free on the disk, for results and for everybody else."""

_LIMIT_UV, _DIGITAL_MAX = 500, 32767
_SLEEP_CYCLE_S = 5400.0


def write_noise_edf(path: Path, seconds: int) -> None:
    """Write 64 channels of pink noise at 256 Hz whose amplitude comes and goes every 90 minutes.

    Parameters
    ----------
    path : Path
    seconds : int
        One day takes 2.8 GB.

    Raises
    ------
    ExportError
        The disk has no room for it.
    """
    labels = montage_by_id("10-10_64").labels
    require_room(path.parent, seconds)
    period_uv = _pink_noise(len(labels))
    with path.open("wb") as file:
        file.write(_header(labels, seconds))
        for first in range(0, seconds, PERIOD_S):
            at_s = np.arange(first, min(first + PERIOD_S, seconds))
            gain = 1.0 + 0.7 * np.sin(2 * np.pi * at_s / _SLEEP_CYCLE_S)
            digital = (
                period_uv[: len(at_s)] * (gain / _LIMIT_UV * _DIGITAL_MAX).astype(np.float32)[:, None, None]
            )
            samples = np.clip(np.rint(digital), -_DIGITAL_MAX, _DIGITAL_MAX).astype("<i2")
            texts = [_times_of(second).ljust(ANNOTATION_BYTES, b"\0") for second in at_s.tolist()]
            records = [samples.reshape(len(at_s), -1).view(np.uint8)]
            records.append(np.frombuffer(b"".join(texts), np.uint8).reshape(len(at_s), -1))
            file.write(np.concatenate(records, axis=1).tobytes())


def require_room(folder: Path, seconds: int) -> None:
    """See to it that such a recording can be written.

    Raises
    ------
    ExportError
        It cannot.
    """
    needed = seconds * (len(montage_by_id("10-10_64")) * RATE_HZ * 2 + ANNOTATION_BYTES)
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise ExportError(
            "The recording to measure with takes {needed_gb:.1f} GB, and {free_gb:.1f} GB are free.",
            "Make room, or set TMPDIR to a folder on another disk.",
            needed_gb=needed / 1e9,
            free_gb=free / 1e9,
        )


def _pink_noise(n_channels: int) -> np.ndarray:
    """One period of noise with a spread of about 20 µV, float32 (seconds, channels, samples)."""
    rng = np.random.default_rng(0)
    n = PERIOD_S * RATE_HZ
    frequencies = np.maximum(np.arange(n // 2 + 1), PERIOD_S // 2)  # flat below half a hertz
    spectrum = rng.standard_normal((n_channels, len(frequencies), 2)).astype(np.float32).view(np.complex64)
    noise = np.fft.irfft(spectrum[..., 0] / np.sqrt(frequencies).astype(np.float32), n)
    noise *= 20 / noise.std()
    return noise.reshape(n_channels, PERIOD_S, RATE_HZ).transpose(1, 0, 2).astype(np.float32)


def _times_of(second: int) -> bytes:
    """The record's onset, and every ten minutes an annotation."""
    text = f"+{second}\x14\x14\0"
    return (text + f"+{second}\x14mark\x14\0" * (second % 600 == 0)).encode()


def _header(labels: tuple[str, ...], seconds: int) -> bytes:
    n = len(labels) + 1
    columns: list[tuple[int, Sequence[object]]] = [
        (8, [0]),
        (80, ["X X X X", "Startdate 01-JAN-2000 X X samba-gui_simulated"]),
        (8, ["01.01.00", "10.00.00", 256 * (n + 1)]),
        (44, ["EDF+C"]),
        (8, [seconds, 1]),
        (4, [n]),
        (16, [*(f"EEG {label}" for label in labels), "EDF Annotations"]),
        (80, [""] * n),
        (8, ["uV"] * len(labels) + [""]),
        (8, [-_LIMIT_UV] * len(labels) + [-1]),
        (8, [_LIMIT_UV] * len(labels) + [1]),
        (8, [-_DIGITAL_MAX] * n),
        (8, [_DIGITAL_MAX] * n),
        (80, [""] * n),
        (8, [RATE_HZ] * len(labels) + [ANNOTATION_BYTES // 2]),
        (32, [""] * n),
    ]
    return b"".join(str(cell).encode("ascii").ljust(width) for width, cells in columns for cell in cells)
