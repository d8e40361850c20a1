"""SAIE weights as fields of a head: values, limits and words.

They depend on bundle and montage only. The default quantity is relative to uniform, on fixed
limits: an untrained network scaled to its own minimum and maximum fills any map with colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import BundleError
from samba_gui.core.montage import Montage
from samba_gui.core.saie import (
    INITIALISATIONS,
    SaieParameters,
    effective_electrodes,
    null_band,
    relative_to_uniform,
    saie_weights,
)
from samba_gui.scene.head_field import HeadField, Quantity

UNTRAINED_SEED = 3407
RELATIVE_TICKS = ((-1.0, "½"), (-0.5, "0.71"), (0.0, "1"), (0.5, "1.41"), (1.0, "2"))
TARGET_TICKS = ((-3.0, "⅛"), (-2.0, "¼"), (-1.0, "½"), (0.0, "1"), (1.0, "2"), (2.0, "4"), (3.0, "8"))
UNIT_TICKS = tuple((step / 5, f"{step / 5:.1f}") for step in range(6))


def weights_of(config: BundleConfig, parameters: SaieParameters, montage: Montage) -> np.ndarray:
    """W (targets, channels) of a bundle's SAIE for a montage; rows sum to 1."""
    return saie_weights(
        parameters, config.to_network(config.target.positions_m), config.to_network(montage.positions_m)
    )


def untrained_parameters(config: BundleConfig) -> SaieParameters:
    """One network as it was before training, always the same."""
    return INITIALISATIONS[config.saie_initialisation](np.random.default_rng(UNTRAINED_SEED))


def saie_caption(config: BundleConfig, montage: Montage, untrained: bool = False) -> str:
    """The sentence that stands beside every map of SAIE weights."""
    key = f" ({config.key[:8]})" if config.key else ""
    what = (
        f"Control: an untrained network of the kind of bundle {config.name}{key}, montage {montage.name}"
        if untrained
        else f"A property of bundle {config.name}{key} and montage {montage.name}"
    )
    return f"{what}, not of this recording."


def saie_field(
    weights: np.ndarray,
    montage: Montage,
    quantity: Quantity = Quantity.RELATIVE,
    *,
    title: str = "",
    caption: str = "",
    target: tuple[int, str] | None = None,
    null: np.ndarray | None = None,
) -> HeadField:
    """Describe SAIE weights.

    Parameters
    ----------
    weights : ndarray (targets, n)
        From :func:`weights_of`.
    montage : Montage
        Of n channels.
    quantity : Quantity
        One that does not depend on a recording.
    title, caption : str
    target : (row, name), optional
        The target electrode, for ``Quantity.TARGET``.
    null : ndarray (networks, n), optional
        Relative weights under untrained networks; gives rings and percentiles to ``Quantity.RELATIVE``.

    Returns
    -------
    HeadField
    """
    if quantity == Quantity.PAPER:
        return _paper(weights, montage, title, caption)
    if quantity == Quantity.TARGET:
        row, name = target or (0, "target 1")
        weights, null = weights[row : row + 1], None
        title = f"{title} → {name}" if title else f"→ {name}"
    relative = relative_to_uniform(weights)
    tips = [f"{value:.3g} × uniform" for value in relative]
    outside = np.zeros(len(montage), dtype=bool)
    if null is not None:
        low, high = null_band(null)
        outside = (relative < low) | (relative > high)
        rank = np.round(100 * (null < relative).mean(axis=0))
        place = ("within", "outside")
        tips = [
            f"{tip}, percentile {percent:.0f} of untrained networks ({place[out]} their 95 % band)"
            for tip, percent, out in zip(tips, rank, outside.astype(int), strict=True)
        ]
    is_row = quantity == Quantity.TARGET
    return HeadField(
        title=title,
        labels=montage.labels,
        values=np.log2(np.maximum(relative, 1e-12)),
        limits=(-3.0, 3.0) if is_row else (-1.0, 1.0),
        ticks=TARGET_TICKS if is_row else RELATIVE_TICKS,
        bar_label="weight relative to uniform",
        range_text=f"{relative.min():.3g} … {relative.max():.3g}",
        tips=tuple(tips),
        caption=caption,
        summary=_summary(weights, relative, montage.labels),
        outside=outside,
    )


def _summary(weights: np.ndarray, relative: np.ndarray, labels: Sequence[str]) -> str:
    least, most = int(np.argmin(relative)), int(np.argmax(relative))
    return (
        f"min {relative[least]:.3g} × ({labels[least]}) · max {relative[most]:.3g} × ({labels[most]}) · "
        f"effective electrodes {effective_electrodes(weights):.1f} of {len(labels)}"
    )


def _paper(weights: np.ndarray, montage: Montage, title: str, caption: str) -> HeadField:
    """The look of the paper's figures: each map scaled to its own minimum and maximum."""
    mean = weights.mean(axis=0)
    low, high = float(mean.min()), float(mean.max())
    spread = high - low
    return HeadField(
        title=title,
        labels=montage.labels,
        values=(mean - low) / spread if spread > 0 else np.full(len(mean), 0.5),
        limits=(0.0, 1.0),
        ticks=UNIT_TICKS,
        bar_label="Normalized Spatial Weights",
        range_text=f"0 = {low:.4g}, 1 = {high:.4g}",
        tips=tuple(f"weight {value:.4g} ({len(mean) * value:.3g} × uniform)" for value in mean),
        caption=caption,
        summary=_summary(weights, relative_to_uniform(weights), montage.labels),
        plain=True,
    )


def epoch_field(
    config: BundleConfig,
    parameters: SaieParameters,
    montage: Montage,
    quantity: Quantity,
    *,
    epoch: int | None,
    target: str = "",
    null: np.ndarray | None = None,
) -> HeadField:
    """SAIE weights of a bundle at one epoch, or of the untrained control where ``epoch`` is None.

    Raises
    ------
    BundleError
        The bundle has no such target electrode.
    """
    row = None
    if quantity == Quantity.TARGET:
        name = target or config.target.labels[0]
        if name not in config.target.labels:
            raise BundleError(
                "Bundle {bundle} has no target electrode {name}.",
                "Choose one of its {n} targets, e.g. {example}.",
                bundle=config.name,
                name=name,
                n=len(config.target),
                example=config.target.labels[0],
            )
        row = (config.target.labels.index(name), name)
    return saie_field(
        weights_of(config, parameters, montage),
        montage,
        quantity,
        title="Untrained network" if epoch is None else f"Epoch {epoch}",
        caption=saie_caption(config, montage, untrained=epoch is None),
        target=row,
        null=null,
    )
