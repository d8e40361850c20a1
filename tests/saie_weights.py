"""A small bundle with a history of epochs, for pictures; made here, trained nowhere."""

from __future__ import annotations

import numpy as np

from samba_gui.core.bundle import BundleConfig, Preprocessing, SaieHistory
from samba_gui.core.montage import Montage
from samba_gui.core.saie import INITIALISATIONS, SaieParameters
from samba_gui.io.montages import montage_by_id

EPOCHS = (0, 5, 20, 100)


def bundle(initialisation: str = "local") -> BundleConfig:
    """Targets of the 10-10 system; coordinates in head radii, or in metres for the "default" one."""
    coordinates = np.eye(4)
    if initialisation == "local":
        coordinates[:3, :3] /= 0.095
    return BundleConfig(
        name="test-bundle",
        family="samba",
        version="1",
        licence="CC0",
        training_data="none",
        target=montage_by_id("10-10_64"),
        coordinates=coordinates,
        preprocessing=Preprocessing(128.0, 0.5, 45.0),
        window_s=10.0,
        any_montage=True,
        saie_initialisation=initialisation,
        key="0123456789abcdef",
    )


def history(initialisation: str = "local") -> SaieHistory:
    """From one random network to another, which prefers one side of the head."""
    first = INITIALISATIONS[initialisation](np.random.default_rng(1))
    other = INITIALISATIONS["default"](np.random.default_rng(2))
    shares = np.linspace(0, 1, len(EPOCHS))
    return SaieHistory(EPOCHS, tuple(_between(first, other, share) for share in shares))


def _between(a: SaieParameters, b: SaieParameters, share: float) -> SaieParameters:
    return SaieParameters(
        a.w1 + share * (3 * b.w1 - a.w1), a.b1 + share * (b.b1 - a.b1), a.w2 + share * (3 * b.w2 - a.w2)
    )


def ten_twenty() -> Montage:
    """19 electrodes."""
    return montage_by_id("10-20_19")


def bipolar() -> Montage:
    """16 bipolar derivations."""
    return montage_by_id("tuab_16_bipolar")
