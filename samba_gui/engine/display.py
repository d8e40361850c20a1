"""Filters for display: zero-phase, applied to the page on screen and never to the model's input."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

NOTCH_QUALITY = 30.0
MAX_MARGIN_S = 20.0


@dataclass(frozen=True, slots=True)
class DisplayFilter:
    """Second-order Butterworth filters run forwards and backwards (−6 dB at the cutoff), and a notch.

    Parameters
    ----------
    highpass_hz : float or None
        "Low-frequency filter"; without it the page's median is removed from each channel instead.
    lowpass_hz : float or None
        "High-frequency filter".
    notch_hz : float or None
        50 or 60.
    """

    highpass_hz: float | None = 1.0
    lowpass_hz: float | None = 70.0
    notch_hz: float | None = None

    def at(self, rate_hz: float) -> DisplayFilter:
        """The part that can be applied at a sampling rate: cutoffs below half of it."""
        return DisplayFilter(*(hz if hz and hz < rate_hz / 2 else None for hz in self._cutoffs()))

    def skipped(self, rate_hz: float) -> tuple[str, ...]:
        """What :meth:`at` left out, in words."""
        names = ("low-frequency filter", "high-frequency filter", "notch")
        return tuple(
            f"{name} {hz:g} Hz not applied: half the sampling rate is {rate_hz / 2:g} Hz"
            for name, hz in zip(names, self._cutoffs(), strict=True)
            if hz and hz >= rate_hz / 2
        )

    def in_words(self, rate_hz: float) -> str:
        """For the status line: what is really applied, in Hz."""
        low, high, notch = (f"{hz:g} Hz" if hz else "off" for hz in self.at(rate_hz)._cutoffs())
        return f"LFF {low} · HFF {high} · notch {notch}"

    def margin_s(self) -> float:
        """Time to read on either side of a page so that the filters have settled within it."""
        lowest_hz = min((hz for hz in (self.highpass_hz, self.lowpass_hz) if hz), default=np.inf)
        notch_s = NOTCH_QUALITY / self.notch_hz if self.notch_hz else 0.0
        return float(min(max(2.0 / lowest_hz, notch_s), MAX_MARGIN_S))

    def _cutoffs(self) -> tuple[float | None, float | None, float | None]:
        return self.highpass_hz, self.lowpass_hz, self.notch_hz


def filter_page(data_uv: np.ndarray, rate_hz: float, display_filter: DisplayFilter) -> np.ndarray:
    """Filter a stretch without gaps.

    Parameters
    ----------
    data_uv : ndarray (channels, times)
        Runs of NaN part a channel: each side is filtered for itself and the NaN stay.
    rate_hz : float
    display_filter : DisplayFilter
        Cutoffs at or above half the rate are skipped.

    Returns
    -------
    ndarray (channels, times) float64
        A new array.
    """
    sections = _sections(display_filter.at(rate_hz), rate_hz)
    data = np.array(data_uv, dtype=np.float64)
    if sections is None or not data.size:
        return data

    def both_ways(run: np.ndarray) -> np.ndarray:
        # a second of padding: a drifting channel starts without a step
        return _signal().sosfiltfilt(sections, run, padlen=min(round(rate_hz), run.shape[-1] - 1))

    finite = np.isfinite(data)
    if finite.all():
        return both_ways(data)
    for channel, is_finite in zip(data, finite, strict=True):
        for start, stop in _runs(is_finite):
            channel[start:stop] = both_ways(channel[start:stop])
    return data


def response_db(display_filter: DisplayFilter, rate_hz: float, freqs_hz: np.ndarray) -> np.ndarray:
    """Gain of :func:`filter_page` at some frequencies, dB (n,); forwards and backwards count twice."""
    sections = _sections(display_filter.at(rate_hz), rate_hz)
    if sections is None:
        return np.zeros(np.shape(freqs_hz))
    _, response = _signal().sosfreqz(sections, worN=freqs_hz, fs=rate_hz)
    return 40 * np.log10(np.maximum(np.abs(response), 1e-15))


def _sections(applied: DisplayFilter, rate_hz: float) -> np.ndarray | None:
    found = []
    if applied.highpass_hz:
        found.append(_signal().butter(2, applied.highpass_hz, "highpass", fs=rate_hz, output="sos"))
    if applied.lowpass_hz:
        found.append(_signal().butter(2, applied.lowpass_hz, "lowpass", fs=rate_hz, output="sos"))
    if applied.notch_hz:
        found.append(_signal().tf2sos(*_signal().iirnotch(applied.notch_hz, NOTCH_QUALITY, fs=rate_hz)))
    return np.concatenate(found) if found else None


def _runs(finite: np.ndarray) -> np.ndarray:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], finite, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2)


def _signal() -> ModuleType:
    """SciPy's filters, imported with the first page: the window is painted before that."""
    from scipy import signal

    return signal
