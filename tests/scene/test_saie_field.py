"""What is said of SAIE weights: numbers by hand, words, lobes."""

from __future__ import annotations

import numpy as np
import pytest
from saie_weights import bipolar, bundle, history, ten_twenty

from samba_gui.core.electrode_regions import region_of
from samba_gui.core.errors import BundleError
from samba_gui.core.saie import null_relative_weights
from samba_gui.io.montages import montage_by_id
from samba_gui.scene.head_field import Quantity, WindowQuantity, window_field
from samba_gui.scene.lobes import lobe_sums, regions
from samba_gui.scene.saie_field import epoch_field, saie_field, weights_of


def known_weights() -> np.ndarray:
    """Rows sum to 1; Fp1 takes twice its share in each target, the last electrode none."""
    weights = np.full((3, 19), 1 / 19)
    weights[:, 0], weights[:, -1] = 2 / 19, 0
    return weights


def test_relative_is_log2_on_fixed_limits() -> None:
    shown = saie_field(known_weights(), ten_twenty())
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
    shown = saie_field(known_weights(), ten_twenty(), Quantity.PAPER, title="Epoch 5")
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
    with pytest.raises(BundleError, match="no target electrode XX"):
        epoch_field(config, parameters, montage, Quantity.TARGET, epoch=7, target="XX")


def test_rings_and_percentiles_follow_the_null_band() -> None:
    null = np.tile(np.linspace(0.9, 1.1, 201)[:, None], (1, 19))
    shown = saie_field(known_weights(), ten_twenty(), null=null)
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
    targets, inputs = config.to_network(config.target.positions_m), config.to_network(montage.positions_m)
    null = null_relative_weights("local", targets, inputs, n_networks=20)
    sums = lobe_sums(relative, where, null)
    assert sum(entry.share for entry in sums) == pytest.approx(1.0)
    assert sum(entry.electrodes for entry in sums) == 64
    frontal = next(entry for entry in sums if (entry.lobe, entry.side) == ("frontal", "left"))
    mine = [i for i, place in enumerate(where) if place == ("frontal", "left")]
    assert frontal.share == pytest.approx(relative[mine].sum() / 64)
    shares = np.sort(null[:, mine].sum(axis=1) / 64)
    assert shares[0] <= frontal.low <= shares[1]
    assert frontal.outside == (frontal.share < frontal.low or frontal.share > frontal.high)
