"""The map of a results file's windows, for ``samba-gui figure --results`` and ``export --what map``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from samba_gui.core.errors import ResultsError

if TYPE_CHECKING:
    from samba_gui.io.results import StoredResults
    from samba_gui.scene.map_figure import WindowPlaces
    from samba_gui.scene.window_colours import Colouring

FIGURES = ("nrmse", "skill", "correlation")


def projection_argument(parser: argparse.ArgumentParser) -> None:
    """``--projection pca|tsne``."""
    parser.add_argument(
        "--projection", choices=("pca", "tsne"), default="pca", help="of the map; t-SNE needs scikit-learn"
    )


def places_of(results: StoredResults, projection: str) -> WindowPlaces:
    """Place the windows as the program's map does.

    Raises
    ------
    ResultsError
        The file holds no features, too few windows, or t-SNE cannot be computed.
    """
    import numpy as np

    from samba_gui.engine.projection import LEAST_WINDOWS, Mark, marks, principal_components
    from samba_gui.engine.tsne import tsne
    from samba_gui.scene.map_figure import WindowPlaces

    start, batch = results.start, results.batch
    if not start.features:
        raise ResultsError(
            "The results come from a version that did not keep what the map is drawn from.",
            "Analyse the recording again.",
        )
    plan = start.plan.first(batch.count)
    found = marks(plan, batch.abstained)
    analysed = np.ones(batch.count, bool)
    components = principal_components(batch.features, analysed, found == Mark.NONE, start.recipe.seed)
    if components is None or components.scores.shape[1] < 2:
        raise ResultsError(
            "A map needs {least} or more windows that differ.",
            "Analyse a longer recording.",
            least=LEAST_WINDOWS,
        )
    places = tsne(components.scores, start.recipe.seed) if projection == "tsne" else None
    return WindowPlaces(
        plan, components, places, found, results.provenance.get("recording_simulated") == "yes"
    )


def colouring_of(results: StoredResults, colour: str) -> Colouring:
    """Colour by ``"time"``, a figure of quality, the name of a head, or ``"class"`` for the first head.

    Raises
    ------
    ResultsError
        There is no such head.
    """
    import numpy as np

    from samba_gui.scene.colours import THEMES
    from samba_gui.scene.window_colours import Scale, by_class, by_time

    start, batch = results.start, results.batch
    if colour == "time":
        return by_time(start.plan.first(batch.count))
    if colour in FIGURES:
        figures = getattr(batch.sums.over(1, 3), colour)()
        known = np.isfinite(figures).any(axis=1)
        values = np.full(len(figures), np.nan)
        values[known] = np.nanmedian(figures[known], axis=1)
        limits = (0.0, 1.5) if colour == "nrmse" else (-1.0, 1.0)
        kind = "sequential" if colour == "nrmse" else "diverging"
        return Scale(f"{colour}, median of channels", "", values, limits, kind)
    if colour == "class" and start.heads:
        colour = next(iter(start.heads))
    if colour in start.heads:
        colours = THEMES["light"].names
        return by_class(colour, start.heads[colour], batch.probabilities[colour], colours)
    names = ", ".join(("time", *FIGURES, *start.heads, *(("class",) if start.heads else ())))
    raise ResultsError(
        "The map cannot be coloured by {colour!r}.", "Choose one of {names}.", colour=colour, names=names
    )
