"""Everything that is said of one recording under several montages, as a table and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from samba_gui.core.bundle import BundleConfig
from samba_gui.core.electrode_regions import LOBES, SIDES
from samba_gui.core.recording import ChannelKind, RecordingInfo
from samba_gui.core.saie import (
    SaieParameters,
    effective_electrodes,
    relative_to_uniform,
)
from samba_gui.core.words import NOTHING, Text, joined, wording
from samba_gui.engine.comparison import (
    Agreement,
    Figure,
    Outcome,
    Variant,
    agreement,
    quality_figures,
    skill_gained,
)
from samba_gui.scene.comparison_picture import LETTERS, Seen
from samba_gui.scene.lobes import LobeSum, lobe_sums, regions
from samba_gui.scene.saie_field import null_of, weights_of
from samba_gui.scene.saie_maps import MapDistance, MontageOnSphere, map_distance


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
    skill_gained : Figure or None
        Skill with this montage less that with the first, on shared electrodes; None for the first.
    cap : int
        Electrodes of the cap that it stands for; 0 where it stands for none.
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
    skill_gained: Figure | None = None
    cap: int = 0


Cell = tuple[float, float, float] | None


@dataclass(frozen=True)
class Line:
    """A row of the table: one (value, low, high) per montage; None where it has none."""

    measure: Text
    unit: Text
    values: tuple[Cell, ...]

    def in_words(self) -> tuple[str, ...]:
        """The cells for people."""
        return tuple(_cell(value) for value in self.values)


def _cell(value: Cell) -> str:
    if value is None or not np.isfinite(value[0]):
        return "–"
    number, low, high = value
    texts = [f"{round(value, 6):.3g}" for value in (number, low, high)]  # what rounding leaves is no figure
    return texts[0] + (f" [{texts[1]} {texts[2]}]" if np.isfinite(low) and np.isfinite(high) else "")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Columns, the first of which the others are compared with.

    Parameters
    ----------
    columns : tuple of Column
    shared_electrodes : int
        That all of them have.
    titles : mapping of head to str
        What it tells apart, in words.
    """

    columns: tuple[Column, ...]
    shared_electrodes: int
    titles: dict[str, str]

    def names(self) -> list[str]:
        """Letter and name of each montage."""
        return [f"{letter} {c.seen.name}" for letter, c in zip(LETTERS, self.columns, strict=False)]

    def lines(self) -> list[Line]:
        """The table, row by row."""
        columns, shared = self.columns, self.shared_electrodes

        def plain(measure: Text, unit: Text, values: list[float]) -> Line:
            return Line(measure, unit, tuple((value, np.nan, np.nan) for value in values))

        lines = [
            plain(Text("electrodes"), NOTHING, [len(column.seen.montage) for column in columns]),
            plain(Text("coverage"), Text("share of EEG channels"), [column.coverage for column in columns]),
            plain(Text("effective electrodes"), NOTHING, [column.effective for column in columns]),
            Line(
                Text("map distance to A"),
                Text("log2, untrained 95 %"),
                tuple((d.log2, d.low, d.high) if (d := column.distance) else None for column in columns),
            ),
            Line(
                Text("scalp shared with A"),
                Text("share"),
                tuple(
                    (d.shared_area, np.nan, np.nan) if (d := column.distance) else None for column in columns
                ),
            ),
        ]
        for title, unit, found in (
            ("{figure}", Text("all electrodes"), [column.quality for column in columns]),
            (
                wording("{figure} (shared)"),
                Text("{n} electrodes", n=shared),
                [c.quality_shared for c in columns],
            ),
        ):
            if title != "{figure}" and not shared:
                continue
            for name in found[0]:
                cells: tuple[Cell, ...] = tuple((f[name].median, f[name].low, f[name].high) for f in found)
                lines.append(Line(Text(title, figure=name), Text("median, {of}", of=unit), cells))
        if columns[0].quality_shared:
            gained = (column.skill_gained for column in columns)
            cells = tuple((f.median, f.low, f.high) if f else None for f in gained)
            lines.append(Line(Text("skill less A's (shared)"), Text("median over windows"), cells))
        for head in columns[0].classes:
            for name in columns[0].classes[head]:
                shares = [column.classes[head][name] for column in columns]
                measure = Text("{head}: {measure}", head=head, measure=name)
                lines.append(plain(measure, Text("share of windows"), shares))
            agreed = [column.agreement.get(head) for column in columns]
            for measure, unit, slot in (
                (Text("same class as A"), Text("share of windows"), "same_class"),
                (Text("probability change"), Text("total variation to A"), "difference"),
                (Text("windows compared"), NOTHING, "windows"),
            ):
                cells = tuple(_with_interval(a, slot) if a else None for a in agreed)
                lines.append(Line(Text("{head}: {measure}", head=head, measure=measure), unit, cells))
        return lines + self._lobe_lines()

    def _lobe_lines(self) -> list[Line]:
        lines = []
        for place in ((lobe, side) for lobe in LOBES for side in SIDES):
            found = [
                next((s for s in column.lobes if (s.lobe, s.side) == place), None) for column in self.columns
            ]
            if any(found):
                cells = tuple((s.share, s.low, s.high) if s else None for s in found)
                lobe, side = (Text(word) for word in place)
                measure = Text("weight {lobe} {side}", lobe=lobe, side=side)
                lines.append(Line(measure, Text("share, untrained 95 %"), cells))
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

    def answers(self) -> list[Text]:
        """What every montage but the first would cost, a sentence or two each; empty without analyses."""
        first, *others = self.columns
        if not first.quality_shared:
            return []
        before, shared = first.quality_shared["skill"].median, self.shared_electrodes
        sentences = []
        for letter, column in zip(LETTERS[1:], others, strict=False):
            skill, gained = column.quality_shared["skill"], column.skill_gained
            assert gained is not None
            heads = [
                Text(
                    "{head}: the same class as A in {same:.0f} % [{low:.0f} {high:.0f}] of {n} windows.",
                    head=self.titles.get(head, head),
                    same=100 * found.same_class,
                    low=100 * found.same_class_low,
                    high=100 * found.same_class_high,
                    n=found.windows,
                )
                for head, found in column.agreement.items()
                if found.windows
            ]
            silent = [
                Text("{head}: abstains in all windows.", head=self.titles.get(head, head))
                for head, shares in column.classes.items()
                if shares["abstained"] == 1.0
            ]
            n = len(column.seen.montage)
            electrodes = Text(
                "{n} of the cap's {cap} electrodes" if column.cap > n else "{n} electrodes",
                n=n,
                cap=column.cap,
            )
            words = Text(
                "{letter}, {electrodes}: on the {shared} that all have, skill {skill:.2f} [{low:.2f} "
                "{high:.2f}], with A {before:.2f}; window by window {gained:+.3f} [{gained_low:+.3f} "
                "{gained_high:+.3f}]: {verdict}.",
                letter=letter,
                electrodes=electrodes,
                shared=shared,
                skill=skill.median,
                low=skill.low,
                high=skill.high,
                before=before,
                gained=gained.median,
                gained_low=gained.low,
                gained_high=gained.high,
                verdict=_in_comparison(gained),
            )
            sentences.append(joined((words, *heads, *silent), " "))
        return [*sentences, Text("Agreement with A is not agreement with the truth.")]

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """Columns and rows for a file: value, low and high of every montage."""
        ends = ("", " low", " high")
        head = ["measure", "unit", *(f"{name}{end}" for name in self.names() for end in ends)]
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
                "skill_gained": _slots(column.skill_gained) if column.skill_gained else None,
                "agreement": {head: _slots(found) for head, found in column.agreement.items()},
            }
            for letter, column in zip(LETTERS, self.columns, strict=False)
        ]


def _with_interval(found: Agreement, slot: str) -> Cell:
    low, high = (getattr(found, f"{slot}_{end}", np.nan) for end in ("low", "high"))
    return float(getattr(found, slot)), low, high


def _in_comparison(gained: Figure) -> Text:
    """Better, worse or as well, as far as the interval tells."""
    if gained.high < 0:
        return Text("worse than A")
    return Text("better than A" if gained.low > 0 else "no different from A")


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
                skill_gained(outcomes[0].results, outcome.results, shared)
                if outcome and number and shared
                else None,
                variant.cap,
            )
        )
    return Comparison(tuple(columns), len(shared), {head.name: head.title for head in config.heads})
