"""EDF, EDF+, EDF+D and BDF recordings.

Read here rather than by MNE, which joins the records of discontinuous files, up-samples slow channels without
a word, and trusts the header; for plain files the numbers are MNE's (a test compares them).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from samba_gui.core.errors import RecordingError
from samba_gui.core.recording import ChannelKind, Segment
from samba_gui.core.words import Text
from samba_gui.io.channel_kinds import kind_by_name
from samba_gui.io.edf_annotations import parse_tals, segments_of_records, shift
from samba_gui.io.edf_header import EdfHeader, EdfSignal, read_edf_header
from samba_gui.io.source import SourceChannel, SourceFacts, gaps_in_words, shown, unique_labels

# Samples are read in blocks of about this size, so that a long recording is never in memory as a whole.
BLOCK_BYTES = 4 << 20
_MICROVOLTS = {"uv": 1.0, "µv": 1.0, "mv": 1e3, "v": 1e6, "nv": 1e-3}


class EdfSource:
    """An open EDF or BDF file; see :class:`samba_gui.io.source.Source`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._header = read_edf_header(path)
        self._signals = [signal for signal in self._header.signals if not signal.is_annotation]
        self._written = [signal.label for signal in self._signals]
        self._file = path.open("rb")
        self._lock = threading.Lock()  # one place in the file, many threads
        try:
            self.facts = self._read_facts()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def read(self, start: int, stop: int, channels: Sequence[int]) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, float64 (channels, times)."""
        n = self._record_n
        out = np.empty((len(channels), stop - start))
        # One record more holds the neighbours to which slow channels are interpolated.
        more = int(any(self._signals[channel].n != n for channel in channels))
        block = max(1, BLOCK_BYTES // (self._header.record_samples * self._header.sample_bytes))
        for first in range(start // n, -(-stop // n), block):
            last = min(first + block, -(-stop // n))
            low, high = max(start, first * n), min(stop, last * n)
            records = self._records(first, min(last + more, self._header.n_records))
            for row, channel in enumerate(channels):
                out[row, low - start : high - start] = self._samples(records, first, channel, low, high)
        return out

    def _records(self, first: int, last: int) -> np.ndarray:
        """Bytes of records ``[first, last)``, uint8 (records, bytes)."""
        size = self._header.record_samples * self._header.sample_bytes
        with self._lock:
            self._file.seek(self._header.data_start + first * size)
            raw = self._file.read((last - first) * size)
        if len(raw) != (last - first) * size:
            raise RecordingError(
                "{name} has become shorter since it was opened.",
                "Open the recording again.",
                name=self._path.name,
            )
        return np.frombuffer(raw, dtype=np.uint8).reshape(last - first, size)

    def _digital(self, records: np.ndarray, signal: EdfSignal) -> np.ndarray:
        """Digital values of one signal, joined over the records, int32 or int16."""
        width = self._header.sample_bytes
        raw = np.ascontiguousarray(records[:, signal.offset * width : (signal.offset + signal.n) * width])
        if width == 2:
            return raw.view("<i2").ravel()
        low, middle, high = raw.reshape(-1, 3).astype(np.int32).T
        return low | middle << 8 | (high ^ 0x80) - 0x80 << 16

    def _samples(self, records: np.ndarray, first: int, channel: int, low: int, high: int) -> np.ndarray:
        """Samples ``[low, high)`` of one channel from records that begin with record ``first``."""
        signal, n = self._signals[channel], self._record_n
        gain, offset = self._scales[channel]
        values = self._digital(records, signal)
        if signal.n == n:
            return values[low - first * n : high - first * n] * gain + offset
        # In whole numbers, so that the same sample comes out whatever stretch it is read with.
        index, part = np.divmod(np.arange(low, high) * signal.n, n)
        if self.facts.channels[channel].kind == ChannelKind.TRIGGER:
            return values[index - first * signal.n] * gain + offset
        # The last sample before a gap is held: what comes after the gap is no neighbour.
        after = np.minimum(index + 1, self._segment_stop[index // signal.n] * signal.n - 1)
        values = values.astype(np.float64)
        left, right = values[index - first * signal.n], values[after - first * signal.n]
        return (left + (right - left) * (part / n)) * gain + offset

    def _read_facts(self) -> SourceFacts:
        header = self._header
        warnings = list(header.warnings)
        written = self._written
        labels = unique_labels(written)
        if labels != written:
            names = shown([new for new, old in zip(labels, written, strict=True) if new != old])
            warnings.append(
                Text("Some channels have no name or the same name and were numbered: {names}.", names=names)
            )
        units, self._scales = self._units(warnings)
        rates = [signal.n / header.record_s for signal in self._signals]
        self._record_n = self._common_count()
        rate_hz = self._record_n / header.record_s
        _warn_of_rates(labels, rates, rate_hz, warnings)
        annotations, onsets = self._read_annotations(warnings)
        segments = self._segments(onsets, rate_hz, warnings)
        self._segment_stop = np.concatenate(
            [
                np.full(segment.n // self._record_n, (segment.start + segment.n) // self._record_n)
                for segment in segments
            ]
        )
        first_s = onsets[0] if onsets else 0.0
        channels = tuple(
            SourceChannel(
                label,
                unit,
                rate,
                _kind(header, old),
                written="" if old == label else old,
                filters=signal.filters,
            )
            for label, old, unit, rate, signal in zip(
                labels, written, units, rates, self._signals, strict=True
            )
        )
        return SourceFacts(
            header.format,
            channels,
            rate_hz,
            header.n_records * self._record_n,
            segments,
            shift(annotations, first_s),
            None if header.clock_s is None else header.clock_s + first_s,
            warnings=tuple(warnings),
            simulated=header.simulated,
        )

    def _units(self, warnings: list[Text]) -> tuple[list[str], list[tuple[float, float]]]:
        """Units after scaling, and gain and offset from digital values, per channel."""
        units, scales, unscaled, unitless = [], [], [], []
        for signal in self._signals:
            factor = self._microvolts(signal)
            if factor is not None and not signal.unit:
                unitless.append(signal.label)
            units.append(signal.unit if factor is None else "µV")
            steps = signal.digital_max - signal.digital_min
            span = signal.physical_max - signal.physical_min
            if steps == 0 or span == 0:
                unscaled.append(signal.label)
                scales.append((1.0, 0.0))
                continue
            gain = span / steps
            offset = signal.physical_min - signal.digital_min * gain
            scales.append((gain * (factor or 1.0), offset * (factor or 1.0)))
        if unitless:
            warnings.append(Text("No unit is given for {names}: taken as microvolts.", names=shown(unitless)))
        if unscaled:
            warnings.append(
                Text("The header gives no scale for {names}: raw numbers are shown.", names=shown(unscaled))
            )
        return units, scales

    def _microvolts(self, signal: EdfSignal) -> float | None:
        """Microvolts per unit; None for other quantities."""
        if not signal.unit and kind_by_name(signal.label, self._written) == ChannelKind.EEG:
            return 1.0
        return _MICROVOLTS.get(signal.unit.lower())

    def _common_count(self) -> int:
        """Samples per record at which all channels are delivered: the fastest EEG channel's."""
        eeg = [
            signal.n
            for signal in self._signals
            if self._microvolts(signal) and kind_by_name(signal.label, self._written) == ChannelKind.EEG
        ]
        return max(eeg or [signal.n for signal in self._signals])

    def _read_annotations(self, warnings: list[Text]) -> tuple[list[tuple[float, float, str]], list[float]]:
        """All annotations, and the onset of every record (empty for files without time-keeping)."""
        header = self._header
        lists = [signal for signal in header.signals if signal.is_annotation]
        found: list[tuple[float, float, str]] = []
        onsets: list[float] = []
        for raw in self._annotation_bytes(lists):
            annotations, onset = parse_tals(raw)
            found += annotations
            if onset is not None:
                onsets.append(onset)
        if lists and len(onsets) < header.n_records:
            if header.discontinuous:
                raise RecordingError(
                    "{name} has gaps, and {n_missing} of its {n_records} records do not say when they begin.",
                    "Fetch or export the file again.",
                    name=self._path.name,
                    n_missing=header.n_records - len(onsets),
                    n_records=header.n_records,
                )
            warnings.append(Text("The annotations are damaged; some may be missing."))
            onsets = []
        return found, onsets

    def _annotation_bytes(self, lists: list[EdfSignal]) -> Iterator[bytes]:
        """All annotation signals of one record after the other; nothing else is read of a long file."""
        header = self._header
        width = header.sample_bytes
        places = [(header.data_start + signal.offset * width, signal.n * width) for signal in lists]
        with self._path.open("rb", buffering=0) as file:
            for record in range(header.n_records if lists else 0):
                before = record * header.record_samples * width
                parts = []
                for start, size in places:
                    file.seek(before + start)
                    parts.append(file.read(size))
                yield b"".join(parts)

    def _segments(self, onsets: list[float], rate_hz: float, warnings: list[Text]) -> tuple[Segment, ...]:
        header = self._header
        n = header.n_records * self._record_n
        if not header.discontinuous or not onsets:
            return (Segment(0.0, 0, n),)
        segments = segments_of_records(onsets, header.record_s, self._record_n, 0.5 / rate_hz)
        ends = [segment.onset_s + segment.n / rate_hz for segment in segments]
        if any(b.onset_s < end for end, b in zip(ends, segments[1:], strict=False)):
            warnings.append(Text("Records overlap in time; the recording is read as if it had no gaps."))
            return (Segment(0.0, 0, n),)
        if len(segments) > 1:
            missing = segments[-1].onset_s + segments[-1].n / rate_hz - n / rate_hz
            warnings.append(gaps_in_words(len(segments) - 1, missing))
        return segments


def _kind(header: EdfHeader, label: str) -> ChannelKind | None:
    return ChannelKind.TRIGGER if header.sample_bytes == 3 and label == "Status" else None


def _warn_of_rates(labels: list[str], rates: list[float], rate_hz: float, warnings: list[Text]) -> None:
    for other in sorted({rate for rate in rates if rate != rate_hz}):
        names = [label for label, rate in zip(labels, rates, strict=True) if rate == other]
        warnings.append(
            Text(
                "{names}: recorded at {other_hz:g} Hz, brought to the {rate_hz:g} Hz of the others by "
                "straight lines between samples.",
                names=shown(names),
                other_hz=other,
                rate_hz=rate_hz,
            )
        )
