"""A small EDF+ writer in numpy: 16-bit samples, 1-s records, one annotation signal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

ANNOTATION_BYTES = 128
DIGITAL_MAX = 32767


@dataclass(frozen=True, eq=False)
class Signal:
    """One channel: samples in ``unit``; ``limit`` is the physical value of the largest digital one."""

    label: str
    samples: np.ndarray
    limit: float
    unit: str = "uV"
    transducer: str = ""
    prefilter: str = ""


def _fields(width: int, values: list[object]) -> bytes:
    for value in values:
        if len(str(value)) > width:
            raise ValueError(f"{value!r} is longer than {width} bytes")
    return b"".join(str(value).encode("ascii").ljust(width) for value in values)


def _tal(record: int, annotations: list[tuple[float, float, str]]) -> bytes:
    text = f"+{record}\x14\x14\x00".encode()
    for onset, duration, description in annotations:
        if record <= onset < record + 1:
            text += f"+{onset:g}\x15{duration:g}\x14{description}\x14\x00".encode()
    if len(text) > ANNOTATION_BYTES:
        raise ValueError(f"too many annotations in record {record}")
    return text.ljust(ANNOTATION_BYTES, b"\0")


def write_edf_plus(
    path: Path,
    signals: list[Signal],
    rate_hz: int,
    annotations: list[tuple[float, float, str]],
    recording: str,
    clock: str = "10.00.00",
) -> None:
    """Write a continuous EDF+ file without any patient data.

    Parameters
    ----------
    path : Path
    signals : list of Signal
        All of the same length, a whole number of seconds.
    rate_hz : int
    annotations : list of (onset_s, duration_s, description)
    recording : str
        The recording field after the date: hospital code, technician, equipment.
    clock : str
        Time of day of the first sample, ``hh.mm.ss``.
    """
    n_records = len(signals[0].samples) // rate_hz
    n = len(signals) + 1
    head = _fields(8, [0])
    head += _fields(80, ["X X X X", f"Startdate 01-JAN-2000 {recording}"])
    head += _fields(8, ["01.01.00", clock, 256 * (n + 1)]) + _fields(44, ["EDF+C"])
    head += _fields(8, [n_records, 1]) + _fields(4, [n])
    head += _fields(16, [*(s.label for s in signals), "EDF Annotations"])
    head += _fields(80, [*(s.transducer for s in signals), ""])
    head += _fields(8, [*(s.unit for s in signals), ""])
    head += _fields(8, [*(f"{-s.limit:g}" for s in signals), -1])
    head += _fields(8, [*(f"{s.limit:g}" for s in signals), 1])
    head += _fields(8, [*(-DIGITAL_MAX for s in signals), -DIGITAL_MAX])
    head += _fields(8, [*(DIGITAL_MAX for s in signals), DIGITAL_MAX])
    head += _fields(80, [*(s.prefilter for s in signals), ""])
    head += _fields(8, [*(rate_hz for s in signals), ANNOTATION_BYTES // 2]) + _fields(32, [""] * n)
    digital = np.stack([np.rint(s.samples / s.limit * DIGITAL_MAX) for s in signals])
    digital = np.clip(digital, -DIGITAL_MAX, DIGITAL_MAX).astype("<i2").reshape(len(signals), -1, rate_hz)
    with path.open("wb") as file:
        file.write(head)
        for record in range(n_records):
            file.write(digital[:, record].tobytes())
            file.write(_tal(record, annotations))
