"""Display filters against their formula, derivations by hand, pages against filtering everything at once."""

from __future__ import annotations

import numpy as np
import pytest
from array_recording import RATE_HZ, ArrayRecording, sine

from samba_gui.core.recording import Segment
from samba_gui.engine import pages
from samba_gui.engine.display import DisplayFilter, filter_page, response_db
from samba_gui.engine.pages import read_page, thin

OFF = DisplayFilter(None, None, None)


def amplitude(data: np.ndarray, hz: float) -> complex:
    """Complex amplitude of a whole number of seconds in the middle, by projection on the sine."""
    n = len(data)
    middle = slice(n // 4, n // 4 + round(8 * RATE_HZ))
    t = np.arange(n)[middle] / RATE_HZ
    return complex(2 * np.mean(data[middle] * np.exp(-2j * np.pi * hz * t)) * 1j)


def butterworth(hz: float, cutoff_hz: float, order: int = 2) -> float:
    """|H|² of the bilinear low-pass: what running forwards and backwards leaves of an amplitude."""
    return 1 / (1 + (np.tan(np.pi * hz / RATE_HZ) / np.tan(np.pi * cutoff_hz / RATE_HZ)) ** (2 * order))


@pytest.mark.parametrize("hz", [0.5, 1.0, 3.0, 20.0, 70.0, 100.0])
def test_filters_are_zero_phase_and_follow_their_formula(hz: float) -> None:
    filtered = filter_page(sine(hz)[None], RATE_HZ, DisplayFilter(1.0, 70.0, None))[0]
    expected = (1 - butterworth(hz, 1.0)) * butterworth(hz, 70.0)
    assert amplitude(filtered, hz) == pytest.approx(expected, abs=3e-3)


def test_notch_takes_its_frequency_only() -> None:
    both = sine(50.0) + sine(40.0)
    filtered = filter_page(both[None], RATE_HZ, DisplayFilter(None, None, 50.0))[0]
    assert abs(amplitude(filtered, 50.0)) < 1e-3
    assert abs(amplitude(filtered, 40.0)) == pytest.approx(1.0, abs=0.01)


def test_cutoffs_above_half_the_rate_are_skipped_and_said() -> None:
    wanted = DisplayFilter(1.0, 70.0, 60.0)
    assert wanted.at(128.0) == DisplayFilter(1.0, None, 60.0)
    assert wanted.at(100.0) == DisplayFilter(1.0, None, None)
    assert wanted.skipped(128.0) == (
        "high-frequency filter 70 Hz not applied: half the sampling rate is 64 Hz",
    )
    assert wanted.in_words(128.0) == "LFF 1 Hz · HFF off · notch 60 Hz"
    page = read_page(ArrayRecording(np.zeros((1, 1280)), ("Cz",), rate_hz=128.0), 0, 5, wanted)
    assert page.notes == wanted.skipped(128.0)


def test_filtering_leaves_its_input_alone() -> None:
    data = sine(10.0)[None]
    before = data.copy()
    filtered = filter_page(data, RATE_HZ, DisplayFilter())
    np.testing.assert_array_equal(data, before)
    assert not np.shares_memory(filter_page(data, RATE_HZ, OFF), data)
    assert not np.shares_memory(filtered, data)


def test_missing_samples_part_a_channel() -> None:
    data = np.stack([sine(7.0), sine(7.0)])
    data[0, 1000:1100] = np.nan
    filtered = filter_page(data, RATE_HZ, DisplayFilter())
    assert np.isnan(filtered[0, 1000:1100]).all()
    np.testing.assert_allclose(
        filtered[:1, :1000], filter_page(data[:1, :1000], RATE_HZ, DisplayFilter()), atol=1e-12
    )
    np.testing.assert_allclose(
        filtered[:1, 1100:], filter_page(data[:1, 1100:], RATE_HZ, DisplayFilter()), atol=1e-12
    )
    assert np.isfinite(filtered[1]).all()


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_short_stretches(n: int) -> None:
    assert filter_page(np.ones((2, n)), RATE_HZ, DisplayFilter(1.0, 70.0, 50.0)).shape == (2, n)


def test_page_is_cut_from_the_whole_filtered_recording() -> None:
    data = np.random.default_rng(0).standard_normal((3, 60 * 256)).cumsum(axis=1)
    page = read_page(ArrayRecording(data, ("Fz", "Cz", "Pz")), 25.0, 10.0, DisplayFilter(), max_points=9999)
    whole = filter_page(data, RATE_HZ, DisplayFilter())
    at = np.rint(page.times_s * RATE_HZ).astype(int)
    assert at[0] == 25 * 256
    assert at[-1] == 35 * 256
    # the margin leaves little of what lies outside: a thousandth of the signal
    np.testing.assert_allclose(page.data, whole[:, at], atol=2e-3 * whole.std())


def test_nothing_rings_across_a_gap() -> None:
    n = 5 * 256
    data = np.concatenate([np.zeros((1, n)), 1000 + np.zeros((1, n))], axis=1)
    segments = (Segment(0.0, 0, n), Segment(9.0, n, n))
    recording = ArrayRecording(data, ("Cz",), segments)
    page = read_page(recording, 0.0, 20.0, DisplayFilter(), max_points=9999)
    assert np.nanmax(np.abs(page.data)) < 1e-6
    assert page.gaps == ((5.0, 9.0),)
    assert np.isnan(page.data[0, n])
    assert np.isnan(page.value_at(0, 7.0))
    assert page.value_at(0, 10.0) == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(page.times_s[n + 1], 9.0)
    within = read_page(recording, 6.0, 2.0, DisplayFilter())
    assert within.gaps == ((6.0, 8.0),)
    assert not within.times_s.size


def test_without_low_frequency_filter_the_offset_goes() -> None:
    data = 4200 + np.random.default_rng(0).standard_normal((2, 2560))
    page = read_page(ArrayRecording(data, ("Cz", "Pz")), 0, 10, OFF, max_points=9999)
    np.testing.assert_allclose(page.data, data - np.median(data, axis=1, keepdims=True), atol=1e-9)


def test_thinning_keeps_every_extreme_and_its_order() -> None:
    data = np.random.default_rng(1).standard_normal((3, 1003))
    data[1, 500] = np.nan
    thinned = thin(data, 10)
    assert thinned.shape == (3, 202)
    for bucket in range(100):
        part, pair = data[0, bucket * 10 : bucket * 10 + 10], thinned[0, 2 * bucket : 2 * bucket + 2]
        assert set(pair) == {part.min(), part.max()}
        assert (pair[0] == part.max()) == (part.argmax() < part.argmin())
    assert np.nanmax(data[1]) == np.nanmax(thinned[1])
    assert thin(data, 1) is data


def test_long_pages_are_read_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    data = np.random.default_rng(2).standard_normal((2, 120 * 256))
    recording = ArrayRecording(data, ("Cz", "Pz"))
    whole = read_page(recording, 0, 120, DisplayFilter())
    monkeypatch.setattr(pages, "BLOCK_VALUES", 2 * 20 * 256)
    blocks = read_page(recording, 0, 120, DisplayFilter())
    assert whole.thinned == 24
    np.testing.assert_allclose(blocks.times_s, whole.times_s)
    np.testing.assert_allclose(blocks.data, whole.data, atol=0.02)


@pytest.mark.parametrize("display_filter", [OFF, DisplayFilter(), DisplayFilter(5.0, 30.0, 50.0)])
def test_the_response_is_what_a_sine_meets(display_filter: DisplayFilter) -> None:
    freqs_hz = np.array([2.0, 5.0, 17.0, 30.0, 49.0, 70.0])
    times_s = np.arange(int(60 * RATE_HZ)) / RATE_HZ
    sines = np.sin(2 * np.pi * freqs_hz[:, None] * times_s)
    middle = slice(len(times_s) // 3, 2 * len(times_s) // 3)
    filtered = filter_page(sines, RATE_HZ, display_filter)[:, middle]
    measured_db = 20 * np.log10(filtered.std(axis=1) / sines[:, middle].std(axis=1))
    np.testing.assert_allclose(response_db(display_filter, RATE_HZ, freqs_hz), measured_db, atol=0.1)


def test_cutoffs_lie_at_minus_six_decibels() -> None:
    found_db = response_db(DisplayFilter(1.0, 70.0), RATE_HZ, np.array([1.0, 70.0]))
    np.testing.assert_allclose(found_db, 20 * np.log10(0.5), atol=0.01)
