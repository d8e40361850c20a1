"""Band power and potential against an independent computation and against the samples themselves."""

from __future__ import annotations

import numpy as np
import pytest

from samba_gui.core.recording import ChannelKind
from samba_gui.engine.page_figures import BANDS_HZ, band_density, potential, potential_limit, stretch
from samba_gui.engine.page_rows import PageRow
from samba_gui.engine.pages import Page

RATE_HZ = 200.0


def a_page(data_uv: np.ndarray, start_s: float = 0.0, thinned: int = 1) -> Page:
    """A page whose rows are channels A, B, C … as recorded."""
    rows = tuple(PageRow(name, ChannelKind.EEG, "µV", "", (name,)) for name in "ABCDE"[: len(data_uv)])
    n = data_uv.shape[1]
    return Page(start_s, n / RATE_HZ, start_s + np.arange(n) / RATE_HZ, data_uv, rows, thinned=thinned)


@pytest.mark.parametrize(("band", "frequency_hz"), [("delta", 2.5), ("theta", 6.0), ("alpha", 10.0)])
def test_a_sine_has_its_power_in_its_band_alone(band: str, frequency_hz: float) -> None:
    times_s, amplitude_uv = np.arange(800) / RATE_HZ, 30.0
    sine = 1000 + amplitude_uv * np.sin(2 * np.pi * frequency_hz * times_s + 0.3)
    bins = np.abs(np.fft.rfft(sine)) ** 2 * 2 / 800**2  # µV² of each frequency, without any taper
    frequencies = np.arange(len(bins)) * RATE_HZ / 800
    for name, (low_hz, high_hz) in BANDS_HZ.items():
        expected = bins[(frequencies >= low_hz) & (frequencies < high_hz)].sum() / (high_hz - low_hz)
        (found,) = band_density(sine[None], RATE_HZ, (low_hz, high_hz))
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
        if name == band:
            assert found == pytest.approx(amplitude_uv**2 / 2 / (high_hz - low_hz))


def test_white_noise_has_the_same_density_in_every_band() -> None:
    noise = np.random.default_rng(0).normal(0, 5, (400, 800))
    for band_hz in BANDS_HZ.values():
        assert band_density(noise, RATE_HZ, band_hz).mean() == pytest.approx(25 / (RATE_HZ / 2), rel=0.05)


def test_missing_samples_and_too_short_a_stretch_have_no_value() -> None:
    data = np.random.default_rng(0).normal(size=(2, 400))
    data[1, 7] = np.nan
    assert np.isfinite(band_density(data, RATE_HZ, (8, 13))).tolist() == [True, False]
    assert np.isnan(band_density(data[:, :10], RATE_HZ, (1, 4))).all()
    assert np.isnan(band_density(data[:, :0], RATE_HZ, (1, 4))).all()


def test_a_stretch_is_there_as_a_whole_or_not_at_all() -> None:
    data = np.random.default_rng(1).normal(size=(3, 2000))
    page = a_page(data, start_s=20.0)
    found = stretch(page, ["C", "no such", "A"], RATE_HZ, 24.0, 28.0)
    assert found is not None
    np.testing.assert_array_equal(found[[0, 2]], data[[2, 0], 800:1600])
    assert np.isnan(found[1]).all()
    assert stretch(page, ["A"], RATE_HZ, 28.0, 32.0) is None
    assert stretch(page, ["A"], RATE_HZ, 18.0, 22.0) is None
    assert stretch(a_page(data, 20.0, thinned=4), ["A"], RATE_HZ, 24.0, 28.0) is None


def test_the_potential_is_the_sample() -> None:
    data = 40 * np.random.default_rng(2).normal(size=(3, 2000))
    page = a_page(data, start_s=20.0)
    found = potential(page, ["B", "A"], RATE_HZ, 25.0021)
    assert found is not None
    assert found.tolist() == [data[1, 1000], data[0, 1000]]
    assert potential(page, ["A"], RATE_HZ, 31.0) is None
    assert potential(a_page(data, thinned=4), ["A"], RATE_HZ, 1.0) is None
    assert potential_limit(page, ["A", "B"]) == 100.0
    assert potential_limit(a_page(np.zeros((1, 9))), ["A", "none"]) == 1.0
