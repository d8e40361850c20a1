"""One page of traces: read with a margin, derived, filtered, and thinned to what a screen can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from samba_gui.core.arrangement import Arrangement
from samba_gui.core.derivations import AS_RECORDED, Basis, Derivation
from samba_gui.core.recording import ChannelKind, RecordingInfo, Segment
from samba_gui.core.words import Text, wording
from samba_gui.engine.derivations import combine, finite_mean
from samba_gui.engine.display import DisplayFilter, filter_page
from samba_gui.engine.page_rows import ELECTRIC, PageRow, RowPlan, plan_rows

BLOCK_VALUES = 8_000_000
"""Values held at a time while a long page is read."""


class ReadableRecording(Protocol):
    """What a page needs of a recording."""

    @property
    def info(self) -> RecordingInfo:
        """Facts about the recording."""

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        """Samples ``[start, stop)`` of some channels, (channels, times), µV."""


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
        In the order of the arrangement.
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
    derivation: Derivation = AS_RECORDED,
    arrangement: Arrangement = Arrangement(),  # noqa: B008 - it is frozen
    *,
    bads: frozenset[str] = frozenset(),
    positions_m: Mapping[str, np.ndarray] | None = None,
    level: bool = True,
    max_points: int = 2500,
) -> Page:
    """Read a page of a recording for display.

    Parameters
    ----------
    recording : ReadableRecording
    start_s, duration_s : float
    display_filter : DisplayFilter
    derivation : Derivation
    arrangement : Arrangement
        Order of the rows, and channels that are not shown.
    bads : frozenset of str
        Labels of channels that do not enter the average reference.
    positions_m : mapping, optional
        Positions (3,) by label, for the local Laplacian.
    level : bool
        Whether the page's median is taken from each channel where no low-frequency filter does so.
    max_points : int
        Pages with more than about 1.5 times as many samples are thinned to minimum and maximum.

    Returns
    -------
    Page
    """
    info = recording.info
    plan = plan_rows(info, derivation, arrangement, bads, positions_m)
    shown = plan.rows
    read = _Read(recording, plan, display_filter, bads)
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
            data.append(thin(read.block(block), step))
    joined = np.concatenate(data, axis=1)
    if level and not display_filter.highpass_hz:
        electric = [i for i, row in enumerate(shown) if row.kind in ELECTRIC]
        joined[electric] -= _medians(joined[electric])
    return Page(
        start_s,
        duration_s,
        np.concatenate(times),
        joined,
        shown,
        _gaps(info, start_s, start_s + duration_s),
        display_filter.skipped(info.rate_hz) + _missing(derivation, plan) + _hidden(info, arrangement),
        step,
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


class _Read:
    """Reads blocks of a page's rows.

    Only channels that take part are read; the average needs all that are good.
    """

    def __init__(
        self,
        recording: ReadableRecording,
        plan: RowPlan,
        display_filter: DisplayFilter,
        bads: frozenset[str],
    ) -> None:
        info = recording.info
        self._recording = recording
        self._filter = display_filter
        self._margin = round(display_filter.at(info.rate_hz).margin_s() * info.rate_hz)
        good = [i for i in info.indices(ChannelKind.EEG) if info.labels[i] not in bads]
        averaged = good if any(plan.averaged) else []
        self._channels = sorted({i for terms in plan.terms for i, _ in terms} | set(averaged))
        at = {channel: place for place, channel in enumerate(self._channels)}
        self._terms = [tuple((at[i], weight) for i, weight in terms) for terms in plan.terms]
        self._good = [at[i] for i in averaged]
        self._averaged = np.flatnonzero(plan.averaged)
        self._electric = [i for i, row in enumerate(plan.rows) if row.kind in ELECTRIC]

    def block(self, span: _Span) -> np.ndarray:
        """Filtered rows of a span, (rows, n)."""
        first, last = max(0, span.first - self._margin), min(span.segment.n, span.last + self._margin)
        start = span.segment.start
        values = self._recording.read(start + first, start + last, self._channels)
        rows = combine(values, self._terms)
        if self._averaged.size:
            rows[self._averaged] -= finite_mean(values[self._good])
        filtered = filter_page(rows[self._electric], self._recording.info.rate_hz, self._filter)
        if len(self._electric) == len(rows):
            rows = filtered
        else:
            rows[self._electric] = filtered
        return rows[:, span.first - first : span.last - first]


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


def _hidden(info: RecordingInfo, arrangement: Arrangement) -> tuple[Text, ...]:
    n = len(arrangement.hidden.intersection(info.labels))
    return (Text("1 channel hidden" if n == 1 else "{n} channels hidden", n=n),) if n else ()


def _missing(derivation: Derivation, plan: RowPlan) -> tuple[Text, ...]:
    if not plan.missing:
        return ()
    if derivation.basis is Basis.NEIGHBOURS:
        words = wording("{derivation}: {n} electrodes without a position or neighbours")
        return (Text(words, derivation=derivation.name, n=plan.missing),)
    wanted = len(derivation.rows)
    words = wording("{derivation}: {n} of {wanted} rows, the other electrodes are missing")
    return (Text(words, derivation=derivation.name, n=wanted - plan.missing, wanted=wanted),)
