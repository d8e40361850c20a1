"""A comparison as files: a table, the same as JSON, and a picture from which it can be opened again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from samba_gui import RESEARCH_USE_ONLY, __version__
from samba_gui.core.bundle import BundleConfig
from samba_gui.core.results import TRAINED_HERE
from samba_gui.core.saie import NULL_NETWORKS, SaieParameters
from samba_gui.engine.comparison import Outcome
from samba_gui.io.pictures import png_writer
from samba_gui.io.tables import table_writers
from samba_gui.io.whole_files import write_together
from samba_gui.scene.comparison import Comparison
from samba_gui.scene.comparison_picture import draw_comparison

CAPTION = (
    "Heads: share of SAIE weight per area of scalp, 1 = evenly spread; a property of bundle and montage, not "
    "of the recording. Quality and classes: the same windows of one recording, each montage with its own "
    "average reference. Brackets: 95 % of {n} untrained networks for maps, of medians over windows drawn "
    "again for quality."
)


def write_comparison(
    stem: Path,
    config: BundleConfig,
    parameters: SaieParameters,
    found: Comparison,
    outcomes: Sequence[Outcome],
    view: str = "3d",
) -> dict[str, Any]:
    """Write ``<stem>.csv``, ``<stem>.json`` and ``<stem>.png``; their provenance comes back.

    Parameters
    ----------
    stem : Path
    config : BundleConfig
    parameters : SaieParameters
        The trained ones.
    found : Comparison
    outcomes : sequence of Outcome
        What it was made from.
    view : {"3d", "2d"}
        3-D needs OpenGL.

    Raises
    ------
    ExportError
        The files cannot be written; those that were there stay.
    """
    provenance = comparison_provenance(config, outcomes)
    head, rows = found.table()
    simulated = " Simulated recording." if provenance["recording_simulated"] == "yes" else ""
    picture = draw_comparison(
        config,
        parameters,
        [column.seen for column in found.columns],
        found.figures(),
        f"{CAPTION.format(n=NULL_NETWORKS)} Bundle {config.name} ({config.key[:8]}).{simulated} "
        f"{provenance['notice']}.",
        view=view,
    )
    table = table_writers(_ending(stem, ".csv"), head, rows, provenance, montages=found.to_json())
    write_together({**table, _ending(stem, ".png"): png_writer(picture, provenance | {"view": view})})
    return provenance


def _ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


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
        **({TRAINED_HERE: first[TRAINED_HERE]} if TRAINED_HERE in first else {}),
        "seed": first["seed"],
        "device": first["device"],
        "null_networks": NULL_NETWORKS,
        "limits": [-1.0, 1.0],
        "unit": "log2 of weight per area relative to even",
        "montages": [
            {
                "name": outcome.variant.name,
                "montage_key": outcome.variant.match.montage.key,
                "electrodes": outcome.variant.match.montage.rows(),
                "recipe_key": outcome.results.provenance["recipe_key"],
            }
            for outcome in outcomes
        ],
    }
