"""SAIE weights of different montages made comparable: weight per area, on one common surface.

The softmax shares its mass among neighbours, so that dense regions look weak electrode by electrode. Here
each electrode's share of weight is divided by the share of scalp it stands for; 1 is a weight spread evenly
over the covered scalp, however many electrodes lie there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.montage import Montage
from samba_gui.core.saie import INITIALISATIONS, NULL_NETWORKS, NULL_SEED, SaieParameters
from samba_gui.core.words import Text, wording
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.interpolation import HEAD_CENTRE_M, directions_from_centre, spline_operator, visibility
from samba_gui.scene.saie_field import RELATIVE_TICKS, range_in_words, weights_of

_POINTS = 4000
_RADIUS_M = 0.095
_LEAST_DENSITY = 1e-6
_NEIGHBOURS = 3
_REACH = 0.6  # in spacings: a disc of that radius has about the area of a lattice's cell


def _even_points() -> np.ndarray:
    """Points (n, 3) that share a sphere of a head's size in equal areas (a Fibonacci lattice)."""
    index = np.arange(_POINTS) + 0.5
    z = 1 - 2 * index / _POINTS
    angle = np.pi * (1 + np.sqrt(5)) * index
    across = np.sqrt(1 - z * z)
    return HEAD_CENTRE_M + _RADIUS_M * np.column_stack([across * np.cos(angle), across * np.sin(angle), z])


def _areas(electrodes_m: np.ndarray, points_m: np.ndarray) -> np.ndarray:
    """Points (areas) that lie nearest to each electrode (n,), not farther away than its neighbours suggest.

    Without that limit an electrode at the rim would stand for everything below the cap.
    """
    between_m = np.linalg.norm(electrodes_m[:, None] - electrodes_m[None], axis=2)
    spacing_m = np.sort(between_m, axis=1)[:, 1 : 1 + _NEIGHBOURS].mean(axis=1)
    distance_m = np.linalg.norm(points_m[:, None] - electrodes_m[None], axis=2)
    nearest = np.argmin(distance_m, axis=1)
    inside = distance_m[np.arange(len(points_m)), nearest] < _REACH * spacing_m[nearest]
    areas = np.bincount(nearest[inside], minlength=len(electrodes_m))
    return np.maximum(areas, 1.0)  # electrodes nearer to each other than the lattice is fine


class MontageOnSphere:
    """A montage laid on the common sphere.

    Parameters
    ----------
    montage : Montage

    Attributes
    ----------
    area_shares : ndarray (n,)
        Share of the covered scalp that each electrode stands for; their sum is 1.
    trusted : ndarray (points,)
        1 near electrodes, 0 beyond 46 mm.
    """

    def __init__(self, montage: Montage) -> None:
        points = _even_points()
        self.montage = montage
        electrodes_m = HEAD_CENTRE_M + _RADIUS_M * directions_from_centre(montage.positions_m)
        self.trusted = visibility(electrodes_m, points).astype(np.float64)
        self._electrodes_m, self._operator = electrodes_m, spline_operator(electrodes_m, points)
        areas = _areas(electrodes_m, points)
        self.area_shares = areas / areas.sum()

    def density(self, weights: np.ndarray) -> np.ndarray:
        """log2 of weight per area relative to uniform, at the electrodes (n,); ``weights`` (targets, n)."""
        return np.log2(np.maximum(weights.mean(axis=0) / self.area_shares, _LEAST_DENSITY))

    def at(self, positions_m: np.ndarray, density: np.ndarray) -> np.ndarray:
        """Values at electrodes (n,) to other positions (m, 3)."""
        values = spline_operator(self._electrodes_m, positions_m) @ density
        return np.clip(values, density.min(), density.max())

    def spread(self, density: np.ndarray) -> np.ndarray:
        """Values at electrodes (n,) to the common points, never beyond the electrodes' own range."""
        return np.clip(self._operator @ density, density.min(), density.max())


def density_field(density: np.ndarray, montage: Montage, title: Text, caption: Text) -> HeadField:
    """Describe log2 weight per area at electrodes (n,), on the fixed limits half … double."""
    bar_label = Text("weight per area, 1 = even")
    return _log2_field(
        density, montage, title, caption, bar_label, wording("weight per area {factor:.3g} × even")
    )


def ratio_field(ratio: np.ndarray, montage: Montage, title: Text, caption: Text) -> HeadField:
    """Describe the log2 ratio of two maps at electrodes (n,), on the same limits."""
    bar_label = Text("ratio of weights per area")
    return _log2_field(
        ratio, montage, title, caption, bar_label, wording("{factor:.3g} times the weight per area")
    )


def _log2_field(
    values: np.ndarray, montage: Montage, title: Text, caption: Text, bar_label: Text, tip: str
) -> HeadField:
    factor = 2.0**values
    return HeadField(
        title=title,
        labels=montage.labels,
        values=values,
        limits=(-1.0, 1.0),
        ticks=RELATIVE_TICKS,
        bar_label=bar_label,
        range_text=range_in_words(factor),
        tips=tuple(Text(tip, factor=value) for value in factor),
        caption=caption,
    )


@dataclass(frozen=True)
class MapDistance:
    """How far two montages' maps are apart.

    Parameters
    ----------
    log2 : float
        Root mean square over the scalp both cover of the difference of log2 weight per area; 1 = on average
        a factor of 2.
    low, high : float
        Between them lie 95 % of untrained networks seen through the same two montages.
    shared_area : float
        Scalp that both cover over scalp that either covers, 0 … 1.
    """

    log2: float
    low: float
    high: float
    shared_area: float

    @property
    def in_words(self) -> str:
        """Below, within or above what untrained networks give."""
        if self.log2 < self.low:
            return "nearer than untrained networks"
        return "farther than untrained networks" if self.log2 > self.high else "as untrained networks"


def map_distance(
    config: BundleConfig,
    parameters: SaieParameters,
    one: MontageOnSphere,
    other: MontageOnSphere,
    n_networks: int = NULL_NETWORKS,
    seed: int = NULL_SEED,
) -> MapDistance:
    """Compare the maps of one SAIE on two montages, and those of untrained SAIEs on the same two.

    Parameters
    ----------
    config : BundleConfig
    parameters : SaieParameters
    one, other : MontageOnSphere
    n_networks, seed : int
        Of the null band.
    """
    trusted = np.minimum(one.trusted, other.trusted)
    either = np.maximum(one.trusted, other.trusted)
    area, pair = trusted.sum(), (one, other)

    def distance(parameters: SaieParameters) -> float:
        if not area:
            return np.nan
        a, b = (side.spread(side.density(weights_of(config, parameters, side.montage))) for side in pair)
        return float(np.sqrt(trusted @ (a - b) ** 2 / area))

    rng = np.random.default_rng(seed)
    draw = INITIALISATIONS[config.saie_initialisation]
    null = [distance(draw(rng)) for _ in range(n_networks)]
    low, high = np.quantile(null, [0.025, 0.975])
    return MapDistance(distance(parameters), float(low), float(high), float(area / either.sum()))
