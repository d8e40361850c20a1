"""EDF and BDF files made byte by byte, right or wrong, and a decoder that shares nothing with the program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np


@dataclass
class EdfFile:
    """An EDF file to be written; every header field may be replaced by text that is wrong."""

    labels: list[str] = field(default_factory=lambda: ["EEG Fp1", "EEG Fp2", "EEG C3", "EEG C4", "EEG O1"])
    n: list[int] = field(default_factory=lambda: [100] * 5)
    records: int = 8
    record_s: str = "1"
    bdf: bool = False
    kind: str = ""
    version: bytes = b"0       "
    claimed: str | None = None
    n_signals: str | None = None
    header_bytes: str | None = None
    unit: str = "uV"
    units: dict[str, str] = field(default_factory=dict)
    limits: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    clock: str = "10.20.30"
    onsets: list[str] | None = None
    texts: dict[int, str] = field(default_factory=dict)
    seed: int = 1

    def but(self, **changes: object) -> EdfFile:
        """The same with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def digital(self) -> list[np.ndarray]:
        """Digital values per signal, (records, n)."""
        rng = np.random.default_rng(self.seed)
        top = 1 << 22 if self.bdf else 1 << 14
        return [rng.integers(-top, top, (self.records, n)) for n in self.n]

    def physical_limits(self, label: str) -> tuple[str, str, str, str]:
        """Physical minimum and maximum, digital minimum and maximum, as written."""
        if label in self.limits:
            return self.limits[label]
        return ("-200", "200", "-8388608", "8388607") if self.bdf else ("-200", "200", "-32768", "32767")

    def to_bytes(self) -> bytes:
        """The whole file."""
        annotated = self.onsets is not None
        extra = [("BDF" if self.bdf else "EDF") + " Annotations"] if annotated else []
        labels = self.labels + extra
        counts = [*self.n, *([60] if annotated else [])]
        ns = len(labels)

        def columns(width: int, cells: list[str]) -> bytes:
            return b"".join(cell.encode("latin-1").ljust(width)[:width] for cell in cells)

        limits = [self.physical_limits(label) for label in self.labels]
        limits += [("-1", "1", "-32768", "32767")] if annotated else []
        head = (b"\xffBIOSEMI" if self.bdf else self.version) + columns(80, ["Jane Doe born 1970", "Ward 7"])
        head += columns(8, ["01.01.20", self.clock, self.header_bytes or str(256 * (ns + 1))])
        head += columns(44, [self.kind or ("24BIT" if self.bdf else "")])
        head += columns(8, [self.claimed or str(self.records), self.record_s])
        head += columns(4, [self.n_signals or str(ns)])
        head += columns(16, labels) + columns(80, [""] * ns)
        head += columns(8, [self.units.get(label, self.unit) for label in self.labels] + [""] * annotated)
        for i in range(4):
            head += columns(8, [limit[i] for limit in limits])
        head += columns(80, [""] * ns) + columns(8, [str(n) for n in counts]) + columns(32, [""] * ns)
        data = self.digital()
        for record in range(self.records):
            for values in data:
                if self.bdf:
                    head += (values[record].astype("<i4")[:, None].view(np.uint8)[:, :3]).tobytes()
                else:
                    head += values[record].astype("<i2").tobytes()
            if annotated:
                tal = f"{self.onsets[record]}\x14\x14\0{self.texts.get(record, '')}".encode()
                head += tal.ljust(60 * (3 if self.bdf else 2), b"\0")
        return head

    def write(self, path: Path) -> Path:
        """Write and return ``path``."""
        path.write_bytes(self.to_bytes())
        return path

    def physical(self, channel: int) -> np.ndarray:
        """Physical values of one channel by the formula of the EDF paper."""
        low, high, digital_low, digital_high = map(float, self.physical_limits(self.labels[channel]))
        digital = self.digital()[channel].ravel()
        return (digital - digital_low) * (high - low) / (digital_high - digital_low) + low


def decode(path: Path) -> dict[str, np.ndarray]:
    """All signals of an EDF or BDF file, millivolts as microvolts; duplicate labels keep the last."""
    raw = path.read_bytes()
    width = 3 if raw[0] == 255 else 2
    ns = int(raw[252:256])

    def column(start: int, size: int) -> list[str]:
        base = 256 + start * ns
        return [raw[base + i * size : base + (i + 1) * size].decode("latin-1").strip() for i in range(ns)]

    labels, counts = column(0, 16), [int(cell) for cell in column(216, 8)]
    units = column(96, 8)
    limits = [[float(cell) for cell in column(start, 8)] for start in (104, 112, 120, 128)]
    body = np.frombuffer(raw[256 * (ns + 1) :], np.uint8)
    size = sum(counts) * width
    records = body[: len(body) // size * size].reshape(-1, size)
    signals, at = {}, 0
    for i, label in enumerate(labels):
        cells = records[:, at : at + counts[i] * width].reshape(-1, width).astype(np.int64)
        at += counts[i] * width
        value = sum(cells[:, byte] << (8 * byte) for byte in range(width))
        value = np.where(value >= 1 << (8 * width - 1), value - (1 << 8 * width), value)
        low, high, digital_low, digital_high = (limit[i] for limit in limits)
        if digital_low != digital_high:
            value = (value - digital_low) * (high - low) / (digital_high - digital_low) + low
            signals[label] = value * (1000 if units[i] == "mV" else 1)
    return signals
