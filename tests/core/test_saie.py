"""SAIE weights in numpy, and the band of untrained networks against which they are read."""

from __future__ import annotations

import numpy as np
import pytest

from samba_gui.core.saie import INITIALISATIONS, null_band, null_distribution, saie_weights
from samba_gui.io.montages import montage_by_id


def test_weights_are_the_formula() -> None:
    rng = np.random.default_rng(1)
    parameters = INITIALISATIONS["default"](rng)
    targets, inputs = rng.standard_normal((5, 3)), rng.standard_normal((7, 3))
    for weights, target in zip(saie_weights(parameters, targets, inputs), targets, strict=True):
        logits = [
            parameters.w2 @ np.maximum(parameters.w1 @ (target - one) + parameters.b1, 0) + parameters.b2
            for one in inputs
        ]
        np.testing.assert_allclose(weights, np.exp(logits) / np.sum(np.exp(logits)), rtol=1e-12)


@pytest.mark.parametrize("initialisation", sorted(INITIALISATIONS))
@pytest.mark.parametrize("stem", ["10-20_19", "emotiv_14"])
def test_the_null_band_covers_95_percent_of_fresh_networks(initialisation: str, stem: str) -> None:
    montage = montage_by_id(stem)
    here = montage.positions_m / 0.095
    low, high = null_band(null_distribution(initialisation, here, here))
    fresh = null_distribution(initialisation, here, here, n_networks=1000, seed=99)
    covered = np.mean((fresh >= low) & (fresh <= high))
    assert 0.93 <= covered <= 0.97
