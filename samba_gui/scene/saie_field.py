"""SAIE weights as fields of a head: values, limits and words.

They depend on bundle and montage only. The default quantity is relative to uniform, on fixed
limits: an untrained network scaled to its own minimum and maximum fills any map with colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.errors import BundleError
from samba_gui.core.montage import Montage
from samba_gui.core.saie import (
    INITIALISATIONS,
    NULL_NETWORKS,
    SaieParameters,
    effective_electrodes,
    effective_inputs,
    null_band,
    null_distribution,
    relative_to_uniform,
    saie_weights,
)
from samba_gui.core.words import NOTHING, Text, joined, wording
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


def null_of(
    config: BundleConfig,
    montage: Montage,
    quantity: Quantity = Quantity.RELATIVE,
    target: str = "",
    n_networks: int = NULL_NETWORKS,
) -> np.ndarray:
    """What untrained networks of a bundle's kind give, (networks, channels or, for EFFECTIVE, targets).

    Parameters
    ----------
    config : BundleConfig
    montage : Montage
    quantity : Quantity
    target : str
        For ``Quantity.TARGET``; empty for the first.
    n_networks : int
    """
    aims = config.target.positions_m
    if quantity == Quantity.TARGET:
        aims = aims[[target_row(config, target)]]
    return null_distribution(
        config.saie_initialisation,
        config.to_network(aims),
        config.to_network(montage.positions_m),
        effective_inputs if quantity == Quantity.EFFECTIVE else relative_to_uniform,
        n_networks,
    )


def target_row(config: BundleConfig, target: str) -> int:
    """Row of a target electrode in W; the first for an empty name.

    Raises
    ------
    BundleError
        The bundle has no such target electrode.
    """
    if not target:
        return 0
    if target not in config.target.labels:
        raise BundleError(
            "Bundle {bundle} has no target electrode {name}.",
            "Choose one of its {n} targets, e.g. {example}.",
            bundle=config.name,
            name=target,
            n=len(config.target),
            example=config.target.labels[0],
        )
    return config.target.labels.index(target)


def shown_montage(config: BundleConfig, montage: Montage, quantity: Quantity) -> Montage:
    """Whose electrodes a quantity's values belong to: the targets of ``EFFECTIVE``, else the inputs."""
    return config.target if quantity == Quantity.EFFECTIVE else montage


def saie_caption(config: BundleConfig, montage: Montage, untrained: bool = False) -> Text:
    """The sentence that stands beside every map of SAIE weights."""
    key = f" ({config.key[:8]})" if config.key else ""
    if untrained:
        what = wording(
            "Control: an untrained network of the kind of bundle {bundle}, montage {montage}, not of this "
            "recording."
        )
    else:
        what = wording("A property of bundle {bundle} and montage {montage}, not of this recording.")
    return Text(what, bundle=f"{config.name}{key}", montage=montage.name)


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

    Parameters
    ----------
    config : BundleConfig
    parameters : SaieParameters
    montage : Montage
        The input electrodes.
    quantity : Quantity
        One that does not depend on a recording.
    epoch : int or None
    target : str
        The target electrode, for ``Quantity.TARGET``; empty for the first.
    null : ndarray (networks, n), optional
        From :func:`null_of`; gives rings and percentiles.

    Returns
    -------
    HeadField
        Of the channels of :func:`shown_montage`.

    Raises
    ------
    BundleError
        The bundle has no such target electrode.
    """
    weights = weights_of(config, parameters, montage)
    title = Text("Untrained network") if epoch is None else Text("Epoch {n}", n=epoch)
    caption = saie_caption(config, montage, untrained=epoch is None)
    if quantity == Quantity.PAPER:
        return paper_field(weights, montage, title=title, caption=caption)
    if quantity == Quantity.EFFECTIVE:
        what = Text("How many inputs each target electrode draws on, exp(entropy) of its weights.")
        caption = joined((what, caption), " ")
        return effective_field(weights, config.target, title=title, caption=caption, null=null)
    if quantity == Quantity.TARGET:
        row = target_row(config, target)
        name, at_m = config.target.labels[row], config.target.positions_m[row]
        return replace(
            relative_field(
                weights[row : row + 1],
                montage,
                title=Text("{title} → {name}", title=title, name=name),
                caption=joined(
                    (Text("Weights of the inputs for target {name} (the cross).", name=name), caption), " "
                ),
                null=null,
            ),
            limits=(-3.0, 3.0),
            ticks=TARGET_TICKS,
            target_m=at_m,
        )
    return relative_field(weights, montage, title=title, caption=caption, null=null)


def relative_field(
    weights: np.ndarray,
    montage: Montage,
    *,
    title: Text = NOTHING,
    caption: Text = NOTHING,
    null: np.ndarray | None = None,
) -> HeadField:
    """Mean weights over targets relative to uniform, on the fixed limits half … double.

    Parameters
    ----------
    weights : ndarray (targets, n)
        From :func:`weights_of`.
    montage : Montage
        Of n channels.
    title, caption : Text
    null : ndarray (networks, n), optional
        The same under untrained networks; gives rings and percentiles.
    """
    relative, mean = relative_to_uniform(weights), weights.mean(axis=0)
    tips = [
        Text("weight {weight:.3g}, {ratio:.3g} × uniform", weight=weight, ratio=ratio)
        for weight, ratio in zip(mean, relative, strict=True)
    ]
    outside, places = _among_untrained(relative, null)
    return HeadField(
        title=title,
        labels=montage.labels,
        values=np.log2(np.maximum(relative, 1e-12)),
        limits=(-1.0, 1.0),
        ticks=RELATIVE_TICKS,
        bar_label=Text("weight relative to uniform"),
        range_text=range_in_words(relative),
        tips=tuple(joined(both, "\n") for both in zip(tips, places, strict=True)),
        caption=caption,
        summary=_summary(weights, relative, montage.labels),
        outside=outside,
    )


def effective_field(
    weights: np.ndarray,
    targets: Montage,
    *,
    title: Text = NOTHING,
    caption: Text = NOTHING,
    null: np.ndarray | None = None,
) -> HeadField:
    """Effective number of inputs of each target, on a log scale from 1 to the number of inputs.

    Parameters
    ----------
    weights : ndarray (n, inputs)
    targets : Montage
        Of n electrodes.
    title, caption : Text
    null : ndarray (networks, n), optional
        The same under untrained networks.
    """
    values, most = effective_inputs(weights), weights.shape[1]
    outside, places = _among_untrained(values, null)
    least, largest = int(np.argmin(values)), int(np.argmax(values))
    powers = [2.0**step for step in range(int(np.log2(most)) + 1)]
    return HeadField(
        title=title,
        labels=targets.labels,
        values=np.log2(values),
        limits=(0.0, float(np.log2(most))),
        ticks=tuple((float(np.log2(power)), f"{power:g}") for power in powers),
        bar_label=Text("effective inputs of {n}", n=most),
        range_text=range_in_words(values),
        tips=tuple(
            joined((Text("{value:.3g} of {n} inputs", value=value, n=most), place), "\n")
            for value, place in zip(values, places, strict=True)
        ),
        caption=caption,
        summary=Text(
            "min {low:.3g} ({least}) · median {median:.3g} · max {high:.3g} ({largest}) of {n} inputs",
            low=values[least],
            least=targets.labels[least],
            median=np.median(values),
            high=values[largest],
            largest=targets.labels[largest],
            n=most,
        ),
        colour_map="sequential",
        outside=outside,
    )


def paper_field(
    weights: np.ndarray, montage: Montage, *, title: Text = NOTHING, caption: Text = NOTHING
) -> HeadField:
    """The look of the paper's figures: the mean over targets scaled to its own minimum and maximum."""
    mean = weights.mean(axis=0)
    low, high = float(mean.min()), float(mean.max())
    spread = high - low
    return HeadField(
        title=title,
        labels=montage.labels,
        values=(mean - low) / spread if spread > 0 else np.full(len(mean), 0.5),
        limits=(0.0, 1.0),
        ticks=UNIT_TICKS,
        bar_label=Text("Normalized Spatial Weights"),
        range_text=Text("0 = {low:.4g}, 1 = {high:.4g}", low=low, high=high),
        tips=tuple(
            Text("weight {weight:.3g}, {ratio:.3g} × uniform", weight=value, ratio=len(mean) * value)
            for value in mean
        ),
        caption=caption,
        summary=_summary(weights, relative_to_uniform(weights), montage.labels),
        plain=True,
    )


def _among_untrained(values: np.ndarray, null: np.ndarray | None) -> tuple[np.ndarray, list[Text]]:
    """Which values (n,) lie outside the band of untrained networks, and their places in words."""
    if null is None:
        return np.zeros(len(values), dtype=bool), [NOTHING] * len(values)
    low, high = null_band(null)
    outside = (values < low) | (values > high)
    rank = np.round(100 * (null < values).mean(axis=0))
    return outside, [
        Text(
            "percentile {percent:.0f} of untrained networks (outside their 95 % band)"
            if out
            else "percentile {percent:.0f} of untrained networks (within their 95 % band)",
            percent=percent,
        )
        for percent, out in zip(rank, outside, strict=True)
    ]


def range_in_words(values: np.ndarray) -> Text:
    """Least and largest value."""
    return Text("{low:.3g} … {high:.3g}", low=values.min(), high=values.max())


def _summary(weights: np.ndarray, relative: np.ndarray, labels: Sequence[str]) -> Text:
    least, most = int(np.argmin(relative)), int(np.argmax(relative))
    return Text(
        "min {low:.3g} × ({least}) · max {high:.3g} × ({most}) · effective electrodes {effective:.1f} of {n}",
        low=relative[least],
        least=labels[least],
        high=relative[most],
        most=labels[most],
        effective=effective_electrodes(weights),
        n=len(labels),
    )
