"""The map of an analysis' windows for print, and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from samba_gui import RESEARCH_USE_ONLY
from samba_gui.core.windows import WindowPlan
from samba_gui.engine.projection import Components, Mark
from samba_gui.scene.colours import THEMES, UNKNOWN_RGB, lookup_table
from samba_gui.scene.figure_file import MM_PER_INCH, MM_PER_POINT, POINTS, figure_file
from samba_gui.scene.lettering import font, wrapped
from samba_gui.scene.window_colours import SHAPES, Colouring, Groups, Scale

MARKERS = dict(zip(SHAPES, "os^DP", strict=True))
MARK_NAMES = {Mark.NONE: None, Mark.SHORT: "short", Mark.ARTEFACT: "flat or amplitude out of range"}
_SMALL = 0.85 * POINTS


@dataclass(frozen=True, eq=False)
class WindowPlaces:
    """Windows in the plane.

    Parameters
    ----------
    plan : WindowPlan
    components : Components
    tsne : ndarray (n, 2) or None
        Drawn instead of the first two components.
    marks : ndarray (windows,) uint8
        Of all windows of the plan.
    simulated : bool
        Whether the recording says that it is.
    """

    plan: WindowPlan
    components: Components
    tsne: np.ndarray | None
    marks: np.ndarray
    simulated: bool = False

    @property
    def axes(self) -> tuple[str, str]:
        """Titles of the axes."""
        if self.tsne is not None:
            return "t-SNE 1 (no unit)", "t-SNE 2 (no unit)"
        first, second = 100 * self.components.variance[:2]
        return f"PC 1 ({first:.1f} % of variance)", f"PC 2 ({second:.1f} %)"

    @property
    def caption(self) -> str:
        """What may be read from it."""
        found = self.components
        low, high = found.order_by_chance
        method = "Principal components."
        if self.tsne is not None:
            method = "t-SNE: distances have no unit, noise forms clumps, too."
        of = " of a simulated recording" if self.simulated else ""
        return (
            f"{len(found.windows)} windows{of}. {method} Axes belong to this recording and have no "
            f"physiological meaning. Neighbours in time: {found.order:.2f} of the squared distance of any "
            f"two windows (shuffled {low:.2f} to {high:.2f}). {RESEARCH_USE_ONLY}."
        )


def map_table(places: WindowPlaces) -> tuple[list[str], Iterator[list[Any]]]:
    """One row per window on the map: where it lies, along principal components and in t-SNE."""
    components, plan = places.components, places.plan
    shown = min(components.scores.shape[1], 10)
    columns = ["window", "onset_s", "duration_s", "mark", *(f"pc{i + 1}" for i in range(shown))]
    if places.tsne is not None:
        columns += ["tsne1", "tsne2"]

    def rows() -> Iterator[list[Any]]:
        for i, index in enumerate(components.windows.tolist()):
            window = plan.windows[index]
            row = [index, window.onset_s, window.n / plan.rate_hz, MARK_NAMES[Mark(int(places.marks[index]))]]
            row += [float(f"{value:.6g}") for value in components.scores[i, :shown].tolist()]
            if places.tsne is not None:
                row += [float(f"{value:.6g}") for value in places.tsne[i].tolist()]
            yield row

    return columns, rows()


def write_map_figure(
    path: str | Path,
    places: WindowPlaces,
    colouring: Colouring,
    provenance: dict[str, Any],
    *,
    width_mm: float = 85.0,
    dpi: int = 600,
) -> None:
    """Write the map with its legend and caption.

    Parameters
    ----------
    path : path-like
        Ends in ``.png``, ``.svg`` or ``.pdf``.
    places : WindowPlaces
    colouring : Scale or Groups
        Of all windows of the plan.
    provenance : dict
        Written into the file.
    width_mm : float
    dpi : int

    Raises
    ------
    ExportError
        Another extension, an impossible size, or the file cannot be written.
    """
    facts = provenance | map_provenance(places, colouring) | {"width_mm": width_mm, "dpi": dpi}
    with figure_file(path, facts, width_mm, dpi) as figure:
        _compose(figure, places, colouring, width_mm)


def map_provenance(places: WindowPlaces, colouring: Colouring | None = None) -> dict[str, Any]:
    """What a map can be made again from, besides its results file."""
    facts: dict[str, Any] = {
        "what": "map of the windows",
        "projection": "pca" if places.tsne is None else "tsne",
        "windows": len(places.components.windows),
        "windows_fitted": int(places.components.fitted.sum()),
        "variance_shares": [float(f"{share:.6g}") for share in places.components.variance[:10].tolist()],
    }
    return facts if colouring is None else facts | {"coloured_by": colouring.title}


def _compose(figure: Any, places: WindowPlaces, colouring: Colouring, width_mm: float) -> None:
    edge_mm, left_mm, line_mm = 1.5, 5.0, 1.25 * _SMALL * MM_PER_POINT
    side_mm = width_mm - left_mm - 2 * edge_mm
    caption = wrapped(places.caption, font(100), 100 * (width_mm - 2 * edge_mm) / (_SMALL * MM_PER_POINT))
    entries = _entries(places, colouring)
    names_mm = 1.15 * line_mm * -(-len(entries) // 2)
    legend_mm = names_mm + (8.5 if isinstance(colouring, Scale) else 0.0)
    foot_mm = edge_mm + line_mm * len(caption) + 2.0
    map_mm = 0.86 * side_mm
    height_mm = foot_mm + legend_mm + 6.0 + map_mm + edge_mm
    figure.set_size_inches(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)

    def box(left: float, bottom: float, width: float, height: float) -> list[float]:
        return [left / width_mm, bottom / height_mm, width / width_mm, height / height_mm]

    faint = tuple(level / 255 for level in THEMES["light"].faint)
    axes = figure.add_axes(box(edge_mm + left_mm, foot_mm + legend_mm + 6.0, side_mm, map_mm))
    _draw_points(axes, places, colouring)
    if isinstance(colouring, Scale):
        bar = figure.add_axes(box(edge_mm + left_mm, foot_mm + legend_mm - 4.5, side_mm, 2.0))
        _draw_bar(bar, colouring)
    if entries:
        holder = figure.add_axes(box(edge_mm + left_mm, foot_mm, side_mm, names_mm))
        holder.axis("off")
        handles = [axes.scatter([], [], s=9, linewidths=0.5, **style) for style, _ in entries]
        holder.legend(
            handles,
            [text for _, text in entries],
            ncols=2,
            loc="center left",
            frameon=False,
            fontsize=_SMALL,
            borderpad=0,
            borderaxespad=0,
            handletextpad=0.3,
            labelspacing=0.25,
        )
    figure.text(
        edge_mm / width_mm,
        edge_mm / height_mm,
        "\n".join(caption),
        size=_SMALL,
        color=faint,
        va="bottom",
        linespacing=1.25,
    )


def _entries(places: WindowPlaces, colouring: Colouring) -> list[tuple[dict[str, Any], str]]:
    """How each group is drawn, and its name with the number of its windows."""
    found: list[tuple[dict[str, Any], str]] = []
    windows = places.components.windows
    if isinstance(colouring, Groups):
        codes = colouring.codes[windows]
        for i, name in enumerate(colouring.names):
            style = {"marker": MARKERS[SHAPES[i]], "c": colouring.own_colours[i]}
            found.append((style, f"{name} ({int((codes == i).sum())})"))
        if (codes < 0).any():
            grey = tuple(level / 255 for level in UNKNOWN_RGB)
            found.append(({"marker": "o", "color": grey}, f"{colouring.no_name} ({int((codes < 0).sum())})"))
    hollow: dict[str, Any] = {"marker": "o", "facecolors": "none", "edgecolors": "black"}
    for mark, words in MARK_NAMES.items():
        if words and (n := int((places.marks[windows] == mark).sum())):
            found.append((hollow, f"{words} ({n})"))
    return found


def _draw_points(axes: Any, places: WindowPlaces, colouring: Colouring) -> None:
    components = places.components
    points = components.scores[:, :2] if places.tsne is None else places.tsne
    colours = colouring.colours()[components.windows] / 255
    shapes, hollow = colouring.shapes()[components.windows], places.marks[components.windows] > 0
    size = 10.0 if len(points) <= 300 else 5.0 if len(points) <= 3000 else 2.0
    # pixels even in vector files: twenty thousand markers would make them unusable
    options = {"s": size, "linewidths": 0.4, "rasterized": len(points) > 3000}
    for shape in range(len(SHAPES)):
        for outlined in (False, True):
            here = (shapes == shape) & (hollow == outlined)
            if here.any():
                axes.scatter(
                    *points[here].T,
                    marker=MARKERS[SHAPES[shape]],
                    facecolors="none" if outlined else colours[here],
                    edgecolors=colours[here] if outlined else "#00000060",
                    **options,
                )
    axes.set_aspect("equal", adjustable="datalim")
    axes.set_xticks([])
    axes.set_yticks([])
    across, up = places.axes
    axes.set_xlabel(across, labelpad=3)
    axes.set_ylabel(up, labelpad=3)
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)


def _draw_bar(axes: Any, scale: Scale) -> None:
    low, high = scale.limits
    table = lookup_table(scale.colour_map)[None] / 255
    axes.imshow(table, aspect="auto", extent=(low, high, 0, 1), interpolation="nearest")
    axes.set_yticks([])
    axes.tick_params(length=1.5, width=0.5, pad=1.5, labelsize=_SMALL)
    unit = f" ({scale.unit})" if scale.unit else ""
    axes.set_title(f"{scale.title}{unit}", size=_SMALL, pad=4, loc="left")
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
    if scale.range is not None:  # a bracket along the true range of the values
        left, right = np.clip(scale.range, low, high).tolist()
        axes.plot([left, left, right, right], [1.1, 1.5, 1.5, 1.1], color="black", lw=0.6, clip_on=False)
        axes.set_xlim(low, high)
        axes.set_ylim(0, 1)
