"""Everything that is said of one recording under several montages, as a table and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig
from samba_gui.core.electrode_regions import LOBES, SIDES
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.core.saie import (
    NULL_NETWORKS,
    SaieParameters,
    effective_electrodes,
    relative_to_uniform,
)
from samba_gui.engine.comparison import Agreement, Figure, Outcome, Variant, agreement, quality_figures
from samba_gui.scene.comparison_picture import LETTERS, Seen
from samba_gui.scene.lobes import LobeSum, lobe_sums, regions
from samba_gui.scene.saie_field import null_of, weights_of
from samba_gui.scene.saie_maps import MapDistance, MontageOnSphere, map_distance

CAPTION = (
    "Heads: share of SAIE weight per area of scalp, 1 = evenly spread; a property of bundle and montage, not "
    "of the recording. Quality and classes: the same windows of one recording, each montage with its own "
    "average reference. Brackets: 95 % of {n} untrained networks for maps, of medians over windows drawn "
    "again for quality."
)


@dataclass(frozen=True, eq=False)
class Column:
    """What is known of one montage.

    Parameters
    ----------
    seen : Seen
    coverage : float
        Share of the recording's EEG channels that are used, 0 … 1.
    effective : float
        exp(entropy) of the weights: electrodes that count.
    lobes : tuple of LobeSum
    quality, quality_shared : mapping of name to Figure
        Over all electrodes, and over those that all montages have; empty without analyses.
    classes : mapping of head to mapping of class to float
        Share of windows, and in which it abstains.
    distance : MapDistance or None
        To the first montage's map; None for the first.
    agreement : mapping of head to Agreement
        With the first montage; empty for the first.
    """

    seen: Seen
    coverage: float
    effective: float
    lobes: tuple[LobeSum, ...]
    quality: dict[str, Figure]
    quality_shared: dict[str, Figure]
    classes: dict[str, dict[str, float]]
    distance: MapDistance | None
    agreement: dict[str, Agreement]


Cell = tuple[float, float, float] | None


@dataclass(frozen=True)
class Line:
    """A row of the table: one (value, low, high) per montage; None where it has none."""

    measure: str
    unit: str
    values: tuple[Cell, ...]

    def in_words(self) -> tuple[str, ...]:
        """The cells for people."""
        return tuple(_cell(value) for value in self.values)


def _cell(value: Cell) -> str:
    if value is None or not np.isfinite(value[0]):
        return "–"
    number, low, high = value
    return f"{number:.3g}" + (f" [{low:.3g} {high:.3g}]" if np.isfinite(low) and np.isfinite(high) else "")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Columns, the first of which the others are compared with."""

    columns: tuple[Column, ...]
    shared_electrodes: int

    def lines(self) -> list[Line]:
        """The table, row by row."""
        columns = self.columns

        def plain(measure: str, unit: str, values: list[float]) -> Line:
            return Line(measure, unit, tuple((value, np.nan, np.nan) for value in values))

        lines = [
            plain("electrodes", "", [len(column.seen.montage) for column in columns]),
            plain("coverage", "share of EEG channels", [column.coverage for column in columns]),
            plain("effective electrodes", "", [column.effective for column in columns]),
            Line(
                "map distance to A",
                "log2, untrained 95 %",
                tuple((d.log2, d.low, d.high) if (d := column.distance) else None for column in columns),
            ),
            Line(
                "scalp shared with A",
                "share",
                tuple(
                    (d.shared_area, np.nan, np.nan) if (d := column.distance) else None for column in columns
                ),
            ),
        ]
        for title, unit, found in (
            ("", "all electrodes", [column.quality for column in columns]),
            (" (shared)", f"{self.shared_electrodes} electrodes", [c.quality_shared for c in columns]),
        ):
            if title and not self.shared_electrodes:
                continue
            for name in found[0]:
                cells: tuple[Cell, ...] = tuple((f[name].median, f[name].low, f[name].high) for f in found)
                lines.append(Line(f"{name}{title}", f"median, {unit}", cells))
        for head in columns[0].classes:
            for name in columns[0].classes[head]:
                shares = [column.classes[head][name] for column in columns]
                lines.append(plain(f"{head}: {name}", "share of windows", shares))
            agreed = [column.agreement.get(head) for column in columns]
            for measure, unit, slot in (
                ("same class as A", "share of windows", "same_class"),
                ("probability change", "total variation to A", "difference"),
                ("windows compared", "", "windows"),
            ):
                cells = tuple((float(getattr(a, slot)), np.nan, np.nan) if a else None for a in agreed)
                lines.append(Line(f"{head}: {measure}", unit, cells))
        return lines + self._lobe_lines()

    def _lobe_lines(self) -> list[Line]:
        lines = []
        for place in ((lobe, side) for lobe in LOBES for side in SIDES):
            found = [
                next((s for s in column.lobes if (s.lobe, s.side) == place), None) for column in self.columns
            ]
            if any(found):
                cells = tuple((s.share, s.low, s.high) if s else None for s in found)
                lines.append(Line(f"weight {' '.join(place)}", "share, untrained 95 %", cells))
        return lines

    def figures(self) -> list[list[str]]:
        """The few rows that stand in the picture, the head first."""
        letters = list(LETTERS[: len(self.columns)])
        wanted = ("electrodes", "coverage", "effective electrodes", "map distance to A")
        rows = [["", *letters]]
        for line in self.lines():
            measure = line.measure.partition(": ")[2]
            quality = line.measure in self.columns[0].quality or line.measure.endswith("(shared)")
            if line.measure in wanted or quality or measure in ("same class as A", "probability change"):
                # intervals of medians fill the table in the file; here they would make the letters tiny
                bare = replace(line, values=tuple(v and (v[0], np.nan, np.nan) for v in line.values))
                rows.append([line.measure, *(bare if quality else line).in_words()])
        return rows

    def answers(self) -> list[str]:
        """What every montage but the first would cost, a sentence each; empty without analyses."""
        first, *others = self.columns
        if not first.quality_shared:
            return []
        before = first.quality_shared["skill"].median
        sentences = []
        for letter, column in zip(LETTERS[1:], others, strict=False):
            skill = column.quality_shared["skill"]
            electrodes = (
                f"{len(column.seen.montage)} electrodes: on the {self.shared_electrodes} that all have"
            )
            heads = "".join(
                f"; {head}: the same class as A in {found.same_class:.0%} of {found.windows} windows"
                for head, found in column.agreement.items()
                if found.windows
            )
            interval = f"[{skill.low:.2f} {skill.high:.2f}]"
            sentences.append(
                f"{letter}, {electrodes}, skill {skill.median:.2f} {interval}, with A {before:.2f}{heads}."
            )
        return [*sentences, "Agreement with A is not agreement with the truth."]

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """Columns and rows for a file: value, low and high of every montage."""
        names = [f"{letter} {c.seen.name}" for letter, c in zip(LETTERS, self.columns, strict=False)]
        head = ["measure", "unit", *(f"{name}{end}" for name in names for end in ("", " low", " high"))]
        blank = (None, None, None)
        rows = [
            [line.measure, line.unit, *(number for value in line.values for number in value or blank)]
            for line in self.lines()
        ]
        return head, rows

    def to_json(self) -> list[dict[str, Any]]:
        """Plain data, one object per montage."""
        return [
            {
                "letter": letter,
                "montage": column.seen.name,
                "electrodes": list(column.seen.montage.labels),
                "montage_key": column.seen.montage.key,
                "coverage": column.coverage,
                "effective_electrodes": column.effective,
                "lobes": [_slots(entry) for entry in column.lobes],
                "map_distance": _slots(column.distance) if column.distance else None,
                "quality": {name: _slots(figure) for name, figure in column.quality.items()},
                "quality_shared": {name: _slots(figure) for name, figure in column.quality_shared.items()},
                "class_fractions": column.classes,
                "agreement": {head: _slots(found) for head, found in column.agreement.items()},
            }
            for letter, column in zip(LETTERS, self.columns, strict=False)
        ]


def _slots(entry: Any) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


def compare(
    config: BundleConfig,
    parameters: SaieParameters,
    info: RecordingInfo,
    variants: Sequence[Variant],
    outcomes: Sequence[Outcome] = (),
) -> Comparison:
    """Put montages of one recording side by side.

    Parameters
    ----------
    config : BundleConfig
    parameters : SaieParameters
        The trained ones.
    info : RecordingInfo
    variants : sequence of Variant
        Two to four; the first is what the others are compared with.
    outcomes : sequence of Outcome
        Their analyses, in the same order; without them quality and classes stay empty.
    """
    recorded = [{info.channels[i].label for i in variant.match.channel_indices} for variant in variants]
    shared = tuple(sorted(set.intersection(*recorded)))
    first = MontageOnSphere(variants[0].match.montage)
    columns = []
    for number, variant in enumerate(variants):
        montage = variant.match.montage
        outcome = outcomes[number] if outcomes else None
        on_sphere = MontageOnSphere(montage) if number else first
        weights = weights_of(config, parameters, montage)
        columns.append(
            Column(
                Seen(variant.name, montage, on_sphere),
                len(montage) / max(len(info.indices(ChannelKind.EEG)), 1),
                effective_electrodes(weights),
                lobe_sums(relative_to_uniform(weights), regions(montage), null_of(config, montage)),
                quality_figures(outcome.results) if outcome else {},
                quality_figures(outcome.results, shared) if outcome and shared else {},
                outcome.summary.facts["class_fractions"] if outcome else {},
                map_distance(config, parameters, first, on_sphere) if number else None,
                agreement(outcomes[0].results, outcome.results) if outcome and number else {},
            )
        )
    return Comparison(tuple(columns), len(shared))


def comparison_provenance(config: BundleConfig, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What a comparison can be made again from; no names of files or patients."""
    first = outcomes[0].results.provenance
    return {
        "program": f"samba-gui {__version__}",
        "notice": RESEARCH_USE_ONLY,
        "what": "one recording under several montages",
        "bundle": f"{config.name} {config.version}",
        "bundle_key": config.key,
        "recording_sha256": first["recording_sha256"],
        "recording_simulated": first["recording_simulated"],
        "seed": first["seed"],
        "device": first["device"],
        "null_networks": NULL_NETWORKS,
        "limits": [-1.0, 1.0],
        "unit": "log2 of weight per area relative to even",
        "montages": [
            {
                "name": outcome.variant.name,
                "montage_key": outcome.variant.match.montage.key,
                "recipe_key": outcome.results.provenance["recipe_key"],
            }
            for outcome in outcomes
        ],
    }
