"""What lies on the bench, prepared without Qt: montages, their heads, what the coordinate doctor sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.montage import Montage
from samba_gui.core.recording import RecordingInfo
from samba_gui.core.saie import SaieParameters
from samba_gui.core.words import NOTHING, Text
from samba_gui.engine.comparison import Outcome, Variant, variants_of
from samba_gui.io.coordinate_doctor import examine
from samba_gui.io.coordinate_findings import Finding, Severity
from samba_gui.io.montages import shipped_montages
from samba_gui.scene.comparison import Comparison, compare
from samba_gui.scene.comparison_picture import LETTERS, difference, ratios_to_first
from samba_gui.scene.head_field import HeadField
from samba_gui.scene.saie_field import weights_of
from samba_gui.scene.saie_maps import density_field
from samba_gui.scene.topography import Topography

_MOST_LETTERS = 26


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for.

    Parameters
    ----------
    montages : tuple of str
        As :func:`samba_gui.engine.comparison.variant_of` reads them, or names that are given.
    drop : str
        Electrodes of the first without which it is one more montage.
    flat : bool
        Heads from above.
    """

    montages: tuple[str, ...] = ()
    drop: str = ""
    flat: bool = False


@dataclass(frozen=True, eq=False)
class Shown:
    """A montage as two heads: its map, and the same relative to the first montage's.

    Parameters
    ----------
    heads : tuple of two
        HeadGeometry (3-D) or Topography (from above), for the two fields.
    fields : tuple of HeadField
    """

    heads: tuple[Any, Any]
    fields: tuple[HeadField, HeadField]


@dataclass(frozen=True, eq=False)
class Bench:
    """Everything on the bench.

    Parameters
    ----------
    variants : tuple of Variant
    comparison : Comparison
    shown : tuple of Shown
    findings : mapping of int to Finding
        By place, what the coordinate doctor would mend first.
    outcomes : tuple of Outcome
        Analyses, once they are made.
    """

    variants: tuple[Variant, ...]
    comparison: Comparison
    shown: tuple[Shown, ...]
    findings: dict[int, Finding] = field(default_factory=dict)
    outcomes: tuple[Outcome, ...] = ()


def lay_out(
    config: BundleConfig,
    parameters: SaieParameters,
    info: RecordingInfo,
    wanted: Wanted,
    bads: frozenset[str] = frozenset(),
    given: Mapping[str, Montage] | None = None,
) -> Bench:
    """Prepare montages for the bench; takes up to two seconds, so a thread calls it.

    Raises
    ------
    SambaError
        One of them is no montage of this recording.
    """
    drops = [wanted.drop] if wanted.drop.strip() else []
    variants = tuple(variants_of(info, wanted.montages, drops, bads, given))
    found = compare(config, parameters, info, variants)
    seen = [column.seen for column in found.columns]
    densities = [one.on_sphere.density(weights_of(config, parameters, one.montage)) for one in seen]
    fields = [
        density_field(
            density,
            one.montage,
            Text("{letter}  {montage}", letter=letter, montage=_short(one.name)),
            NOTHING,
        )
        for letter, one, density in zip(LETTERS, seen, densities, strict=False)
    ]
    heads = [_head(one.montage, wanted.flat) for one in seen]
    shown = [Shown((heads[0], heads[0]), (fields[0], fields[0]))]
    for ratio in ratios_to_first(seen, densities):
        i = ratio.index
        surface = difference(heads[0].interpolate, fields[0].values, heads[i].interpolate, fields[i].values)
        base = heads[seen.index(ratio.seen)]
        other = Topography(ratio.seen.montage, surface) if wanted.flat else replace(base, interpolate=surface)
        shown.append(Shown((heads[i], other), (fields[i], ratio.field)))
    return Bench(variants, found, tuple(shown), _findings(variants))


def _short(name: str) -> str:
    """What fits over a head."""
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1].rstrip()}…"


def _head(montage: Montage, flat: bool) -> Any:
    if flat:
        return Topography(montage)
    from samba_gui.scene.head_geometry import prepare_head

    return prepare_head(montage)


def _findings(variants: Sequence[Variant]) -> dict[int, Finding]:
    shipped = {montage.name for montage in shipped_montages()}
    found = {}
    for place, variant in enumerate(variants):
        if variant.match.montage.name not in shipped:
            warnings = (f for f in examine(variant.match.montage) if f.severity == Severity.WARNING)
            if (first := next(warnings, None)) is not None:
                found[place] = first
    return found
