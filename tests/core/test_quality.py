"""Figures from sums against figures from samples."""

from __future__ import annotations

import numpy as np

from samba_gui.core.quality import QualitySums


def sums_of(x: np.ndarray, y: np.ndarray, line: np.ndarray) -> QualitySums:
    """x, y, line (..., bins, samples)."""
    terms = (np.ones_like(x), (x - y) ** 2, (x - line) ** 2, x, y, x * x, y * y, x * y)
    return QualitySums(*(term.sum(axis=-1) for term in terms))


def test_figures_per_bin_and_over_larger_stretches():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 2, 5, 4, 128)) + 2
    y = 0.7 * x + 0.3 * rng.standard_normal(x.shape)
    line = rng.standard_normal(x.shape)
    sums = sums_of(x, y, line)
    error = np.sqrt(((x - y) ** 2).mean(axis=-1))
    np.testing.assert_allclose(sums.rmse(), error)
    np.testing.assert_allclose(sums.nrmse(), error / x.std(axis=-1))
    np.testing.assert_allclose(sums.skill(), 1 - ((x - y) ** 2).sum(-1) / ((x - line) ** 2).sum(-1))
    assert np.isclose(sums.correlation()[1, 1, 2, 3], np.corrcoef(x[1, 1, 2, 3], y[1, 1, 2, 3])[0, 1])
    whole = sums[:, 0, 1].over(0, 1)
    flat_x, flat_y = x[:, 0, 1].ravel(), y[:, 0, 1].ravel()
    assert np.isclose(whole.nrmse(), np.sqrt(np.mean((flat_x - flat_y) ** 2)) / flat_x.std())
    assert np.isclose(whole.correlation(), np.corrcoef(flat_x, flat_y)[0, 1])


def test_nothing_masked_or_flat_is_no_number():
    zeros = np.zeros((2, 8))
    empty = QualitySums(*(zeros for _ in QualitySums.FIELDS))
    flat = sums_of(np.ones((2, 8, 16)), np.ones((2, 8, 16)), np.ones((2, 8, 16)))
    for sums in (empty, flat):
        assert np.isnan(sums.nrmse()).all()
        assert np.isnan(sums.skill()).all()
        assert np.isnan(sums.correlation()).all()
