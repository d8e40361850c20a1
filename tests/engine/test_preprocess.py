"""Preprocessing against an FFT filter of the whole signal, and block by block against itself."""

from __future__ import annotations

import numpy as np
import pytest

from samba_gui.core.bundle import Preprocessing
from samba_gui.core.errors import RecipeError
from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import Channel, RecordingInfo, Segment
from samba_gui.engine.preprocess import Preprocessor
from samba_gui.engine.windows import plan_windows
from samba_gui.training.design import new_config

SPEC = Preprocessing(rate_hz=128.0, highpass_hz=0.5, lowpass_hz=40.0)
NAMES = ("a", "b", "c", "d", "e")


class ArrayRecording:
    """Samples that lie in memory, read like a file's."""

    def __init__(self, data_uv: np.ndarray, rate_hz: float, segments: tuple[Segment, ...] = ()) -> None:
        self.data_uv = data_uv
        n = data_uv.shape[1]
        channels = tuple(Channel(name, name) for name in NAMES[: len(data_uv)])
        self.info = RecordingInfo("x", "array", channels, rate_hz, n, segments or (Segment(0.0, 0, n),))

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        assert 0 <= start <= stop <= self.data_uv.shape[1], "read outside the file"
        return self.data_uv[:, start:stop][channels].copy()


def recipe(n: int, bipolar: bool = False) -> Recipe:
    places = tuple((0.01 * i, 0.0, 0.1) for i in range(n))
    return Recipe("", "test", NAMES[:n], NAMES[:n], places, bipolar)


def sines(rate_hz: float, seconds: float, tones: list[tuple[float, float]]) -> np.ndarray:
    t = np.arange(round(rate_hz * seconds)) / rate_hz
    return np.stack([amp * np.sin(2 * np.pi * f * t + 0.3) for f, amp in tones])


@pytest.mark.parametrize("rate_hz", [100.0, 128.0, 160.0, 200.0, 250.0, 256.0, 500.0, 512.0, 1000.0, 2048.0])
def test_passes_the_band_at_every_rate_in_phase_and_stops_the_rest(rate_hz):
    tones = [(6.0, 20.0), (10.0, 30.0), (30.0, 5.0), (0.03, 100.0), (min(60.0, rate_hz / 2 - 2), 50.0)]
    recording = ArrayRecording(sines(rate_hz, 60, tones), rate_hz)
    bipolar = recipe(5, bipolar=True)  # so that channels stay apart
    got = Preprocessor(recording, bipolar, SPEC).block(0, 2560, 2560)
    t = np.arange(2560, 5120) / 128.0
    for channel, (f, amp) in enumerate(tones[:3]):
        expected = amp * np.sin(2 * np.pi * f * t + 0.3)
        assert np.abs(got[channel] - expected).max() < 0.01 * amp
    assert np.abs(got[3]).max() < 1.0  # drift
    assert np.abs(got[4]).max() < (0.5 if rate_hz > 100 else 1.0)  # line noise


@pytest.mark.parametrize("rate_hz", [160.0, 500.0, 512.0])
def test_a_block_equals_the_same_block_of_the_whole(rate_hz):
    data = np.cumsum(np.random.default_rng(0).standard_normal((4, round(rate_hz * 20))), axis=1)
    preprocessor = Preprocessor(ArrayRecording(data, rate_hz), recipe(4), SPEC)
    whole = preprocessor.block(0, 0, 2560)
    for start, n in [(0, 512), (1, 130), (700, 512), (2048, 512), (2430, 130)]:
        np.testing.assert_allclose(preprocessor.block(0, start, n), whole[:, start : start + n], atol=2e-4)


def test_average_reference_and_none_for_bipolar_channels():
    data = np.random.default_rng(1).standard_normal((5, 160 * 10)) + 4200.0
    referenced = Preprocessor(ArrayRecording(data, 160.0), recipe(5), SPEC).block(0, 0, 1280)
    plain = Preprocessor(ArrayRecording(data, 160.0), recipe(5, bipolar=True), SPEC).block(0, 0, 1280)
    assert np.abs(referenced.mean(axis=0)).max() < 1e-5
    np.testing.assert_allclose(referenced, plain - plain.mean(axis=0), atol=1e-5)
    assert np.abs(plain).max() < 5  # the electrode offset is gone, at the edges too


def test_gaps_are_never_bridged():
    data = np.zeros((4, 160 * 12))
    data[:, 160 * 6 :] = 1000.0
    segments = (Segment(0.0, 0, 960), Segment(60.0, 960, 960))
    recording = ArrayRecording(data, 160.0, segments)
    plan = plan_windows(recording.info, new_config("t", "none"))
    assert [w.onset_s for w in plan.windows] == [0.0, 4.0, 60.0, 64.0]
    assert [w.n for w in plan.windows] == [512, 256, 512, 256]
    preprocessor = Preprocessor(recording, recipe(4, bipolar=True), SPEC)
    for window in plan.windows:  # a step between the segments would ring into both
        assert np.abs(preprocessor.block(window.segment, window.start, window.n)).max() < 1e-3


def test_missing_samples_are_bridged_and_do_not_spread():
    clean = sines(128.0, 30, [(10.0, 20.0)] * 4)
    damaged = clean.copy()
    damaged[0, 1000:1004] = np.nan
    damaged[1, :] = np.nan
    got = Preprocessor(ArrayRecording(damaged, 128.0), recipe(4, bipolar=True), SPEC).block(0, 0, 3840)
    expected = Preprocessor(ArrayRecording(clean, 128.0), recipe(4, bipolar=True), SPEC).block(0, 0, 3840)
    assert np.isfinite(got).all()
    assert not got[1].any()
    np.testing.assert_allclose(got[0, 1500:], expected[0, 1500:], atol=1e-3)


def test_scale_is_the_median_spread_and_one_for_flat_channels():
    tones = [(10.0, 20.0), (10.0, 5.0), (10.0, 0.0), (12.0, 1.0)]
    recording = ArrayRecording(sines(160.0, 40, tones), 160.0)
    recording.data_uv[0, 3000:3010] = 1e5  # one wild stretch does not move a median
    plan = plan_windows(recording.info, new_config("t", "none"))
    scale = Preprocessor(recording, recipe(4, bipolar=True), SPEC).scales_uv(plan)
    np.testing.assert_allclose(scale, [20 / np.sqrt(2), 5 / np.sqrt(2), 1.0, 1 / np.sqrt(2)], rtol=0.02)


def test_refuses_slow_sampling_and_short_pieces():
    with pytest.raises(RecipeError, match="Sampled at 64 Hz"):
        Preprocessor(ArrayRecording(np.zeros((4, 640)), 64.0), recipe(4), SPEC)
    with pytest.raises(RecipeError, match="No stretch of 1 s"):
        plan_windows(ArrayRecording(np.zeros((4, 100)), 128.0).info, new_config("t", "none"))
