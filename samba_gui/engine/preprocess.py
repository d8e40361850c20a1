"""From a recording's samples to what the network was trained on.

Everything is a finite impulse response, so a sample depends on a fixed neighbourhood only: any block of
a recording can be computed alone and equals the same block of the whole.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np
import torch
from scipy import signal
from torch import Tensor

from samba_gui.core.bundle import Preprocessing
from samba_gui.core.errors import RecipeError
from samba_gui.core.recipe import Recipe
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.windows import Window, WindowPlan
from samba_gui.engine.windows import samples_at

STRETCH_WINDOWS = 8  # windows that are preprocessed together
KEPT_STRETCHES = 8
FLAT_UV = 1e-3
BLOCK = 64  # outputs of a filter that are computed together
TRANSITION_HZ = 8.0  # of the low-pass: 36 to 44 Hz for a 40 Hz edge


class Samples(Protocol):
    """An open recording."""

    info: RecordingInfo

    def read(self, start: int, stop: int, channels: list[int] | None = None) -> np.ndarray:
        """Samples in µV, float64 (channels, times); any thread may call."""
        ...


class _BlockFilter:
    """A finite impulse response with rational resampling, as one matrix product for many blocks of output.

    Parameters
    ----------
    kernel : ndarray (taps,)
        At the up-sampled rate; an odd number of taps, whose middle one belongs to the output's instant.
    up, down : int
        The output's rate is ``up / down`` times the input's.
    """

    def __init__(self, kernel: np.ndarray, up: int = 1, down: int = 1) -> None:
        half = len(kernel) // 2
        periods = max(1, BLOCK // up)
        self._count, self._step = periods * up, periods * down
        self.before = half // up  # input samples before the first output's instant
        rows = self.before + ((self._count - 1) * down + half) // up + 1
        at = np.arange(self._count) * down - (np.arange(rows)[:, None] - self.before) * up + half
        inside = (at >= 0) & (at < len(kernel))
        self._matrix = torch.from_numpy(np.where(inside, kernel[at.clip(0, len(kernel) - 1)], 0.0))

    def reach(self, n: int) -> int:
        """Input samples that ``n`` outputs are made of."""
        blocks = -(-n // self._count)
        return (blocks - 1) * self._step + len(self._matrix)

    def __call__(self, x: Tensor, n: int) -> Tensor:
        """The first ``n`` outputs of ``x`` (channels, at least ``reach(n)``) float64."""
        stretches = x[:, : self.reach(n)].unfold(-1, len(self._matrix), self._step)
        return (stretches @ self._matrix).flatten(1)[:, :n]


class Preprocessor:
    """Delivers preprocessed samples of one recording.

    Parameters
    ----------
    recording : Samples
    recipe : Recipe
        Which channels; bipolar ones are not re-referenced.
    preprocessing : Preprocessing

    Raises
    ------
    RecipeError
        The recording's rate is too low for the network's band.
    """

    def __init__(self, recording: Samples, recipe: Recipe, preprocessing: Preprocessing) -> None:
        self._recording = recording
        self._info = recording.info
        self._spec = preprocessing
        by_label = {label: index for index, label in enumerate(self._info.labels)}
        self._channels = [by_label[label] for label in recipe.labels]
        self._average = preprocessing.reference == "average" and not recipe.bipolar
        if self._info.rate_hz < 2 * preprocessing.lowpass_hz:
            raise RecipeError(
                "Sampled at {rate_hz:g} Hz; the model needs signals up to {lowpass_hz:g} Hz.",
                "Record at {least_hz:g} Hz or more.",
                rate_hz=self._info.rate_hz,
                lowpass_hz=preprocessing.lowpass_hz,
                least_hz=2.5 * preprocessing.lowpass_hz,
            )
        ratio = Fraction(preprocessing.rate_hz / self._info.rate_hz).limit_denominator(1000)
        self._up, self._down = ratio.numerator, ratio.denominator
        self._stretches: dict[tuple[int, int], np.ndarray] = {}

    @cached_property
    def _lowpass(self) -> _BlockFilter:
        """Anti-aliasing, band limit and resampling in one."""
        rate = self._info.rate_hz * self._up
        half = int(np.ceil(3.3 * rate / TRANSITION_HZ / 2))
        half += -half % self._down  # whole output samples on either side
        kernel = signal.firwin(2 * half + 1, self._spec.lowpass_hz, fs=rate)
        for phase in range(self._up):  # equal gain at zero: an offset of millivolts leaves no ripple
            kernel[phase :: self._up] /= kernel[phase :: self._up].sum()
        return _BlockFilter(kernel, self._up, self._down)

    @cached_property
    def _highpass(self) -> _BlockFilter:
        """Everything but a low-pass whose gain at zero is exactly one: offsets of millivolts vanish."""
        rate = self._spec.rate_hz
        half = int(np.ceil(3.3 * rate / (2 * self._spec.highpass_hz) / 2))
        kernel = -signal.firwin(2 * half + 1, self._spec.highpass_hz, fs=rate)
        kernel[half] += 1.0
        return _BlockFilter(kernel)

    def block(self, segment: int, start: int, n: int) -> np.ndarray:
        """Preprocessed samples of a stretch within a segment.

        Parameters
        ----------
        segment : int
            Index of the recording segment.
        start, n : int
            At the network's rate, from the segment's onset.

        Returns
        -------
        ndarray (channels, n) float32
            µV; beyond its ends the segment is continued by odd reflection.
        """
        part = self._info.segments[segment]
        resample, highpass = self._lowpass, self._highpass
        begin, count = start - highpass.before, n + highpass.reach(n) - n
        surplus = begin % self._up  # blocks begin where an input and an output sample coincide
        count += surplus
        first = (begin - surplus) // self._up * self._down - resample.before
        x = self._reflected(part.start, part.n, first, first + resample.reach(count))
        y = highpass(resample(torch.from_numpy(x), count)[:, surplus:], n)
        if self._average:
            y -= y.mean(0)
        return y.float().numpy()

    def window(self, window: Window, length: int) -> np.ndarray:
        """Preprocessed samples of an analysis window, float32 (channels, window.n), µV.

        Windows are computed eight at a time, always in the same company, so that the filters' margins cost
        little and a window's bits do not depend on what else is asked for; the last few are kept.

        Parameters
        ----------
        window : Window
        length : int
            Samples of a full window.
        """
        size = STRETCH_WINDOWS * length
        begin = window.start // size * size
        samples = self._stretches.pop((window.segment, begin), None)
        if samples is None:
            part = self._info.segments[window.segment]
            end = samples_at(part.n, self._info.rate_hz, self._spec.rate_hz)
            samples = self.block(window.segment, begin, min(size, end - begin))
        self._stretches[window.segment, begin] = samples  # last in, so the first is the oldest
        if len(self._stretches) > KEPT_STRETCHES:
            del self._stretches[next(iter(self._stretches))]
        return samples[:, window.start - begin : window.start - begin + window.n]

    def _reflected(self, start: int, n: int, first: int, last: int) -> np.ndarray:
        """Input samples [first, last) of a segment, reflected oddly beyond its ends."""
        before, after = max(0, -first), max(0, last - n)
        low = 0 if before else max(0, min(first, n - 1 - after))
        high = n if after else min(n, max(last, before + 1))
        x = _without_nan(self._recording.read(start + low, start + high, self._channels))
        x = np.pad(x, ((0, 0), (before, after)), "reflect", reflect_type="odd")
        offset = first - (low - before)
        return x[:, offset : offset + last - first]

    def scales_uv(self, plan: WindowPlan, threads: int = 1) -> np.ndarray:
        """What each channel is divided by: the median over windows of the standard deviation.

        Looks at no more than 64 windows, in eight stretches spread over the recording.

        Parameters
        ----------
        plan : WindowPlan
        threads : int
            How many stretches are looked at at once.

        Returns
        -------
        ndarray (channels,) float64
            µV; 1 for channels that are flat throughout.
        """
        stretches: dict[tuple[int, int], list[Window]] = {}
        for window in plan.windows:
            place = window.segment, window.start // (STRETCH_WINDOWS * plan.window_samples)
            stretches.setdefault(place, []).append(window)
        count = min(len(stretches), KEPT_STRETCHES)
        chosen = np.unique(np.linspace(0, len(stretches) - 1, count).round().astype(int))

        def spreads(windows: list[Window]) -> list[np.ndarray]:
            length = plan.window_samples
            return [self.window(window, length).std(axis=1, dtype=np.float64) for window in windows]

        with ThreadPoolExecutor(threads, thread_name_prefix="scales") as pool:
            found = pool.map(spreads, (list(stretches.values())[index] for index in chosen))
            stds = [spread for stretch in found for spread in stretch]
        scale = np.median(stds, axis=0)
        return np.where(scale > FLAT_UV, scale, 1.0)


def _without_nan(x: np.ndarray) -> np.ndarray:
    """Bridge samples that are not numbers by straight lines; a channel without any number becomes zero."""
    bad = ~np.isfinite(x)
    for channel in np.flatnonzero(bad.any(axis=1)):
        good = np.flatnonzero(~bad[channel])
        at = np.flatnonzero(bad[channel])
        x[channel, at] = np.interp(at, good, x[channel, good]) if good.size else 0.0
    return x
