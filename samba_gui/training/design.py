"""The design of the default bundle: one set of weights for every montage."""

from __future__ import annotations

import numpy as np
import torch

from samba_gui import __version__
from samba_gui.core.bundle import BundleConfig, Preprocessing
from samba_gui.core.montage import Montage
from samba_gui.io.montages import montage_by_id
from samba_gui.models.bundles import BundleNetwork

TARGET = "10-10_64"
PREPROCESSING = Preprocessing(rate_hz=128.0, highpass_hz=0.5, lowpass_hz=40.0)
WINDOW_S = 4.0


def new_config(name: str, training_data: str, licence: str = "BSD-3-Clause") -> BundleConfig:
    """Declare an untrained network that reads and reconstructs any montage.

    The coordinates are scaled so that the target electrodes lie about on the unit sphere: in metres a
    freshly initialised SAIE is a plain average.
    """
    target = montage_by_id(TARGET)
    return BundleConfig(
        name=name,
        family="samba",
        version=__version__,
        licence=licence,
        training_data=training_data,
        target=target,
        coordinates=unit_sphere(target),
        preprocessing=PREPROCESSING,
        window_s=WINDOW_S,
        any_montage=True,
        saie_initialisation="local",
        fill="line",
    )


def new_network(config: BundleConfig, seed: int) -> BundleNetwork:
    """Initialise the network of a configuration.

    The decoder's last layer starts at zero: the first reconstruction is the straight line itself.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = BundleNetwork(config, seed=seed)
    if config.fill == "line":
        torch.nn.init.zeros_(network.net.onput_embedding.weight)
        torch.nn.init.zeros_(network.net.onput_embedding.bias)  # type: ignore[arg-type]
    return network


def unit_sphere(montage: Montage) -> np.ndarray:
    """Affine (4, 4) from head-frame metres that puts a montage about on the unit sphere.

    The sphere is fitted by linear least squares: |p|² = 2 c·p + (r² − |c|²).
    """
    p = montage.positions_m
    solution, *_ = np.linalg.lstsq(
        np.column_stack([2 * p, np.ones(len(p))]), np.square(p).sum(axis=1), rcond=None
    )
    centre = solution[:3]
    radius = float(np.sqrt(solution[3] + centre @ centre))
    affine = np.eye(4)
    affine[:3, :3] /= radius
    affine[:3, 3] = -centre / radius
    return affine.round(9)
