"""Headers of EDF, EDF+, BDF and BDF+ files, read with suspicion.

Source: Kemp et al. 1992 (EDF) and Kemp & Olivan 2003 (EDF+), www.edfplus.info; BioSemi's description of BDF.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import AmplifierFilters
from samba_gui.core.words import Text
from samba_gui.io.amplifier_filters import stated_filters

MAX_SIGNALS = 4096
MAX_RATE_HZ = 1_000_000.0
SIMULATED_MARK = "samba-gui_simulated"
BROKEN = Text("Export the recording again, or fetch the file again.")


@dataclass(frozen=True, slots=True)
class EdfSignal:
    """One signal: ``offset`` is its first sample within a record."""

    label: str
    unit: str
    physical_min: float
    physical_max: float
    digital_min: float
    digital_max: float
    n: int
    offset: int
    filters: AmplifierFilters

    @property
    def is_annotation(self) -> bool:
        """Whether it holds texts instead of samples."""
        return self.label in ("EDF Annotations", "BDF Annotations")


@dataclass(frozen=True)
class EdfHeader:
    """A checked header.

    Parameters
    ----------
    format : {"EDF", "EDF+", "EDF+D", "BDF", "BDF+", "BDF+D"}
    sample_bytes : int
        2 (EDF) or 3 (BDF).
    data_start : int
        Bytes before the first record.
    n_records : int
        Complete records that are in the file.
    record_s : float
    record_samples : int
        Samples of all signals in a record.
    signals : tuple of EdfSignal
    clock_s : float or None
    simulated : bool
    warnings : tuple of Text
    """

    format: str
    sample_bytes: int
    data_start: int
    n_records: int
    record_s: float
    record_samples: int
    signals: tuple[EdfSignal, ...]
    clock_s: float | None
    simulated: bool
    warnings: tuple[Text, ...]

    @property
    def discontinuous(self) -> bool:
        """Whether records may have gaps between them."""
        return self.format.endswith("D")


def read_edf_header(path: Path) -> EdfHeader:
    """Read and check the header.

    Raises
    ------
    RecordingError
        Not EDF or BDF, cut off, inconsistent, or without a complete record.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(256)
        if not (head.startswith((b"0       ", b"\xffBIOSEMI"))):
            raise RecordingError(
                "{name} is not an EDF or BDF file, whatever its name.", BROKEN, name=path.name
            )
        if len(head) < 256:
            raise RecordingError(
                "{name}: the header is cut off after {n_bytes} bytes.",
                BROKEN,
                name=path.name,
                n_bytes=len(head),
            )
        n_signals = _whole(path, head[252:256], Text("number of signals"))
        if not 1 <= n_signals <= MAX_SIGNALS:
            raise RecordingError(
                "{name}: the header claims {n_signals} signals.", BROKEN, name=path.name, n_signals=n_signals
            )
        data_start = 256 * (n_signals + 1)
        if _whole(path, head[184:192], Text("length of the header")) != data_start:
            raise RecordingError(
                "{name}: the header's length contradicts its {n_signals} signals.",
                BROKEN,
                name=path.name,
                n_signals=n_signals,
            )
        table = file.read(data_start - 256)
        if len(table) < data_start - 256:
            raise RecordingError(
                "{name}: the header is cut off after {size} bytes.", BROKEN, name=path.name, size=size
            )
        _refuse_changed_line_ends(path, file.read(1 << 20))
    sample_bytes = 2 if head[0] != 0xFF else 3
    kind = ("EDF" if sample_bytes == 2 else "BDF") + (
        {b"F+C": "+", b"F+D": "+D"}.get(head[194:197], "") if head[192:194] in (b"ED", b"BD") else ""
    )
    record_s = _number(path, head[244:252], Text("duration of a record"))
    signals = _signals(path, table, n_signals)
    record_samples = sum(signal.n for signal in signals)
    _check_rates(path, signals, record_s)
    claimed = _whole(path, head[236:244], Text("number of records"))
    n_records, warnings = _count_records(
        path, claimed, size - data_start, record_samples * sample_bytes, record_s
    )
    clock = _clock(head[176:184])
    if clock is None:
        warnings.append(Text("The start time in the header is not a time of day; times count from zero."))
    simulated = SIMULATED_MARK in head[88:168].decode("latin-1")
    return EdfHeader(
        kind, sample_bytes, data_start, n_records, record_s, record_samples, signals, clock, simulated,
        tuple(warnings),
    )  # fmt: skip


def _text(raw: bytes) -> str:
    return raw.decode("latin-1").strip(" \0")


def _number(path: Path, raw: bytes, field: Text) -> float:
    try:
        value = float(_text(raw).replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RecordingError(
            "{name}: the header has no number under “{field}”.", BROKEN, name=path.name, field=field
        )
    return value


def _whole(path: Path, raw: bytes, field: Text) -> int:
    value = _number(path, raw, field)
    if value != int(value):
        raise RecordingError(
            "{name}: the header has no whole number under “{field}”.", BROKEN, name=path.name, field=field
        )
    return int(value)


def _clock(raw: bytes) -> float | None:
    try:
        hour, minute, second = (int(part) for part in _text(raw).replace(":", ".").split("."))
    except ValueError:
        return None
    return 3600.0 * hour + 60.0 * minute + second if hour < 24 and minute < 60 and second < 60 else None


def _signals(path: Path, table: bytes, n_signals: int) -> tuple[EdfSignal, ...]:
    columns: list[list[bytes]] = []
    at = 0
    for width in (16, 80, 8, 8, 8, 8, 8, 80, 8):
        columns.append([table[at + i * width : at + (i + 1) * width] for i in range(n_signals)])
        at += width * n_signals
    labels, _, units, physical_min, physical_max, digital_min, digital_max, filters, counts = columns
    signals = []
    offset = 0
    for i in range(n_signals):
        label = _text(labels[i])
        n = _whole(path, counts[i], Text("samples of {label}", label=label))
        if n < 1:
            raise RecordingError(
                "{name}: {label} has {n} samples in a record.", BROKEN, name=path.name, label=label, n=n
            )
        low, high, digital_low, digital_high = (
            _number(path, column[i], Text("limits of {label}", label=label))
            for column in (physical_min, physical_max, digital_min, digital_max)
        )
        limits = (low, high, digital_low, digital_high)
        stated = stated_filters(_text(filters[i]))
        signals.append(EdfSignal(label, _text(units[i]), *limits, n, offset, stated))
        offset += n
    return tuple(signals)


def _check_rates(path: Path, signals: tuple[EdfSignal, ...], record_s: float) -> None:
    data = [signal for signal in signals if not signal.is_annotation]
    if not data:
        raise RecordingError(
            "{name} holds annotations only, no signals.",
            "Open the recording that belongs to it.",
            name=path.name,
        )
    fastest = max(signal.n for signal in data)
    if record_s <= 0 or fastest / record_s > MAX_RATE_HZ:
        raise RecordingError(
            "{name}: {fastest} samples in a record of {record_s:g} s is no sampling rate.",
            BROKEN,
            name=path.name,
            fastest=fastest,
            record_s=record_s,
        )


def _count_records(
    path: Path, claimed: int, data_bytes: int, record_bytes: int, record_s: float
) -> tuple[int, list[Text]]:
    whole = data_bytes // record_bytes
    if data_bytes == 0:
        raise RecordingError("{name} has a header but no data.", BROKEN, name=path.name)
    if claimed == 0 or claimed < -1:
        raise RecordingError(
            "{name}: the header claims {claimed} records.", BROKEN, name=path.name, claimed=claimed
        )
    if whole == 0:
        raise RecordingError(
            "{name}: not one complete record ({data_bytes} bytes, a record has {record_bytes}).",
            BROKEN,
            name=path.name,
            data_bytes=data_bytes,
            record_bytes=record_bytes,
        )
    if claimed == -1:
        return whole, [
            Text("The header does not say how long the recording is; it is read to the end of the file.")
        ]
    if claimed > whole:
        return whole, [
            Text(
                "The file is cut off: {there_s:g} s of {claimed_s:g} s are there ({n} of {claimed} records).",
                there_s=whole * record_s,
                claimed_s=claimed * record_s,
                n=whole,
                claimed=claimed,
            )
        ]
    left = data_bytes - claimed * record_bytes
    if left:
        return claimed, [Text("{n} bytes after the end of the recording are ignored.", n=left)]
    return claimed, []


def _refuse_changed_line_ends(path: Path, data: bytes) -> None:
    """Every line feed after a carriage return does not happen by chance in samples."""
    values = np.frombuffer(data, dtype=np.uint8)
    feeds = np.flatnonzero(values[1:] == 10)
    if feeds.size >= 50 and (values[feeds] == 13).all():
        raise RecordingError(
            "{name} was damaged when it was copied as text: its line ends were changed.",
            "Fetch the file again in binary mode (in git: mark *.edf as binary).",
            name=path.name,
        )
