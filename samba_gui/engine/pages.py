"""One page of traces: read with a margin, derived, filtered, and thinned to what a screen can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from samba_gui.core.recording import ChannelKind, RecordingInfo, Segment
from samba_gui.engine.derivations import CHAINS, Derivation, derive, rows
from samba_gui.engine.display import DisplayFilter, filter_page

BLOCK_VALUES = 8_000_000
"""Values held at a time while a long page is read."""

ELECTRIC = (ChannelKind.EEG, ChannelKind.REFERENCE, ChannelKind.EOG, ChannelKind.ECG, ChannelKind.EMG)
"""Kinds that are filtered; the others are shown as recorded."""


class ReadableRecording(Protocol):
    """What a page needs of a recording."""

    @property
    def info(self) -> RecordingInfo:
        """Facts about the recording."""

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, (channels, times), µV."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """What one row of the page shows.

    Parameters
    ----------
    label : str
        For the screen: ``"Fp1"``, ``"Fp1-F7"``.
    kind : ChannelKind
    unit : str
    group : int
        A gap is drawn where it changes.
    plus, minus : str
        Labels in the file; ``minus`` is empty unless another channel was subtracted.
    """

    label: str
    kind: ChannelKind
    unit: str
    group: int
    plus: str
    minus: str = ""


@dataclass(frozen=True, eq=False)
class Page:
    """A page of traces.

    Parameters
    ----------
    start_s, duration_s : float
        What was asked for, in seconds from the recording's first sample.
    times_s : ndarray (n,) float64
    data : ndarray (rows, n) float64
        µV or the row's unit; NaN where the recording has a gap.
    rows : tuple of PageRow
        EEG first, then the other channels.
    gaps : tuple of (start_s, stop_s)
        Missing time within the page.
    notes : tuple of str
        What a reader must know: filters that could not be applied, rows that are missing.
    thinned : int
        Samples that each pair of points (minimum and maximum) stands for; 1 = every sample is there.
    """

    start_s: float
    duration_s: float
    times_s: np.ndarray
    data: np.ndarray
    rows: tuple[PageRow, ...]
    gaps: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()
    thinned: int = 1

    def value_at(self, row: int, time_s: float) -> float:
        """The row's value at the point nearest to a time; NaN in gaps and on an empty page."""
        if not self.times_s.size or any(start <= time_s < stop for start, stop in self.gaps):
            return float("nan")
        return float(self.data[row, np.argmin(np.abs(self.times_s - time_s))])


def read_page(
    recording: ReadableRecording,
    start_s: float,
    duration_s: float,
    display_filter: DisplayFilter,
    derivation: Derivation = Derivation.AS_RECORDED,
    *,
    bads: frozenset[str] = frozenset(),
    max_points: int = 2500,
) -> Page:
    """Read a page of a recording for display.

    Parameters
    ----------
    recording : ReadableRecording
    start_s, duration_s : float
    display_filter : DisplayFilter
    derivation : Derivation
    bads : frozenset of str
        Labels of channels that do not enter the average reference.
    max_points : int
        Pages with more than about 1.5 times as many samples are thinned to minimum and maximum.

    Returns
    -------
    Page
    """
    info = recording.info
    shown = _rows(info, derivation)
    spans = list(_spans(info, start_s, start_s + duration_s))
    step = sum(span.n for span in spans) // max(max_points // 2, 1)
    step = step if step > 2 else 1
    times, data = [np.empty(0)], [np.empty((len(shown), 0))]
    for span in spans:
        if times[-1].size:
            times.append(times[-1][-1:])
            data.append(np.full((len(shown), 1), np.nan))
        for block in span.blocks(max(BLOCK_VALUES // max(len(info.channels), 1) // step, 1) * step):
            times.append(thin_times(block.times_s(info.rate_hz), step))
            data.append(thin(_read_block(recording, block, display_filter, derivation, bads), step))
    joined = np.concatenate(data, axis=1)
    level = [i for i, row in enumerate(shown) if not display_filter.highpass_hz and row.kind in ELECTRIC]
    joined[level] -= _medians(joined[level])
    return Page(
        start_s,
        duration_s,
        np.concatenate(times),
        joined,
        shown,
        _gaps(info, start_s, start_s + duration_s),
        display_filter.skipped(info.rate_hz) + _missing(info, derivation, shown),
        step,
    )


def _order(info: RecordingInfo) -> tuple[list[int], list[int]]:
    eeg = info.indices(ChannelKind.EEG)
    others = [i for kind in ChannelKind if kind is not ChannelKind.EEG for i in info.indices(kind)]
    return eeg, others


def _rows(info: RecordingInfo, derivation: Derivation) -> tuple[PageRow, ...]:
    eeg, others = _order(info)
    derived = rows([info.channels[i].name for i in eeg], derivation)
    first = tuple(
        PageRow(
            row.label,
            ChannelKind.EEG,
            info.channels[eeg[row.plus]].unit,
            row.group,
            info.labels[eeg[row.plus]],
            info.labels[eeg[row.minus]] if row.minus >= 0 else "",
        )
        for row in derived
    )
    group = 1 + max((row.group for row in first), default=-1)
    return first + tuple(
        PageRow(channel.name, channel.kind, channel.unit, group, channel.label)
        for channel in (info.channels[i] for i in others)
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Samples ``[first, last)`` of a segment, counted from its start."""

    segment: Segment
    first: int
    last: int

    @property
    def n(self) -> int:
        return self.last - self.first

    def blocks(self, size: int) -> Iterator[_Span]:
        for first in range(self.first, self.last, size):
            yield _Span(self.segment, first, min(first + size, self.last))

    def times_s(self, rate_hz: float) -> np.ndarray:
        return self.segment.onset_s + np.arange(self.first, self.last) / rate_hz


def _spans(info: RecordingInfo, start_s: float, stop_s: float) -> Iterator[_Span]:
    """What the recording has of the page, a sample wider so that lines reach the page's edges."""
    for segment in info.segments:
        first = max(0, int(np.floor((start_s - segment.onset_s) * info.rate_hz)))
        last = min(segment.n, int(np.ceil((stop_s - segment.onset_s) * info.rate_hz)) + 1)
        if first < last and segment.onset_s < stop_s:
            yield _Span(segment, first, last)


def _read_block(
    recording: ReadableRecording,
    span: _Span,
    display_filter: DisplayFilter,
    derivation: Derivation,
    bads: frozenset[str],
) -> np.ndarray:
    info = recording.info
    eeg, others = _order(info)
    margin = round(display_filter.at(info.rate_hz).margin_s() * info.rate_hz)
    first, last = max(0, span.first - margin), min(span.segment.n, span.last + margin)
    values = recording.read(span.segment.start + first, span.segment.start + last, eeg + others)
    names = [info.channels[i].name for i in eeg]
    bad_names = frozenset(info.channels[i].name for i in eeg if info.labels[i] in bads)
    derived, _, _ = derive(values[: len(eeg)], names, derivation, bad_names)
    electric = [i for i in range(len(others)) if info.channels[others[i]].kind in ELECTRIC]
    rest = values[len(eeg) :]
    rest[electric] = filter_page(rest[electric], info.rate_hz, display_filter)
    filtered = np.concatenate([filter_page(derived, info.rate_hz, display_filter), rest])
    return filtered[:, span.first - first : span.last - first]


def thin(data: np.ndarray, step: int) -> np.ndarray:
    """Minimum and maximum of every ``step`` samples, in the order in which they occur.

    Parameters
    ----------
    data : ndarray (rows, n)
    step : int
        1 changes nothing.

    Returns
    -------
    ndarray (rows, 2 · ceil(n / step)), or ``data`` itself
    """
    if step == 1:
        return data
    padded = np.pad(data, ((0, 0), (0, -data.shape[1] % step)), mode="edge")
    buckets = padded.reshape(len(data), -1, step)
    low, high = np.fmin.reduce(buckets, axis=2), np.fmax.reduce(buckets, axis=2)
    rising = buckets.argmin(axis=2) < buckets.argmax(axis=2)
    pairs = np.stack([np.where(rising, low, high), np.where(rising, high, low)], axis=2)
    return pairs.reshape(len(data), -1)


def thin_times(times_s: np.ndarray, step: int) -> np.ndarray:
    """Times of what :func:`thin` returns: two in every ``step`` samples."""
    if step == 1:
        return times_s
    starts = times_s[::step]
    half_s = (times_s[1] - times_s[0]) * step / 2 if len(times_s) > 1 else 0.0
    return np.stack([starts, starts + half_s], axis=1).ravel()


def _medians(data: np.ndarray) -> np.ndarray:
    """Median of each row's finite values (rows, 1); 0 where there is none."""
    finite = [row[np.isfinite(row)] for row in data]
    return np.array([np.median(row) if row.size else 0.0 for row in finite])[:, None]


def _gaps(info: RecordingInfo, start_s: float, stop_s: float) -> tuple[tuple[float, float], ...]:
    ends = [segment.onset_s + segment.n / info.rate_hz for segment in info.segments]
    missing = zip(ends, [segment.onset_s for segment in info.segments[1:]], strict=False)
    return tuple(
        (max(end, start_s), min(onset, stop_s))
        for end, onset in missing
        if end < stop_s and onset > start_s and onset - end > 0.5 / info.rate_hz
    )


def _missing(info: RecordingInfo, derivation: Derivation, shown: tuple[PageRow, ...]) -> tuple[str, ...]:
    if derivation not in CHAINS:
        return ()
    wanted = sum(len(chain) - 1 for chain in CHAINS[derivation])
    found = sum(row.kind is ChannelKind.EEG for row in shown)
    return (
        (f"{derivation}: {found} of {wanted} rows, the other electrodes are missing",)
        if found < wanted
        else ()
    )
