"""Figures of the quality strip: one row each, with fixed colour limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from samba_gui.core.quality import QualitySums


@dataclass(frozen=True)
class Metric:
    """One figure.

    Parameters
    ----------
    title : str
    meaning : str
        One sentence.
    low, high : float
        Colour limits: the same for every recording.
    colours : str
        Name of a colour map, safe for colour-blind eyes.
    unit : str
    figure : callable
        From sums (…, channels, bins or none) and scale in µV to values of the same shape.
    reference : float
        Value at which a thin line is drawn.
    low_is_bad : bool
    """

    title: str
    meaning: str
    low: float
    high: float
    colours: str
    unit: str
    figure: Callable[[QualitySums, np.ndarray], np.ndarray]
    reference: float
    low_is_bad: bool = False


METRICS: dict[str, Metric] = {
    "nrmse": Metric(
        "Error (NRMSE)",
        "Root mean square error over the signal's standard deviation; 1 = no better than its mean.",
        0.0,
        1.5,
        "cividis",
        "",
        lambda sums, _: sums.nrmse(),
        1.0,
    ),
    "skill": Metric(
        "Skill",
        "1 − MSE / MSE of a straight line across the gap; 0 = no better than the line, 1 = perfect.",
        -1.0,
        1.0,
        "CET-CBD1",
        "",
        lambda sums, _: sums.skill(),
        0.0,
        low_is_bad=True,
    ),
    "correlation": Metric(
        "Correlation",
        "Pearson correlation of the original and the reconstruction.",
        -1.0,
        1.0,
        "CET-CBD1",
        "",
        lambda sums, _: sums.correlation(),
        0.0,
        low_is_bad=True,
    ),
    "error_uv": Metric(
        "Error (µV)",
        "Root mean square error in µV: large where the amplitude is large.",
        0.0,
        50.0,
        "cividis",
        "µV",
        lambda sums, scale_uv: sums.rmse() * scale_uv,
        0.0,
    ),
}

HONEST = (
    "All channels are masked at the same instants: error measures temporal unpredictability and amplitude, "
    "not disagreement with neighbours."
)
