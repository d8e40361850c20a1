"""A bundle whose network was never trained: the control, and what tests run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from samba_gui.core.bundle import BundleConfig, HeadConfig, SaieHistory
from samba_gui.core.saie import local_parameters
from samba_gui.io.bundles import write_bundle
from samba_gui.training.design import new_config, new_network

EPOCHS = (1, 2, 5)


def write_untrained_bundle(folder: str | Path, seed: int = 0) -> BundleConfig:
    """Write an untrained bundle with one random, uncalibrated head.

    Parameters
    ----------
    folder : path
    seed : int
        Of the weights; the "history" holds three other random initialisations.
    """
    head = HeadConfig("random", "Untrained", ("class A", "class B"), False, "nothing: random weights")
    config = replace(new_config(f"untrained (seed {seed})", "none"), heads=(head,))
    network = new_network(config, seed)
    rng = np.random.default_rng(seed)
    earlier = [local_parameters(rng) for _ in EPOCHS[:-1]]
    history = SaieHistory(EPOCHS, (*earlier, network.net.saie.parameters_numpy()))
    card = f"# {config.name}\n\nRandom weights. Whatever it shows is not physiology.\n"
    return write_bundle(folder, config, network.model_bytes(), history, card)
