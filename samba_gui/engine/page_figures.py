"""Figures of the signal itself, one per channel, from a page of traces as it is shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from samba_gui.engine.pages import Page

BANDS_HZ = {"delta": (1.0, 4.0), "theta": (4.0, 8.0), "alpha": (8.0, 13.0), "beta": (13.0, 30.0)}
"""From … up to, but not with, in Hz; gamma is not there: the model's band ends at 40 Hz."""

_STEPS = (1.0, 2.0, 5.0, 10.0)


def band_density(data_uv: np.ndarray, rate_hz: float, band_hz: tuple[float, float]) -> np.ndarray:
    """Mean power spectral density within a band, µV²/Hz, (channels,).

    One periodogram: mean taken off, Hann taper, one-sided.

    Parameters
    ----------
    data_uv : ndarray (channels, times)
    rate_hz : float
    band_hz : tuple of 2 floats
        From … up to, but not with.

    Returns
    -------
    ndarray (channels,)
        NaN for channels with missing samples, and where no frequency of the stretch lies within the band.
    """
    n = data_uv.shape[1]
    freqs_hz = np.fft.rfftfreq(n, 1 / rate_hz) if n else np.empty(0)
    within = (freqs_hz >= band_hz[0]) & (freqs_hz < band_hz[1]) & (freqs_hz < rate_hz / 2)
    if not within.any():
        return np.full(len(data_uv), np.nan)
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    level = data_uv.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft((data_uv - level) * taper)[:, within]
    return 2 * (np.abs(spectrum) ** 2).mean(axis=1) / (rate_hz * np.sum(taper**2))


def stretch(
    page: Page, labels: Sequence[str], rate_hz: float, start_s: float, stop_s: float
) -> np.ndarray | None:
    """Samples of some channels between two times, (channels, times) µV.

    Parameters
    ----------
    page : Page
    labels : sequence of str
        Of channels, as the file has them; one without a row of its own in µV is NaN throughout.
    rate_hz : float
    start_s, stop_s : float

    Returns
    -------
    ndarray or None
        None where the page does not hold every sample of the stretch.
    """
    half_s = 0.5 / rate_hz
    first, last = np.searchsorted(page.times_s, (start_s - half_s, stop_s - half_s))
    wanted = (stop_s - start_s) * rate_hz
    if page.thinned > 1 or abs(last - first - wanted) > 1:
        return None
    return _rows(page, labels)[:, first:last]


def potential(page: Page, labels: Sequence[str], rate_hz: float, time_s: float) -> np.ndarray | None:
    """The sample nearest to a time, µV (channels,); None where the page does not hold it."""
    if page.thinned > 1 or not page.times_s.size:
        return None
    at = int(np.argmin(np.abs(page.times_s - time_s)))
    if abs(page.times_s[at] - time_s) > 1 / rate_hz:
        return None
    return _rows(page, labels)[:, at]


def potential_limit(page: Page, labels: Sequence[str]) -> float:
    """The step of 1, 2 or 5 · 10ⁿ µV within which 98 % of the page's samples lie; at least 1.

    One scale for the whole page: it does not jump while the cursor moves.
    """
    values = np.abs(_rows(page, labels))
    values = values[np.isfinite(values)]
    most = max(float(np.quantile(values, 0.98)) if values.size else 1.0, 1.0)
    decade = 10.0 ** np.floor(np.log10(most))
    return float(decade * next(step for step in _STEPS if step * decade >= most * (1 - 1e-9)))


def _rows(page: Page, labels: Sequence[str]) -> np.ndarray:
    at = {row.channel: i for i, row in reversed(list(enumerate(page.rows))) if row.unit == "µV"}
    found = np.full((len(labels), page.data.shape[1]), np.nan)
    for channel, label in zip(found, labels, strict=True):
        if label in at:
            channel[:] = page.data[at[label]]
    return found
