"""Losses against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from samba_gui.training.losses import LOSSES


@pytest.fixture(params=[8, 63, 64, 640])
def signals(request: pytest.FixtureRequest) -> tuple[np.ndarray, ...]:
    """Signal, prediction and line (2, 3, n), and what is visible (2, n)."""
    rng = np.random.default_rng(request.param)
    x, predicted, lines = rng.standard_normal((3, 2, 3, request.param))
    return x, predicted, lines, rng.random((2, request.param)) < 0.5


def loss(name: str, signals: tuple[np.ndarray, ...]) -> float:
    return LOSSES[name](*map(torch.from_numpy, signals)).item()


def spectrum(x: np.ndarray) -> np.ndarray:
    """The discrete Fourier transform by its definition, up to the Nyquist frequency."""
    n = x.shape[-1]
    waves = np.exp(-2j * np.pi * np.outer(np.arange(n // 2 + 1), np.arange(n)) / n)
    return x @ waves.T


def test_authors_formula(signals: tuple[np.ndarray, ...]) -> None:
    x, predicted, *_ = signals
    power = np.abs(spectrum(predicted) - spectrum(x)) ** 2
    expected = np.abs(predicted - x).mean() + power.mean()
    assert loss("authors", signals) == pytest.approx(expected, rel=1e-10)


def test_orthonormal_formula(signals: tuple[np.ndarray, ...]) -> None:
    x, predicted, *_ = signals
    power = np.abs(spectrum(predicted) - spectrum(x)) ** 2 / x.shape[-1]
    expected = np.abs(predicted - x).mean() + power.mean()
    assert loss("orthonormal", signals) == pytest.approx(expected, rel=1e-10)


def test_the_authors_spectral_term_is_the_squared_error_times_the_length() -> None:
    x, predicted = np.random.default_rng(1).standard_normal((2, 4, 2, 640))
    absolute, squared = np.abs(predicted - x).mean(), ((predicted - x) ** 2).mean()
    signals = (x, predicted, x, np.ones((4, 640), dtype=bool))
    assert loss("authors", signals) - absolute == pytest.approx(640 * squared, rel=0.02)
    assert loss("orthonormal", signals) - absolute == pytest.approx(squared, rel=0.02)


def test_relative_error_counts_masked_samples_alone(signals: tuple[np.ndarray, ...]) -> None:
    x, predicted, lines, visible = signals
    masked = ~visible[:, None]
    error = (((x - predicted) ** 2) * masked).sum((1, 2))
    line = (((x - lines) ** 2) * masked).sum((1, 2))
    expected = 0.5 * (error / (line + 1e-3)).mean() + 0.5 * error.sum() / line.sum()
    assert loss("relative", signals) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", LOSSES)
def test_a_perfect_prediction_costs_nothing(name: str, signals: tuple[np.ndarray, ...]) -> None:
    x, _, lines, visible = signals
    assert loss(name, (x, x, lines, visible)) == 0
