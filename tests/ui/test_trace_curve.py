"""Painted pixels against lines followed in small steps."""

from __future__ import annotations

import numpy as np
import pytest

from samba_gui.ui.benchmarks.heartbeat import BEAT_MS, waits_ms
from samba_gui.ui.traces.curve import covered_pixels

WIDTH, HEIGHT = 120, 80


def stepped(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pixels on the way from point to point, a hundredth of a pixel at a time or finer."""
    covered = np.zeros((HEIGHT, WIDTH), bool)
    for row in y:
        for i in range(len(x) - 1):
            ends = x[i], x[i + 1], row[i], row[i + 1]
            if np.isfinite(ends).all():
                n = int(100 * (abs(ends[1] - ends[0]) + abs(ends[3] - ends[2]))) + 2
                columns = np.floor(np.linspace(ends[0], ends[1], n)).astype(int)
                rows = np.floor(np.linspace(ends[2], ends[3], n)).astype(int)
                seen = (columns >= 0) & (columns < WIDTH) & (rows >= 0) & (rows < HEIGHT)
                covered[rows[seen], columns[seen]] = True
    return covered


def grown(covered: np.ndarray) -> np.ndarray:
    """With the pixels above, below and beside."""
    padded = np.pad(covered, 1)
    return padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]


@pytest.mark.parametrize("n", [2, 17, 119, 300, 2000])
def test_lines_cover_what_they_cross(n):
    rng = np.random.default_rng(n)
    x = np.linspace(-5.0, WIDTH + 5.0, n)
    y = np.array([[20.0], [60.0]]) + 4 * rng.standard_normal((2, n))
    y[0, n // 2 : n // 2 + n // 5] = np.nan
    found, expected = covered_pixels(x, y, WIDTH, HEIGHT), stepped(x, y)
    assert not (found & ~grown(expected)).any()
    assert not (expected & ~grown(found)).any()
    assert found.sum() == pytest.approx(expected.sum(), rel=0.05)
    columns = found[40:].any(axis=0)
    assert columns.all()  # the line without a gap is seen in every column


def test_a_time_that_is_no_number_parts_all_lines():
    x = np.array([10.0, 20.0, np.nan, 60.0, 70.0])
    found = covered_pixels(x, np.full((3, 5), 30.0), WIDTH, HEIGHT)
    assert found[30, 10:21].all()
    assert found[30, 60:71].all()
    assert not found[:, 21:60].any()
    assert found.sum() == 22


def test_lines_outside_and_nothing_at_all():
    x = np.arange(5.0)
    assert not covered_pixels(x, np.full((1, 5), -9.0), WIDTH, HEIGHT).any()
    assert not covered_pixels(x, np.full((1, 5), HEIGHT + 9.0), WIDTH, HEIGHT).any()
    assert not covered_pixels(np.empty(0), np.empty((2, 0)), WIDTH, HEIGHT).any()
    assert covered_pixels(x, np.tile([-99.0, 999.0], 3)[None, :5], WIDTH, HEIGHT)[:, :4].all()
    assert covered_pixels(x, np.full((1, 5), 30.0), WIDTH, HEIGHT, 2).sum() == 2 * 6


def test_a_stall_delays_every_beat_that_falls_into_it():
    waits = waits_ms(np.array([0.005, 0.005, 0.105, 0.005]))
    assert waits.max() == pytest.approx(100)
    late = waits[waits > 1]
    np.testing.assert_allclose(np.sort(late), np.arange(BEAT_MS, 101, BEAT_MS))
