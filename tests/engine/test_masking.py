"""Masks and straight lines."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from samba_gui.engine.masking import (
    STRATEGIES,
    block_mask,
    complementary_masks,
    random_mask,
    ssp_mask,
    straight_line,
    tsr_mask,
)


@pytest.mark.parametrize("n", [2, 3, 5, 8, 31, 32, 64, 128, 513, 12_800])
@pytest.mark.parametrize("ratio", [0.05, 0.25, 0.5, 0.75, 0.95])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_exact_share_is_visible(n, ratio, strategy):
    rng = np.random.default_rng(n)
    for _ in range(10):
        mask = STRATEGIES[strategy](n, rng, ratio)
        assert mask.shape == (n,)
        assert mask.dtype == bool
        assert mask.sum() == min(max(round((1 - ratio) * n), 1), n - 1)


def runs(mask):
    """Lengths of the stretches of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask, [0]])))
    return edges[1::2] - edges[::2]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_masks_differ_from_draw_to_draw_and_can_be_drawn_again(strategy):
    draw = STRATEGIES[strategy]
    masks = [draw(256, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert (masks[0] == masks[1]).all()
    assert (masks[0] != masks[2]).any()


def test_ssp_keeps_blocks_of_one_length():
    rng = np.random.default_rng(3)
    for n, length in ((512, 32), (640, 40), (64, 4)):
        for _ in range(100):
            lengths = runs(ssp_mask(n, rng))
            assert lengths.sum() == 8 * length
            assert not (lengths % length).any()  # two that touch look like one


def test_block_masks_blocks_of_one_length():
    rng = np.random.default_rng(4)
    for _ in range(100):
        lengths = runs(~block_mask(512, rng))
        assert lengths.sum() == 256
        assert not (lengths % 64).any()


@pytest.mark.parametrize("strategy", ["ssp", "block", "random"])
def test_no_place_is_preferred(strategy):
    rng = np.random.default_rng(5)
    visible = np.mean([STRATEGIES[strategy](160, rng) for _ in range(3000)], axis=0)
    np.testing.assert_allclose(visible, visible[::-1], atol=0.05)  # the same from either end
    np.testing.assert_allclose(visible[40:-40], 0.5, atol=0.1)


def test_random_masks_leave_no_long_gap():
    rng = np.random.default_rng(6)
    assert max(runs(~random_mask(2048, rng)).max() for _ in range(50)) < 30


def test_blocks_are_no_shorter_than_four_and_at_most_eight():
    rng = np.random.default_rng(0)
    for _ in range(200):
        mask = tsr_mask(512, rng)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], mask, [0]])))
        lengths = edges[1::2] - edges[::2]
        assert len(lengths) <= 8
        assert lengths.min() >= 4


def test_every_stretch_is_masked_about_equally_often():
    rng = np.random.default_rng(1)
    visible = np.mean([tsr_mask(512, rng) for _ in range(3000)], axis=0)
    assert 0.4 < visible[64:-64].min() <= visible[64:-64].max() < 0.6


def test_a_mask_and_its_complement_cover_everything_once_and_can_be_made_again():
    masks = complementary_masks(512, 3, seed=7, window=41)
    assert masks.shape == (3, 2, 512)
    assert (masks[:, 0] != masks[:, 1]).all()
    np.testing.assert_array_equal(masks, complementary_masks(512, 3, seed=7, window=41))
    assert (masks != complementary_masks(512, 3, seed=7, window=42)).any()
    assert (masks[0] != masks[1]).any()


def test_straight_line_equals_interpolation():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((6, 3, 100))
    visible = np.stack([tsr_mask(100, rng) for _ in range(6)])
    got = straight_line(torch.from_numpy(x), torch.from_numpy(visible)).numpy()
    at = np.arange(100)
    for i in range(6):
        for c in range(3):
            expected = np.interp(at, at[visible[i]], x[i, c, visible[i]])
            np.testing.assert_allclose(got[i, c], expected, atol=1e-12)
