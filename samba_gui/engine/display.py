"""Filters for display: zero-phase, applied to the page on screen and never to the model's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samba_gui.core.words import Text

NOTCH_QUALITY = 30.0
MAX_MARGIN_S = 20.0
ROWS_AT_ONCE = 8  # a page of them stays in the processor's cache: twice as fast as all together


@dataclass(frozen=True, slots=True)
class DisplayFilter:
    """Second-order Butterworth filters run forwards and backwards (−6 dB at the cutoff), and a notch.

    Parameters
    ----------
    highpass_hz : float or None
        "Low-frequency filter".
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

    def skipped(self, rate_hz: float) -> tuple[Text, ...]:
        """What :meth:`at` left out, in words."""
        names = (Text("low-frequency filter"), Text("high-frequency filter"), Text("notch"))
        return tuple(
            Text(
                "{filter} {hz:g} Hz not applied: half the sampling rate is {half_hz:g} Hz",
                filter=name,
                hz=hz,
                half_hz=rate_hz / 2,
            )
            for name, hz in zip(names, self._cutoffs(), strict=True)
            if hz and hz >= rate_hz / 2
        )

    def in_words(self, rate_hz: float) -> Text:
        """For the status line: what is really applied, in Hz."""
        low, high, notch = (
            Text("{hz:g} Hz", hz=hz) if hz else Text("off") for hz in self.at(rate_hz)._cutoffs()
        )
        return Text("LFF {low} · HFF {high} · notch {notch}", low=low, high=high, notch=notch)

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
    applied = display_filter.at(rate_hz)
    data = np.array(data_uv, dtype=np.float64)
    if not any(applied._cutoffs()) or not data.size:
        return data
    finite = np.isfinite(data)
    if finite.all():
        for first in range(0, len(data), ROWS_AT_ONCE):
            rows = slice(first, first + ROWS_AT_ONCE)
            data[rows] = _both_ways(data[rows], rate_hz, applied)
        return data
    for channel, is_finite in zip(data, finite, strict=True):
        for start, stop in _runs(is_finite):
            channel[start:stop] = _both_ways(channel[start:stop], rate_hz, applied)
    return data


def response_db(display_filter: DisplayFilter, rate_hz: float, freqs_hz: np.ndarray) -> np.ndarray:
    """Gain of :func:`filter_page` at some frequencies, dB (n,); forwards and backwards count twice."""
    gain = _gain(display_filter.at(rate_hz), rate_hz, np.asarray(freqs_hz))
    return 20 * np.log10(np.maximum(gain, 1e-15))


def _gain(applied: DisplayFilter, rate_hz: float, freqs_hz: np.ndarray) -> np.ndarray:
    """What forwards and backwards leave of a sine's amplitude: the filters' squared magnitude, (n,).

    Butterworth filters of second order by the bilinear transform, and the notch of Orfanidis,
    Introduction to Signal Processing (1996), chapter 11.3.
    """
    warped = np.tan(np.pi * np.minimum(freqs_hz / rate_hz, 0.5))
    gain = np.ones(warped.shape)
    if applied.highpass_hz:
        ratio = (warped / np.tan(np.pi * applied.highpass_hz / rate_hz)) ** 4
        gain *= ratio / (1 + ratio)
    if applied.lowpass_hz:
        gain /= 1 + (warped / np.tan(np.pi * applied.lowpass_hz / rate_hz)) ** 4
    if applied.notch_hz:
        angle, centre = (2 * np.pi * hz / rate_hz for hz in (freqs_hz, applied.notch_hz))
        width = np.tan(centre / NOTCH_QUALITY / 2)
        distance = (np.cos(angle) - np.cos(centre)) ** 2
        gain *= distance / (distance + (width * np.sin(angle)) ** 2)
    return gain


def _both_ways(run: np.ndarray, rate_hz: float, applied: DisplayFilter) -> np.ndarray:
    """Filter along the last axis; beyond its ends the run is continued by odd reflection.

    What is left of a run when the line through its first and last value is taken away becomes periodic by
    that reflection, so its spectrum is exact; the line itself passes all filters but the high-pass.
    """
    n = run.shape[-1]
    line = run[..., :1] + (run[..., -1:] - run[..., :1]) * np.linspace(0, 1, n)
    if n > 2:
        rest = run - line
        period = np.concatenate([rest, -rest[..., -2:0:-1]], axis=-1)
        gain = _gain(applied, rate_hz, np.fft.rfftfreq(period.shape[-1], 1 / rate_hz))
        rest = np.fft.irfft(np.fft.rfft(period) * gain, period.shape[-1])[..., :n]
    else:
        rest = np.zeros(run.shape)
    return rest if applied.highpass_hz else rest + line


def _runs(finite: np.ndarray) -> np.ndarray:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], finite, [False]]).astype(np.int8)))
    return edges.reshape(-1, 2)
