"""What is said of SAIE weights: numbers by hand, words, lobes."""

from __future__ import annotations

import numpy as np
import pytest
from saie_weights import bipolar, bundle, history, ten_twenty

from samba_gui.core.electrode_regions import region_of
from samba_gui.core.errors import BundleError
from samba_gui.core.saie import INITIALISATIONS, effective_inputs, saie_weights
from samba_gui.io.montages import montage_by_id
from samba_gui.scene.head_field import Quantity, WindowQuantity, window_field
from samba_gui.scene.lobes import lobe_means, lobe_sums, regions
from samba_gui.scene.saie_field import (
    epoch_field,
    null_of,
    paper_field,
    relative_field,
    shown_montage,
    weights_of,
)


def known_weights() -> np.ndarray:
    """Rows sum to 1; Fp1 takes twice its share in each target, the last electrode none."""
    weights = np.full((3, 19), 1 / 19)
    weights[:, 0], weights[:, -1] = 2 / 19, 0
    return weights


def test_relative_is_log2_on_fixed_limits() -> None:
    shown = relative_field(known_weights(), ten_twenty())
    assert shown.values[0] == pytest.approx(1.0)
    assert np.allclose(shown.values[1:-1], 0.0)
    assert shown.values[-1] < -30
    assert shown.limits == (-1.0, 1.0)
    assert [text for _, text in shown.ticks] == ["½", "0.71", "1", "1.41", "2"]
    assert "max 2 × (Fp1)" in shown.summary
    share = np.array([2] + [1] * 17) / 19
    assert f"{np.exp(-(share * np.log(share)).sum()):.1f} of 19" in shown.summary
    assert not shown.outside.any()


def test_paper_look_is_min_max_and_prints_the_true_range() -> None:
    shown = paper_field(known_weights(), ten_twenty(), title="Epoch 5")
    assert shown.values[0] == 1.0
    assert shown.values[-1] == 0.0
    assert shown.values[1] == pytest.approx(0.5)
    assert shown.limits == (0.0, 1.0)
    assert shown.range_text == f"0 = 0, 1 = {2 / 19:.4g}"
    assert shown.plain


def test_target_row_is_that_row() -> None:
    config, montage = bundle(), ten_twenty()
    parameters = history().trained
    row = config.target.labels.index("C3")
    shown = epoch_field(config, parameters, montage, Quantity.TARGET, epoch=7, target="C3")
    assert np.allclose(2**shown.values, 19 * weights_of(config, parameters, montage)[row])
    assert shown.title == "Epoch 7 → C3"
    assert shown.caption.startswith("Weights of the inputs for target C3")
    assert np.array_equal(shown.target_m, config.target.positions_m[row])
    with pytest.raises(BundleError, match="no target electrode XX"):
        epoch_field(config, parameters, montage, Quantity.TARGET, epoch=7, target="XX")


def test_effective_inputs_lie_on_the_targets() -> None:
    config, montage = bundle(), ten_twenty()
    parameters, quantity = history().trained, Quantity.EFFECTIVE
    null = null_of(config, montage, quantity)
    shown = epoch_field(config, parameters, montage, quantity, epoch=7, null=null)
    assert shown.labels == shown_montage(config, montage, quantity).labels == config.target.labels
    entropy = [-sum(w * np.log(w) for w in row if w > 0) for row in weights_of(config, parameters, montage)]
    assert np.allclose(2**shown.values, np.exp(entropy))
    assert shown.limits == (0.0, pytest.approx(np.log2(19)))
    low, high = np.quantile(null, [0.025, 0.975], axis=0)
    assert np.array_equal(shown.outside, (np.exp(entropy) < low) | (np.exp(entropy) > high))
    assert shown.outside.any()  # so that it is a comparison at all
    assert "of 19 inputs" in shown.summary
    assert effective_inputs(np.eye(4)[:2]).tolist() == [1, 1]
    assert effective_inputs(np.full((2, 5), 0.2)) == pytest.approx(5)


@pytest.mark.parametrize("quantity", [Quantity.RELATIVE, Quantity.TARGET, Quantity.EFFECTIVE])
def test_the_null_is_the_same_figure_of_untrained_networks(quantity: Quantity) -> None:
    config, montage, rng = bundle(), ten_twenty(), np.random.default_rng(0)
    null = null_of(config, montage, quantity, "Oz", n_networks=3)
    aims = config.target.positions_m[[config.target.labels.index("Oz")]]
    aims = aims if quantity == Quantity.TARGET else config.target.positions_m
    for found in null:
        parameters = INITIALISATIONS["local"](rng)
        weights = saie_weights(parameters, config.to_network(aims), config.to_network(montage.positions_m))
        is_effective = quantity == Quantity.EFFECTIVE
        expected = effective_inputs(weights) if is_effective else 19 * weights.mean(axis=0)
        np.testing.assert_allclose(found, expected)


def test_rings_and_percentiles_follow_the_null_band() -> None:
    null = np.tile(np.linspace(0.9, 1.1, 201)[:, None], (1, 19))
    shown = relative_field(known_weights(), ten_twenty(), null=null)
    assert shown.outside.tolist() == [True] + [False] * 17 + [True]
    assert "percentile 100" in shown.tips[0]
    assert "within" in shown.tips[5]
    assert "percentile 50" in shown.tips[5]


def test_caption_says_what_it_depends_on() -> None:
    config, montage = bundle(), ten_twenty()
    shown = epoch_field(config, history().trained, montage, Quantity.RELATIVE, epoch=100)
    expected = "A property of bundle test-bundle (01234567) and montage 10-20 (19), not of this recording."
    assert shown.caption == expected
    control = epoch_field(config, history().trained, montage, Quantity.RELATIVE, epoch=None)
    assert control.title == "Untrained network"
    assert "untrained network" in control.caption
    window = window_field(WindowQuantity("Error", "µV", np.arange(19.0)), montage)
    assert "Depends on this recording" in window.caption
    assert window.colour_map == "sequential"


def test_window_quantity_without_values() -> None:
    shown = window_field(WindowQuantity("Error", "", np.full(19, np.nan)), ten_twenty())
    assert shown.range_text == "no values"
    assert set(shown.tips) == {"no value"}


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Fp1", ("frontal", "left")),
        ("AFF6h", ("frontal", "right")),
        ("FCz", ("central", "middle")),
        ("T10", ("temporal", "right")),
        ("TPP7h", ("temporal", "left")),
        ("M2", ("temporal", "right")),
        ("POz", ("occipital", "middle")),
        ("P3", ("parietal", "left")),
        ("Iz", ("occipital", "middle")),
    ],
)
def test_region_by_name(name: str, region: tuple[str, str]) -> None:
    assert region_of(name) == region


def test_region_by_position_where_names_mislead() -> None:
    # on BioSemi's 128 electrodes A1 is the vertex, no ear, and E… of EGI are no names of the 10-05 system
    biosemi = montage_by_id("biosemi_128")
    assert regions(biosemi)[biosemi.labels.index("A1")] == ("central", "middle")
    egi = montage_by_id("egi_128")
    assert regions(egi)[egi.labels.index("E75")] == ("occipital", "middle")
    assert regions(bipolar())[bipolar().labels.index("F7-T3")] == ("temporal", "left")


def test_lobe_sums_add_up_and_carry_their_null() -> None:
    config, montage = bundle(), montage_by_id("10-10_64")
    where = regions(montage)
    relative = 64 * weights_of(config, history().trained, montage).mean(axis=0)
    null = null_of(config, montage, n_networks=20)
    sums = lobe_sums(relative, where, null)
    assert sum(entry.share for entry in sums) == pytest.approx(1.0)
    assert sum(entry.electrodes for entry in sums) == 64
    frontal = next(entry for entry in sums if (entry.lobe, entry.side) == ("frontal", "left"))
    mine = [i for i, place in enumerate(where) if place == ("frontal", "left")]
    assert frontal.share == pytest.approx(relative[mine].sum() / 64)
    shares = np.sort(null[:, mine].sum(axis=1) / 64)
    assert shares[0] <= frontal.low <= shares[1]
    assert frontal.outside == (frontal.share < frontal.low or frontal.share > frontal.high)


def test_lobe_means_carry_their_null() -> None:
    config, montage = bundle(), ten_twenty()
    where = regions(config.target)
    values = effective_inputs(weights_of(config, history().trained, montage))
    null = null_of(config, montage, Quantity.EFFECTIVE, n_networks=20)
    means = lobe_means(values, where, null)
    assert sum(entry.electrodes for entry in means) == 64
    mine = [i for i, place in enumerate(where) if place == ("central", "middle")]
    (central,) = (entry for entry in means if (entry.lobe, entry.side) == ("central", "middle"))
    assert central.mean == pytest.approx(values[mine].mean())
    ordered = np.sort(null[:, mine].mean(axis=1))
    assert ordered[0] <= central.low <= ordered[1]
    assert ordered[-2] <= central.high <= ordered[-1]
