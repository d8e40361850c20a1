"""SAIE weights of a bundle on a montage as a table."""

from __future__ import annotations

from typing import Any

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.montage import Montage
from samba_gui.core.saie import SaieParameters, null_band, relative_to_uniform
from samba_gui.scene.lobes import regions
from samba_gui.scene.saie_field import null_of, weights_of

COLUMNS = [
    *("electrode", "x_m", "y_m", "z_m", "lobe", "side", "mean_weight", "relative_to_uniform"),
    *("untrained_low", "untrained_high", "untrained_percentile", "outside_untrained_band"),
]


def weights_table(
    config: BundleConfig, parameters: SaieParameters, montage: Montage
) -> tuple[list[str], list[list[Any]]]:
    """Columns and one row per channel: its weight, relative to uniform, and where untrained networks lie."""
    weights = weights_of(config, parameters, montage)
    relative = relative_to_uniform(weights)
    null = null_of(config, montage)
    low, high = null_band(null)
    percentile = 100 * np.mean(null < relative, axis=0)
    rows = [
        [
            *(label, *map(float, montage.positions_m[i]), *region),
            *(float(weights[:, i].mean()), float(relative[i]), float(low[i]), float(high[i])),
            *(float(percentile[i]), bool(relative[i] < low[i] or relative[i] > high[i])),
        ]
        for i, (label, region) in enumerate(zip(montage.labels, regions(montage), strict=True))
    ]
    return COLUMNS, rows
